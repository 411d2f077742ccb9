using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Platform.Embedded;

/// <summary>A file of CloudEvents, one JSON object a line.</summary>
internal sealed class EventFile
{
    /// <summary>Events of one request; the ingest takes up to 1,000.</summary>
    private const int AtATime = 250;

    private readonly string path;
    private readonly IReadOnlyList<(int Line, string Json)> events;

    private EventFile(string path, IReadOnlyList<(int Line, string Json)> events)
    {
        this.path = path;
        this.events = events;
    }

    public int Count => events.Count;

    public static EventFile Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new UserErrorException($"There is no file {path}.");
        }

        var events = File.ReadLines(path)
            .Select((json, index) => (Line: index + 1, Json: json.Trim()))
            .Where(each => each.Json.Length > 0)
            .ToList();
        foreach (var (line, json) in events)
        {
            EnsureObject(path, line, json);
        }

        return events.Count > 0
            ? new EventFile(path, events)
            : throw new UserErrorException($"{path} has no events: write one CloudEvent a line.");
    }

    /// <summary>Sends every event; answers the assets they led to, in order.</summary>
    /// <exception cref="UserErrorException">An event is refused: file, line and field.</exception>
    public async Task<IReadOnlyList<Guid>> SendAsync(PlatformApi api, string campaign, CancellationToken cancellation)
    {
        var assets = new List<Guid>(events.Count);
        foreach (var batch in events.Chunk(AtATime))
        {
            using var content = new StringContent($"[{string.Join(',', batch.Select(each => each.Json))}]", Encoding.UTF8);
            content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/cloudevents-batch+json");
            using var answer = await api.Http.PostAsync(
                new Uri($"v1/campaigns/{campaign}/events", UriKind.Relative), content, cancellation);
            using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancellation));
            if (!answer.IsSuccessStatusCode)
            {
                throw new UserErrorException(Describe(body.RootElement, batch));
            }

            assets.AddRange(body.RootElement.GetProperty("assets").EnumerateArray()
                .Select(asset => asset.GetProperty("assetId").GetGuid()));
        }

        return assets;
    }

    private static void EnsureObject(string path, int line, string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new UserErrorException($"{path}:{line}: a line must be one JSON object, and this is {document.RootElement.ValueKind}.");
            }
        }
        catch (JsonException exception)
        {
            throw new UserErrorException($"{path}:{line}: not JSON, at column {exception.BytePositionInLine + 1}.");
        }
    }

    private string Describe(JsonElement problem, (int Line, string Json)[] batch)
    {
        var text = new StringBuilder();
        text.Append(problem.GetProperty("title").GetString()).Append(": ").Append(problem.GetProperty("detail").GetString());
        if (problem.TryGetProperty("errors", out var errors))
        {
            foreach (var error in errors.EnumerateArray())
            {
                var field = error.GetProperty("field").GetString()!;
                var close = field.IndexOf("].", StringComparison.Ordinal);
                var place = field.StartsWith('[') && close > 0 && int.TryParse(field[1..close], out var index)
                    ? $"{path}:{batch[index].Line}: {field[(close + 2)..]}"
                    : $"{path}: {field}";
                text.Append('\n').Append(place).Append(": ").Append(error.GetProperty("message").GetString());
            }
        }

        return text.ToString();
    }
}
