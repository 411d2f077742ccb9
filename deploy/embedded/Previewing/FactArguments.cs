using System.Globalization;
using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Platform.Grpc.Campaigns;
using FactType = Platform.Grpc.Campaigns.FactDeclaration.Types.Type;

namespace Platform.Embedded;

/// <summary>Facts from the command line, typed as the campaign declares them.</summary>
/// <remarks>The campaigns service judges them again: here it is about what to write instead, with type and range.</remarks>
internal static class FactArguments
{
    /// <param name="arguments">Each <c>name=value</c>.</param>
    /// <param name="json">An object; null for none.</param>
    /// <exception cref="UserErrorException">Each fault, and each missing fact with its type and range.</exception>
    public static Struct Read(CampaignDefinition campaign, IReadOnlyList<string> arguments, string? json)
    {
        var declared = campaign.Facts.DistinctBy(fact => fact.Name).ToDictionary(fact => fact.Name, StringComparer.Ordinal);
        var facts = new Struct();
        var errors = new List<string>();
        ReadJson(json, declared, facts, errors);
        ReadArguments(arguments, declared, facts, errors);

        // A fact that was given wrongly is not missing as well.
        var given = arguments.Select(argument => argument.Split('=')[0]).ToHashSet(StringComparer.Ordinal);
        var missing = declared.Values
            .Where(fact => !fact.Optional && !facts.Fields.ContainsKey(fact.Name) && !given.Contains(fact.Name))
            .ToList();
        if (missing.Count > 0 && !errors.Exists(error => error.StartsWith("--facts:", StringComparison.Ordinal)))
        {
            errors.Add(Missing(campaign, missing));
        }

        return errors.Count == 0 ? facts : throw new UserErrorException(string.Join('\n', errors));
    }

    /// <summary>Such as <c>NUMBER from 0 to 10000</c>.</summary>
    public static string Kind(FactDeclaration fact) => fact.Type switch
    {
        FactType.Number => (fact.HasMinimum, fact.HasMaximum) switch
        {
            (true, true) => string.Create(CultureInfo.InvariantCulture, $"NUMBER from {fact.Minimum} to {fact.Maximum}"),
            (true, false) => string.Create(CultureInfo.InvariantCulture, $"NUMBER from {fact.Minimum}"),
            (false, true) => string.Create(CultureInfo.InvariantCulture, $"NUMBER up to {fact.Maximum}"),
            _ => "NUMBER",
        },
        FactType.Boolean => "BOOLEAN, true or false",
        _ when fact.Values.Count > 0 => $"TEXT, one of {string.Join(", ", fact.Values)}",
        _ => $"TEXT of up to {(fact.MaxLength == 0 ? 80 : fact.MaxLength)} characters",
    };

    private static void ReadJson(
        string? json, Dictionary<string, FactDeclaration> declared, Struct facts, List<string> errors)
    {
        if (json is null)
        {
            return;
        }

        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                errors.Add("""--facts: write one JSON object, such as '{"season":"autumn","cups":38}'.""");
                return;
            }

            foreach (var member in document.RootElement.EnumerateObject())
            {
                Add(member.Name, member.Value.ValueKind switch
                {
                    JsonValueKind.String => Value.ForString(member.Value.GetString()),
                    JsonValueKind.Number => Value.ForNumber(member.Value.GetDouble()),
                    JsonValueKind.True or JsonValueKind.False => Value.ForBool(member.Value.GetBoolean()),
                    _ => Value.ForNull(),
                }, "--facts", declared, facts, errors);
            }
        }
        catch (JsonException exception)
        {
            errors.Add($"--facts: not JSON, at character {exception.BytePositionInLine + 1}; "
                + "put it in single quotes: '{\"season\":\"autumn\"}'.");
        }
    }

    private static void ReadArguments(
        IReadOnlyList<string> arguments, Dictionary<string, FactDeclaration> declared, Struct facts, List<string> errors)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var argument in arguments)
        {
            var equals = argument.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                errors.Add($"--fact {argument}: write name=value.");
                continue;
            }

            var (name, text) = (argument[..equals], argument[(equals + 1)..]);
            if (!seen.Add(name))
            {
                errors.Add($"--fact {name}: is there twice; give each fact once.");
                continue;
            }

            Add(name, Typed(declared.GetValueOrDefault(name), text), "--fact", declared, facts, errors);
        }
    }

    private static Value Typed(FactDeclaration? fact, string text) => fact?.Type switch
    {
        FactType.Number when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number) => Value.ForNumber(number),
        FactType.Boolean when bool.TryParse(text, out var boolean) => Value.ForBool(boolean),
        _ => Value.ForString(text),
    };

    private static void Add(
        string name,
        Value value,
        string option,
        Dictionary<string, FactDeclaration> declared,
        Struct facts,
        List<string> errors)
    {
        if (!declared.TryGetValue(name, out var fact))
        {
            errors.Add($"{option} {name}: " + (
                TextFile.Nearest(name, declared.Keys) is { } near ? $"the campaign declares no such fact; did you mean '{near}'?"
                : declared.Count == 0 ? "the campaign declares no facts."
                : $"the campaign declares no such fact; it has {string.Join(", ", declared.Keys)}."));
        }
        else if (!Fits(fact, value))
        {
            errors.Add($"{option} {name}: must be a {Kind(fact)}.");
            facts.Fields[name] = value; // given, if wrongly
        }
        else
        {
            facts.Fields[name] = value;
        }
    }

    private static bool Fits(FactDeclaration fact, Value value) => (fact.Type, value.KindCase) switch
    {
        (FactType.Number, Value.KindOneofCase.NumberValue) =>
            !(fact.HasMinimum && value.NumberValue < fact.Minimum) && !(fact.HasMaximum && value.NumberValue > fact.Maximum),
        (FactType.Boolean, Value.KindOneofCase.BoolValue) => true,
        (FactType.Text, Value.KindOneofCase.StringValue) =>
            fact.Values.Count == 0 || fact.Values.Contains(value.StringValue.Normalize(System.Text.NormalizationForm.FormKC)),
        _ => false,
    };

    private static string Missing(CampaignDefinition campaign, List<FactDeclaration> missing)
    {
        var width = missing.Max(fact => fact.Name.Length);
        var lines = missing.Select(fact => $"  {fact.Name.PadRight(width)}  {Kind(fact)}");
        var example = string.Join(' ', missing.Select(fact => $"--fact {fact.Name}={Example(fact)}"));
        var count = missing.Count == 1 ? "one fact that is" : $"{missing.Count} facts that are";
        return $"Campaign {Plain.Of(campaign.Name)} needs {count} not given:\n{string.Join('\n', lines)}\nSuch as: {example}";
    }

    private static string Example(FactDeclaration fact) => fact.Type switch
    {
        FactType.Number => (fact.HasMinimum ? fact.Minimum : fact.HasMaximum ? fact.Maximum : 1).ToString(CultureInfo.InvariantCulture),
        FactType.Boolean => "true",
        _ => RunningPlatform.Quoted(fact.Values.FirstOrDefault() ?? "…"),
    };
}
