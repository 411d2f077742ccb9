using System.Text.RegularExpressions;
using Google.Protobuf.Collections;
using Platform.Chain;
using Platform.Grpc.Campaigns;

namespace Platform.Campaigns;

/// <summary>What a campaign's definition must be before a version of it is published.</summary>
internal static partial class DefinitionRules
{
    private const int MaxFacts = 64;
    private const int MaxVariants = 16;

    public static IReadOnlyList<FieldError> Check(CampaignDefinition definition)
    {
        var errors = new List<FieldError>();
        Require(errors, CampaignName().IsMatch(definition.Name), "name",
            "Use 3 to 63 lower-case letters, digits and hyphens; begin and end with a letter or digit.");
        CheckText(errors, "title", definition.Title, 1, 120);
        CheckText(errors, "description", definition.Description, 0, 2_000, lineBreaks: true);
        CheckText(errors, "usageTerms", definition.UsageTerms, 1, 2_000, lineBreaks: true);
        Require(errors, Policy().IsMatch(definition.Policy), "policy", "Name a policy and its version, such as brand-safe@1.");
        Require(errors, Licence().IsMatch(definition.Licence), "licence",
            "Use an SPDX identifier, such as CC-BY-NC-4.0, or LicenseRef- and a name.");
        Require(errors, definition.Budget >= 0, "budget", "Use 0 for no limit, or a number of assets.");
        Require(errors, definition.ExternalUrl.Length == 0 || IsLink(definition.ExternalUrl), "externalUrl",
            "Use an absolute https address of at most 2,048 characters, without a user name.");

        CheckVariants(errors, definition.Variants);
        CheckStyle(errors, definition.Style ?? new Style());
        CheckRoyalty(errors, definition.Royalty);
        CheckCollection(errors, definition.Collection);
        var before = errors.Count;
        CheckFacts(errors, definition.Facts);
        CheckPrompt(errors, definition, factsAreSound: errors.Count == before);
        return errors;
    }

    private static void CheckVariants(List<FieldError> errors, RepeatedField<string> variants)
    {
        Require(errors, variants.Count <= MaxVariants, "variants", $"A campaign may have {MaxVariants} variants.");
        for (var index = 0; index < variants.Count; index++)
        {
            Require(errors, VariantName().IsMatch(variants[index]), $"variants[{index}]",
                "Use 1 to 32 lower-case letters, digits and hyphens; begin with a letter or digit.");
            Require(errors, !variants.Take(index).Contains(variants[index]), $"variants[{index}]",
                "This variant is there already; name each once.");
        }
    }

    private static void CheckStyle(List<FieldError> errors, Style style)
    {
        Require(errors, style.Palette.Count is >= 1 and <= 8, "style.palette", "Give one to eight colours.");
        for (var index = 0; index < Math.Min(style.Palette.Count, 16); index++)
        {
            Require(errors, Colour().IsMatch(style.Palette[index]), $"style.palette[{index}]",
                "Write a colour as #RRGGBB.");
        }

        Require(errors, style.Families.Count <= 32, "style.families", "Name at most 32 families.");
        for (var index = 0; index < Math.Min(style.Families.Count, 32); index++)
        {
            Require(errors, VariantName().IsMatch(style.Families[index]), $"style.families[{index}]",
                "Use a family's name: lower-case letters, digits and hyphens.");
        }

        CheckText(errors, "style.headline", style.Headline, 0, 60);
        CheckText(errors, "style.line", style.Line, 0, 90);
        CheckText(errors, "style.wordmark", style.Wordmark, 0, 30);
        Require(errors, style.Size is 0 or (>= 256 and <= 2048), "style.size", "Use 256 to 2048 pixels, or 0 for 1024.");
    }

    private static void CheckRoyalty(List<FieldError> errors, Royalty? royalty)
    {
        if (royalty is null)
        {
            errors.Add(new FieldError("royalty", "Say who receives royalties and how many basis points."));
            return;
        }

        if (!Address.TryParse(royalty.Receiver, out var receiver, out var problem))
        {
            errors.Add(new FieldError("royalty.receiver", problem!));
        }
        else
        {
            Require(errors, !receiver.IsZero, "royalty.receiver", "The zero address cannot receive royalties; name another.");
        }

        Require(errors, royalty.BasisPoints is >= 0 and <= 10_000, "royalty.basisPoints", "Use 0 to 10,000 basis points.");
    }

    private static void CheckCollection(List<FieldError> errors, Collection? collection)
    {
        if (collection is null)
        {
            errors.Add(new FieldError("collection", "Give the collection's name and symbol."));
            return;
        }

        CheckText(errors, "collection.name", collection.Name, 1, 64);
        CheckText(errors, "collection.symbol", collection.Symbol, 1, 11);
    }

