using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Platform.Embedded;

/// <summary>A file of CloudEvents, one JSON object a line.</summary>
internal sealed class EventFile
{
    /// <summary>Events of one request: what the ingest takes, for a request is admitted whole or not at all.</summary>
    private const int AtATime = 1_000;

    /// <summary>Characters of one request; the ingest takes 4 MiB, and a character may be three bytes.</summary>
    private const int CharactersAtATime = 1_200_000;

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
        var events = Encoding.UTF8.GetString(TextFile.Read(path)).Split('\n')
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
        foreach (var batch in Batches())
        {
            using var content = new StringContent($"[{string.Join(',', batch.Select(each => each.Json))}]", Encoding.UTF8);
            content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/cloudevents-batch+json");
            using var answer = await api.Http.PostAsync(
                new Uri($"v1/campaigns/{campaign}/events", UriKind.Relative), content, cancellation);
            using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancellation));
            if (!answer.IsSuccessStatusCode)
            {
                throw new UserErrorException(Describe(body.RootElement, batch, assets.Count > 0));
            }

            assets.AddRange(body.RootElement.GetProperty("assets").EnumerateArray()
                .Select(asset => asset.GetProperty("assetId").GetGuid()));
        }

        return assets;
    }

    private IEnumerable<IReadOnlyList<(int Line, string Json)>> Batches()
    {
        var batch = new List<(int Line, string Json)>();
        var characters = 0;
        foreach (var each in events)
        {
            if (batch.Count == AtATime || (batch.Count > 0 && characters + each.Json.Length > CharactersAtATime))
            {
                yield return batch;
                batch = [];
                characters = 0;
            }

            batch.Add(each);
            characters += each.Json.Length;
        }

        yield return batch;
    }

    private static void EnsureObject(string path, int line, string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new UserErrorException(
                    $"{path}:{line}: a line must be one event, a JSON object {{ … }}, "
                        + $"and this is {Named(document.RootElement.ValueKind)}.");
            }
        }
        catch (JsonException exception)
        {
            var hint = json is "[" or "{"
                ? " The file seems to be written over several lines: write each event on one line."
                : "";
            throw new UserErrorException($"{path}:{line}: not JSON, at column {exception.BytePositionInLine + 1}.{hint}");
        }
    }

    private static string Named(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Array => "a list; write each event on a line of its own",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        _ => kind.ToString().ToLowerInvariant(),
    };

    private string Describe(JsonElement problem, IReadOnlyList<(int Line, string Json)> batch, bool isLater)
    {
        var text = new StringBuilder(problem.GetProperty("detail").GetString());
        if (isLater)
        {
            text.Append($" This is about line {batch[0].Line} and after; the lines before it were admitted, ")
                .Append("and sending them again does not double them.");
        }

        if (problem.TryGetProperty("errors", out var errors))
        {
            foreach (var error in errors.EnumerateArray())
            {
                text.Append('\n').Append(Place(error.GetProperty("field").GetString()!, batch))
                    .Append(": ").Append(error.GetProperty("message").GetString());
            }
        }

        return text.ToString();
    }

    private string Place(string field, IReadOnlyList<(int Line, string Json)> batch)
    {
        var close = field.IndexOf("].", StringComparison.Ordinal);
        var (index, name) = field.StartsWith('[') && close > 0 && int.TryParse(field[1..close], out var parsed)
            ? (parsed, field[(close + 2)..])
            : (batch.Count == 1 ? 0 : -1, field);
        var place = index < 0 ? path : $"{path}:{batch[index].Line}";
        return name.Length == 0 ? place : $"{place}: {name}";
    }
}
