using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Platform.Auditor;

/// <summary>What the ingest answered to one event and variant: the publisher's own proof that it was accepted.</summary>
/// <param name="Event">The event's id, as its publisher gave it.</param>
/// <param name="Variant">Which of the campaign's variants.</param>
/// <param name="AssetId">The asset it led to.</param>
/// <param name="Campaign">To which it was sent; null where the publisher did not note it.</param>
/// <param name="Source">The event's source; null where the publisher did not note it.</param>
public sealed record IngestAnswer(
    string Event, string Variant, Guid AssetId, string? Campaign = null, string? Source = null);

/// <summary>A file of ingest answers: on each line one answer's JSON, or one of the assets in it.</summary>
public static class IngestAnswerFile
{
    /// <exception cref="AuditInputException">There is no such file, or a line of it is no answer.</exception>
    public static async Task<IReadOnlyList<IngestAnswer>> ReadAsync(string path, CancellationToken cancellation)
    {
        if (!File.Exists(path))
        {
            throw new AuditInputException(Directory.Exists(path)
                ? $"{path} is a folder; name a file of ingest answers."
                : $"There is no file {path}.");
        }

        var answers = new List<IngestAnswer>();
        await foreach (var answer in LinesAsync(path, cancellation))
        {
            answers.Add(answer);
        }

        return answers.Count > 0
            ? answers
            : throw new AuditInputException($"{path} has no answers: write one ingest answer a line.");
    }

    private static async IAsyncEnumerable<IngestAnswer> LinesAsync(
        string path, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var number = 0;
        await foreach (var line in File.ReadLinesAsync(path, cancellation))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            foreach (var answer in Parse(path, number, line))
            {
                yield return answer;
            }
        }
    }

    private static List<IngestAnswer> Parse(string path, int number, string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object && root.TryGetProperty("assets", out var assets)
                ? [.. assets.EnumerateArray().Select(asset => Read(asset, root))]
                : [Read(root, root)];
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or FormatException
            or KeyNotFoundException)
        {
            throw new AuditInputException(
                $"{path}:{number}: no ingest answer. A line is what the ingest answered, or one of its assets: "
                + """{"event":"order-1","variant":"default","assetId":"…"}""");
        }
    }

    private static IngestAnswer Read(JsonElement asset, JsonElement answer) => new(
        Text(asset, "event") ?? throw new KeyNotFoundException("event"),
        Text(asset, "variant") ?? throw new KeyNotFoundException("variant"),
        asset.GetProperty("assetId").GetGuid(),
        Text(asset, "campaign") ?? Text(answer, "campaign"),
        Text(asset, "source") ?? Text(answer, "source"));

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? value.GetString() : null;
}
