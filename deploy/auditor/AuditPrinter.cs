using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Platform.Auditor;

/// <summary>Tells an audit: for people as a table, and for machines as one JSON object.</summary>
public static class AuditPrinter
{
    private const int ShownOfAKind = 20;

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string ToText(AuditReport report)
    {
        List<string> text =
        [
            $"Audit of chain {report.ChainId} at block {report.Block}",
            "",
            .. report.Counts.Chunk(4).Select(row => string.Concat(row.Select(count =>
                $"{count.Name,-12}{count.Value.ToString(CultureInfo.InvariantCulture),9}    ")).TrimEnd()),
            "",
        ];
        foreach (var kind in report.Differences.GroupBy(difference => difference.Kind))
        {
            text.AddRange(kind.Take(ShownOfAKind).Select(each => $"✗ {each.Kind,-20}  {Safe(each.Subject)}\n    {Safe(each.Detail)}"));
            if (report.Kinds[kind.Key] > ShownOfAKind)
            {
                text.Add($"  … and {report.Kinds[kind.Key] - ShownOfAKind} more of {kind.Key}; --json tells up to a thousand");
            }
        }

        text.Add(report.Holds
            ? "Nothing differs."
            : $"{report.Kinds.Values.Sum()} differences: {string.Join(", ", report.Kinds.Select(kind => $"{kind.Value} {kind.Key}"))}.");
        return string.Join(Environment.NewLine, text);
    }

    /// <summary>A name in metadata may hold what moves a terminal's cursor.</summary>
    private static string Safe(string text) =>
        string.Concat(text.Select(letter => char.IsControl(letter) ? '\uFFFD' : letter));

    public static string ToJson(AuditReport report) => new JsonObject
    {
        ["holds"] = report.Holds,
        ["chainId"] = report.ChainId,
        ["block"] = report.Block,
        ["counts"] = new JsonObject(report.Counts.Select(count => KeyValuePair.Create(count.Name, (JsonNode?)count.Value))),
        ["kinds"] = new JsonObject(report.Kinds.Select(kind => KeyValuePair.Create(kind.Key, (JsonNode?)kind.Value))),
        ["differences"] = new JsonArray(
        [
            .. report.Differences.Select(each => (JsonNode)new JsonObject
            {
                ["kind"] = each.Kind,
                ["subject"] = each.Subject,
                ["detail"] = each.Detail,
            }),
        ]),
    }.ToJsonString(Plain);
}
