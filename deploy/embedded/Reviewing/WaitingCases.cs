using System.Text.Encodings.Web;
using System.Text.Json;
using Platform.Grpc.Moderation;
using Spectre.Console;

namespace Platform.Embedded;

/// <summary>One case, and where its picture is.</summary>
internal sealed record WaitingCase(Case Case, string? Image);

/// <summary>What waits for a person, oldest first: for people, and for machines.</summary>
internal sealed record WaitingCases(IReadOnlyList<WaitingCase> Cases, bool IsWhole, DateTimeOffset At)
{
    private const int ShortId = 8;

    /// <summary>Columns where the output is no terminal; a table is not wrapped for a file.</summary>
    private const int Unbounded = 4_000;

    private static readonly JsonSerializerOptions Readable = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public string ToJson() => JsonSerializer.Serialize(
        new
        {
            Whole = IsWhole,
            Waiting = Cases.Select(each => new
            {
                each.Case.AssetId,
                each.Case.Campaign,
                each.Case.Iteration,
                OpenedAt = each.Case.OpenedAt.ToDateTimeOffset(),
                AgeSeconds = (long)Age(each).TotalSeconds,
                each.Case.Reasons,
                each.Case.Policy,
                each.Case.Prompt,
                each.Image,
                Reviewer = each.Case.Reviewer.Length == 0 ? null : each.Case.Reviewer,
                LeasedUntil = each.Case.LeasedUntil?.ToDateTimeOffset(),
            }),
        },
        Readable);

    public string ToText()
    {
        if (Cases.Count == 0)
        {
            return "Nothing waits for a person.";
        }

        var ids = ShortIds();
        var table = new Table().AddColumns("asset", "campaign", "age", "reasons", "prompt").Border(TableBorder.Simple);
        foreach (var (each, id) in Cases.Zip(ids))
        {
            table.AddRow(
                new Text(id),
                new Text(Plain.Of(each.Case.Campaign)),
                new Text(Describe(Age(each))),
                new Text(Plain.Of(string.Join(", ", each.Case.Reasons))),
                new Text(Plain.Of(each.Case.Prompt)));
        }

        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(text), Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors,
        });
        console.Profile.Width = Console.IsOutputRedirected ? Unbounded : Math.Max(60, AnsiConsole.Profile.Width);
        console.Write(table);
        foreach (var (each, id) in Cases.Zip(ids))
        {
            // Outside the table, so that a terminal wraps no path.
            text.WriteLine($"{id}  {each.Image ?? "its picture is not in the content folder"}");
        }

        text.WriteLine();
        text.Write(!IsWhole ? $"The oldest {Cases.Count} of more that wait." : Cases.Count == 1 ? "One waits." : $"{Cases.Count} wait.");
        text.Write($" Decide with: review approve {ids[0]}, or: review reject {ids[0]} --reason <code>");
        return string.Join('\n', text.ToString().Split('\n').Select(line => line.TrimEnd()).SkipWhile(line => line.Length == 0));
    }

    /// <summary>Such as <c>3 min</c>.</summary>
    internal static string Describe(TimeSpan age) => age switch
    {
        { TotalMinutes: < 1 } => $"{Math.Max(0, (int)age.TotalSeconds)} s",
        { TotalHours: < 1 } => $"{(int)age.TotalMinutes} min",
        { TotalDays: < 2 } => $"{(int)age.TotalHours} h",
        _ => $"{(int)age.TotalDays} d",
    };

    private TimeSpan Age(WaitingCase each) => At - each.Case.OpenedAt.ToDateTimeOffset();

    /// <summary>As short as tells them apart: ids are derived from hashes, so eight digits nearly always do.</summary>
    private string[] ShortIds()
    {
        for (var length = ShortId; ; length++)
        {
            var ids = Cases.Select(each => each.Case.AssetId[..Math.Min(length, each.Case.AssetId.Length)]).ToArray();
            if (length >= 36 || ids.Distinct().Count() == ids.Length)
            {
                return ids;
            }
        }
    }
}
