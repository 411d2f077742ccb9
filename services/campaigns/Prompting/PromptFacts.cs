using System.Text.RegularExpressions;
using Platform.Grpc.Campaigns;

namespace Platform.Campaigns;

/// <summary>A declared fact as a template sees it; its place is among the public or among the personal ones.</summary>
internal sealed record PromptFact(string Name, FactKind Kind, bool Personal, bool Optional, int Index)
{
    public string KindName => Kind.ToString().ToLowerInvariant();
}

/// <summary>The facts a template may name.</summary>
internal sealed partial class PromptFacts
{
    private readonly Dictionary<string, PromptFact> byName = new(StringComparer.Ordinal);

    public PromptFacts(IReadOnlyList<FactDeclaration> declared)
    {
        foreach (var fact in declared)
        {
            // Declared twice: the stricter one counts, though the definition's rules refuse both.
            var personal = fact.Personal || (byName.TryGetValue(fact.Name, out var earlier) && earlier.Personal);
            byName[fact.Name] = new PromptFact(fact.Name, KindOf(fact.Type), personal, fact.Optional, 0);
        }

        All = [.. byName.Values.Select(fact => fact with { Index = fact.Personal ? PersonalCount++ : PublicCount++ })];
        foreach (var fact in All)
        {
            byName[fact.Name] = fact;
        }
    }

    public IReadOnlyList<PromptFact> All { get; }

    public int PublicCount { get; private set; }

    public int PersonalCount { get; private set; }

    public PromptFact? Find(string name) => byName.GetValueOrDefault(name);

    public static FactKind KindOf(FactDeclaration.Types.Type type) => type switch
    {
        FactDeclaration.Types.Type.Number => FactKind.Number,
        FactDeclaration.Types.Type.Boolean => FactKind.Boolean,
        _ => FactKind.Text,
    };

    /// <summary>Words with a meaning in every template; a fact or a variable may not take them.</summary>
    public static bool IsReserved(string name) => name is
        "variant" or "now" or "forloop" or "true" or "false" or "nil" or "null" or "empty" or "blank"
        or "and" or "or" or "contains" or "startswith" or "endswith" or "in" or "limit" or "offset" or "reversed";

    [GeneratedRegex(@"^[a-z][a-z0-9_]{0,62}\z")]
    public static partial Regex FactName();

    public static bool IsVariableName(string name) => VariableName().IsMatch(name);

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_]{0,62}\z")]
    private static partial Regex VariableName();
}
