using System.Text.Json.Nodes;

namespace Platform.Embedded;

/// <summary>Tells a verification: for people, and as one JSON object for machines.</summary>
internal static class VerificationPrinter
{
    public static string ToText(Verification verification)
    {
        List<string> text =
        [
            $"Token {verification.Token} on chain {verification.ChainId}, at block {verification.Block}",
            .. verification.Lines.Select(line => $"{Mark(line)} {line.Name,-10}  {Plain.Of(line.Detail)}"),
        ];
        if (verification.Provenance.Count > 0)
        {
            text.Add("");
            text.Add("By its custody record:");
            text.AddRange(verification.Provenance.Select(fact => $"  {fact.Name,-15}  {Plain.Of(fact.Value)}"));
        }

        text.Add("");
        text.Add(Conclude(verification));
        return string.Join(Environment.NewLine, text);
    }

    /// <remarks>What happens more than once, such as a decision, is a list.</remarks>
    public static string ToJson(Verification verification)
    {
        var facts = new JsonObject();
        foreach (var group in verification.Identity.Concat(verification.Provenance).GroupBy(fact => fact.Name))
        {
            facts[group.Key] = group.Key == "decision"
                ? new JsonArray([.. group.Select(fact => (JsonNode?)fact.Value)])
                : group.First().Value;
        }

        return new JsonObject
        {
            ["token"] = verification.Token.ToString(),
            ["holds"] = verification.Holds,
            ["lines"] = new JsonArray(
            [
                .. verification.Lines.Select(line => (JsonNode)new JsonObject
                {
                    ["name"] = line.Name,
                    ["holds"] = line.Holds,
                    ["detail"] = line.Detail,
                }),
            ]),
            ["facts"] = facts,
        }.ToJsonString();
    }

    private static string Mark(Line line) => line.Holds switch
    {
        true => "✓",
        false => "✗",
        null => "–",
    };

    private static string Conclude(Verification verification)
    {
        if (verification.Holds)
        {
            return $"All {verification.Lines.Count} lines hold.";
        }

        var broken = verification.Lines.Where(line => line.Holds == false).Select(line => line.Name).ToList();
        var open = verification.Lines.Count(line => line.Holds is null);
        return $"Does not hold: {(broken.Count == 0 ? "none" : string.Join(", ", broken))}"
            + (open == 0 ? "." : $"; {open} not checked.");
    }
}
