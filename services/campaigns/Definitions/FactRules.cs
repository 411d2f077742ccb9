using System.Text.Json;
using Platform.Grpc.Campaigns;

namespace Platform.Campaigns;

/// <summary>Reads an event's facts as their campaign declares them.</summary>
/// <remarks>Errors name the field and its rule. A value is not repeated, personal or not: errors reach logs.</remarks>
internal static class FactRules
{
    public const int DefaultMaxLength = 80;

    public static (IReadOnlyDictionary<string, FactValue> Values, IReadOnlyList<FieldError> Errors) Read(
        IReadOnlyDictionary<string, JsonElement> facts, IReadOnlyList<FactDeclaration> declared)
    {
        var values = new Dictionary<string, FactValue>(declared.Count, StringComparer.Ordinal);
        List<FieldError>? errors = null;
        var met = 0;
        foreach (var fact in declared)
        {
            if (!facts.TryGetValue(fact.Name, out var element))
            {
                if (!fact.Optional)
                {
                    (errors ??= []).Add(Error(fact.Name, $"must be there: a {KindOf(fact)}."));
                }

                continue;
            }

            met++;
            if (Read(fact, element, out var value) is { } wrong)
            {
                (errors ??= []).Add(Error(fact.Name, wrong));
            }
            else
            {
                values[fact.Name] = value;
            }
        }

        if (met < facts.Count)
        {
            var known = declared.Select(fact => fact.Name).ToHashSet(StringComparer.Ordinal);
            foreach (var name in facts.Keys.Where(name => !known.Contains(name)))
            {
                (errors ??= []).Add(Error(EventRules.Shown(name), "is not declared by the campaign; leave it out."));
            }
        }

        return (values, (IReadOnlyList<FieldError>?)errors ?? []);
    }

    private static string? Read(FactDeclaration fact, in JsonElement element, out FactValue value)
    {
        value = default;
        return fact.Type switch
        {
            FactDeclaration.Types.Type.Number => ReadNumber(fact, element, out value),
            FactDeclaration.Types.Type.Boolean => ReadBoolean(element, out value),
            _ => ReadText(fact, element, out value),
        };
    }

    private static string? ReadBoolean(in JsonElement element, out FactValue value)
    {
        value = FactValue.Of(element.ValueKind == JsonValueKind.True);
        return element.ValueKind is JsonValueKind.True or JsonValueKind.False ? null : "must be true or false.";
    }

    private static string? ReadNumber(FactDeclaration fact, in JsonElement element, out FactValue value)
    {
        value = default;
        if (element.ValueKind != JsonValueKind.Number)
        {
            return "must be a number.";
        }

        if (!element.TryGetDecimal(out var number))
        {
            return "must be a number between -10^28 and 10^28.";
        }

        if (fact.HasMinimum && (double)number < fact.Minimum)
        {
            return $"must be {fact.Minimum} or more.";
        }

        if (fact.HasMaximum && (double)number > fact.Maximum)
        {
            return $"must be {fact.Maximum} or less.";
        }

        value = FactValue.Of(number);
        return null;
    }

    private static string? ReadText(FactDeclaration fact, in JsonElement element, out FactValue value)
    {
        value = default;
        if (element.ValueKind != JsonValueKind.String)
        {
            return "must be a text.";
        }

        if (EventRules.TextOf(element) is not { } text)
        {
            return "must be valid Unicode: it has half of a surrogate pair.";
        }

        var longest = fact.MaxLength == 0 ? DefaultMaxLength : fact.MaxLength;
        if (text.Length > PromptLimits.ValueChars || SafeText.CodePoints(text = SafeText.Clean(text)) > longest)
        {
            return $"may have {longest} characters at most.";
        }

        if (string.IsNullOrWhiteSpace(text))
        {
            return "must have visible characters.";
        }

        if (fact.Values.Count > 0 && !fact.Values.Contains(text))
        {
            return "must be one of the values that the campaign lists.";
        }

        value = FactValue.Of(text);
        return null;
    }

    private static string KindOf(FactDeclaration fact) => fact.Type switch
    {
        FactDeclaration.Types.Type.Number => "number",
        FactDeclaration.Types.Type.Boolean => "boolean",
        _ => "text",
    };

    private static FieldError Error(string name, string rule) => new($"data.facts.{name}", $"The fact '{name}' {rule}");
}