    private static void CheckFacts(List<FieldError> errors, RepeatedField<FactDeclaration> facts)
    {
        Require(errors, facts.Count <= MaxFacts, "facts", $"A campaign may declare {MaxFacts} facts.");
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var index = 0; index < Math.Min(facts.Count, MaxFacts); index++)
        {
            var fact = facts[index];
            var field = $"facts[{index}]";
            Require(errors, PromptFacts.FactName().IsMatch(fact.Name), $"{field}.name",
                "Use 1 to 63 lower-case letters, digits and _; begin with a letter.");
            Require(errors, !PromptFacts.IsReserved(fact.Name), $"{field}.name",
                "This word has a meaning in every template; name the fact otherwise.");
            Require(errors, names.Add(fact.Name), $"{field}.name", "This fact is declared already; declare each once.");
            CheckType(errors, field, fact);
        }
    }

    private static void CheckType(List<FieldError> errors, string field, FactDeclaration fact)
    {
        var isText = fact.Type == FactDeclaration.Types.Type.Text;
        var isNumber = fact.Type == FactDeclaration.Types.Type.Number;
        Require(errors, isText || isNumber || fact.Type == FactDeclaration.Types.Type.Boolean, $"{field}.type",
            "Say TEXT, NUMBER or BOOLEAN.");
        Require(errors, isText || fact.Values.Count == 0, $"{field}.values", "Only a TEXT has a list of values.");
        Require(errors, isText ? fact.MaxLength is >= 0 and <= 200 : fact.MaxLength == 0, $"{field}.maxLength",
            "Only a TEXT has a length: 1 to 200, or 0 for 80.");
        Require(errors, isNumber || !(fact.HasMinimum || fact.HasMaximum), field, "Only a NUMBER has a range.");
        Require(errors, !fact.HasMinimum || double.IsFinite(fact.Minimum), $"{field}.minimum", "Use a finite number.");
        Require(errors, !fact.HasMaximum || double.IsFinite(fact.Maximum), $"{field}.maximum", "Use a finite number.");
        Require(errors, !(fact.HasMinimum && fact.HasMaximum) || !(fact.Minimum > fact.Maximum), field,
            "The minimum must not be above the maximum.");
        Require(errors, fact.Values.Count <= 256, $"{field}.values", "List at most 256 values.");
        var longest = fact.MaxLength == 0 ? FactRules.DefaultMaxLength : fact.MaxLength;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var value in fact.Values.Take(256))
        {
            // Events' values are cleaned before they are compared, so a value that is not clean could never be sent.
            if (value.Length > PromptLimits.ValueChars || string.IsNullOrWhiteSpace(value)
                || SafeText.Clean(value) != value || SafeText.CodePoints(value) > longest || !seen.Add(value))
            {
                errors.Add(new FieldError($"{field}.values",
                    $"Each value must be there once, in NFKC, visible, without braces, and {longest} characters at most."));
                break;
            }
        }
    }

    private static void CheckPrompt(List<FieldError> errors, CampaignDefinition definition, bool factsAreSound)
    {
        try
        {
            var template = PromptTemplate.Parse(definition.Prompt, definition.Facts);
            if (factsAreSound)
            {
                var sample = definition.Facts.ToDictionary(fact => fact.Name, Sample, StringComparer.Ordinal);
                template.Render(sample, definition.Variants.FirstOrDefault("default"), DateTimeOffset.UnixEpoch);
            }
        }
        catch (PromptTemplateException exception)
        {
            errors.AddRange(exception.Errors);
        }
        catch (PromptRenderException exception)
        {
            errors.Add(new FieldError("prompt", $"With sample facts: {exception.Message}"));
        }
    }

    /// <summary>A value that an event may have: a template that fails with it fails too late otherwise.</summary>
    private static FactValue Sample(FactDeclaration fact) => fact.Type switch
    {
        FactDeclaration.Types.Type.Number => FactValue.Of(fact.HasMinimum && fact.Minimum > 1 ? Bounded(fact.Minimum)
            : fact.HasMaximum && fact.Maximum < 1 ? Bounded(fact.Maximum) : 1),
        FactDeclaration.Types.Type.Boolean => FactValue.Of(true),
        _ => FactValue.Of(fact.Values.FirstOrDefault("x")),
    };

    private static decimal Bounded(double number) => (decimal)Math.Clamp(number, -1e27, 1e27);

    private static void CheckText(
        List<FieldError> errors, string field, string text, int shortest, int longest, bool lineBreaks = false)
    {
        if (text.Length > longest * 2 || SafeText.CodePoints(text) > longest)
        {
            errors.Add(new FieldError(field, $"May have {longest} characters at most."));
        }
        else if (SafeText.HasForbidden(text, lineBreaks))
        {
            errors.Add(new FieldError(field, "Has control or bidirectional characters; remove them."));
        }
        else if (shortest > 0 && string.IsNullOrWhiteSpace(text))
        {
            errors.Add(new FieldError(field, $"Must be there, with {longest} characters at most."));
        }
    }

    private static bool IsLink(string text) => text.Length <= 2_048
        && text.StartsWith("https://", StringComparison.OrdinalIgnoreCase)
        && EventRules.IsUriReference(text)
        && Uri.TryCreate(text, UriKind.Absolute, out var link)
        && link.Scheme == Uri.UriSchemeHttps && link.Host.Length > 0 && link.UserInfo.Length == 0;

    private static void Require(List<FieldError> errors, bool holds, string field, string message)
    {
        if (!holds)
        {
            errors.Add(new FieldError(field, message));
        }
    }

    [GeneratedRegex(@"^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]\z")]
    private static partial Regex CampaignName();

    [GeneratedRegex(@"^[a-z0-9][a-z0-9-]{0,31}\z")]
    private static partial Regex VariantName();

    [GeneratedRegex(@"^[a-z0-9][a-z0-9-]{0,62}@[1-9][0-9]{0,8}\z")]
    private static partial Regex Policy();

    [GeneratedRegex(@"^(?:LicenseRef-[A-Za-z0-9.-]{1,64}|(?!LicenseRef-)[A-Za-z0-9][A-Za-z0-9.-]{0,63}\+?)\z")]
    private static partial Regex Licence();

    [GeneratedRegex(@"^#[0-9A-Fa-f]{6}\z")]
    private static partial Regex Colour();
}
