using CsCheck;
using Google.Protobuf;
using Platform.Grpc.Campaigns;

namespace Platform.Campaigns.Tests;

public sealed class DefinitionRulesTests
{
    public static TheoryData<string, Action<CampaignDefinition>> Good() => new()
    {
        { "as it is", _ => { } },
        { "no words", d => d.Style = new Style { Palette = { "#000000" } } },
        { "no variants", d => d.Variants.Clear() },
        { "no facts", d => { d.Facts.Clear(); d.Prompt = "A {{ variant }} square"; } },
        { "no link", d => d.ExternalUrl = "" },
        { "no budget", d => d.Budget = 0 },
        { "own licence", d => d.Licence = "LicenseRef-Imprimatur-1.0" },
        { "or later", d => d.Licence = "GPL-3.0+" },
        { "no royalty", d => d.Royalty.BasisPoints = 0 },
        { "all royalty", d => d.Royalty.BasisPoints = 10_000 },
        { "lower-case receiver", d => d.Royalty.Receiver = Samples.Recipient.ToLowerInvariant() },
        { "longest title of wide characters", d => d.Title = string.Concat(Enumerable.Repeat("😀", 120)) },
        { "eight colours", d => { d.Style.Palette.Clear(); d.Style.Palette.AddRange(Enumerable.Repeat("#123ABC", 8)); } },
        { "sixteen variants", d => { d.Variants.Clear(); d.Variants.AddRange(Enumerable.Range(0, 16).Select(i => $"v{i}")); } },
        { "a range of one", d => { d.Facts[1].Minimum = 3; d.Facts[1].Maximum = 3; } },
    };

    public static TheoryData<string, Action<CampaignDefinition>> Bad() => new()
    {
        { "name", d => d.Name = "" },
        { "name", d => d.Name = "ab" },
        { "name", d => d.Name = "Summer" },
        { "name", d => d.Name = "-summer" },
        { "name", d => d.Name = "summer-" },
        { "name", d => d.Name = "summer\n" },
        { "name", d => d.Name = new string('a', 64) },
        { "title", d => d.Title = "" },
        { "title", d => d.Title = new string('t', 121) },
        { "title", d => d.Title = "a\nb" },
        { "title", d => d.Title = "a\u202Eb" },
        { "description", d => d.Description = new string('t', 2001) },
        { "description", d => d.Description = "a\u0000" },
        { "usageTerms", d => d.UsageTerms = "" },
        { "usageTerms", d => d.UsageTerms = " " },
        { "usageTerms", d => d.UsageTerms = new string('t', 2001) },
        { "policy", d => d.Policy = "" },
        { "policy", d => d.Policy = "brand-safe" },
        { "policy", d => d.Policy = "brand-safe@0" },
        { "policy", d => d.Policy = "brand-safe@v1" },
        { "licence", d => d.Licence = "" },
        { "licence", d => d.Licence = "LicenseRef-" },
        { "licence", d => d.Licence = "MIT OR Apache-2.0" },
        { "budget", d => d.Budget = -1 },
        { "externalUrl", d => d.ExternalUrl = "http://example.org" },
        { "externalUrl", d => d.ExternalUrl = "/summer" },
        { "externalUrl", d => d.ExternalUrl = "javascript:alert(1)" },
        { "externalUrl", d => d.ExternalUrl = "https://user@example.org" },
        { "externalUrl", d => d.ExternalUrl = "https://" },
        { "externalUrl", d => d.ExternalUrl = "https://example.org/a b" },
        { "externalUrl", d => d.ExternalUrl = "https://example.org/" + new string('a', 2048) },
        { "variants[1]", d => d.Variants[1] = "day" },
        { "variants[0]", d => d.Variants[0] = "" },
        { "variants[0]", d => d.Variants[0] = "Day" },
        { "variants", d => d.Variants.AddRange(Enumerable.Range(0, 15).Select(i => $"v{i}")) },
        { "style.palette", d => d.Style.Palette.Clear() },
        { "style.palette", d => d.Style = null },
        { "style.palette", d => d.Style.Palette.AddRange(Enumerable.Repeat("#000000", 7)) },
        { "style.palette[0]", d => d.Style.Palette[0] = "#fff" },
        { "style.palette[1]", d => d.Style.Palette[1] = "ffffff" },
        { "style.families[0]", d => d.Style.Families[0] = "Flow Field" },
        { "style.headline", d => d.Style.Headline = new string('h', 61) },
        { "style.headline", d => d.Style.Headline = "a\tb" },
        { "style.line", d => d.Style.Line = new string('h', 91) },
        { "style.wordmark", d => d.Style.Wordmark = new string('h', 31) },
        { "style.size", d => d.Style.Size = 255 },
        { "style.size", d => d.Style.Size = 2049 },
        { "style.size", d => d.Style.Size = -1 },
        { "royalty", d => d.Royalty = null },
        { "royalty.receiver", d => d.Royalty.Receiver = "" },
        { "royalty.receiver", d => d.Royalty.Receiver = "0x12" },
        { "royalty.receiver", d => d.Royalty.Receiver = "0x" + new string('0', 40) },
        { "royalty.receiver", d => d.Royalty.Receiver = Samples.Recipient.Replace('a', 'A') },
        { "royalty.basisPoints", d => d.Royalty.BasisPoints = 10_001 },
        { "royalty.basisPoints", d => d.Royalty.BasisPoints = -1 },
        { "collection", d => d.Collection = null },
        { "collection.name", d => d.Collection.Name = "" },
        { "collection.name", d => d.Collection.Name = new string('c', 65) },
        { "collection.symbol", d => d.Collection.Symbol = "" },
        { "collection.symbol", d => d.Collection.Symbol = "ABCDEFGHIJKL" },
        { "facts[1].name", d => d.Facts[1].Name = "city" },
        { "facts[0].name", d => { d.Facts[0].Name = "City"; d.Prompt = "x"; } },
        { "facts[0].name", d => { d.Facts[0].Name = ""; d.Prompt = "x"; } },
        { "facts[0].name", d => { d.Facts[0].Name = "now"; d.Prompt = "x"; } },
        { "facts[0].name", d => { d.Facts[0].Name = "blank"; d.Prompt = "x"; } },
        { "facts[0].type", d => d.Facts[0].Type = FactDeclaration.Types.Type.Unspecified },
        { "facts[0].maxLength", d => d.Facts[0].MaxLength = 201 },
        { "facts[1].maxLength", d => d.Facts[1].MaxLength = 10 },
        { "facts[1].values", d => d.Facts[1].Values.Add("1") },
        { "facts[0].values", d => d.Facts[0].Values.AddRange(["a", "a"]) },
        { "facts[0].values", d => d.Facts[0].Values.Add("e\u0301") },
        { "facts[0].values", d => d.Facts[0].Values.Add("{{x}}") },
        { "facts[0].values", d => d.Facts[0].Values.Add("") },
        { "facts[0].values", d => d.Facts[0].Values.Add(new string('a', 81)) },
        { "facts[0].values", d => d.Facts[0].Values.AddRange(Enumerable.Range(0, 257).Select(i => $"{i}")) },
        { "facts[0]", d => d.Facts[0].Minimum = 1 },
        { "facts[1]", d => { d.Facts[1].Minimum = 2; d.Facts[1].Maximum = 1; } },
        { "facts[1].minimum", d => d.Facts[1].Minimum = double.NaN },
        { "facts[1].maximum", d => d.Facts[1].Maximum = double.PositiveInfinity },
        { "facts", d => d.Facts.AddRange(Enumerable.Range(0, 60).Select(i => Samples.Text($"f{i}"))) },
        { "prompt", d => d.Prompt = "" },
        { "prompt", d => d.Prompt = "{{ town }}" },
        { "prompt", d => d.Prompt = "{{ name }}" },
        { "prompt", d => d.Prompt = "{{ 1 | divided_by: 0 }}" },
        { "prompt", d => d.Prompt = "{% for i in (1..100) %}" + new string('a', 100) + "{% endfor %}" },
    };

    [Theory]
    [MemberData(nameof(Good), DisableDiscoveryEnumeration = true)]
    public void Accepts(string what, Action<CampaignDefinition> change)
    {
        var errors = DefinitionRules.Check(Samples.ADefinition(change));

        Assert.True(errors.Count == 0, $"{what}: {string.Join(" ", errors)}");
    }

    [Theory]
    [MemberData(nameof(Bad), DisableDiscoveryEnumeration = true)]
    public void Refuses_at_the_field(string field, Action<CampaignDefinition> change)
    {
        var errors = DefinitionRules.Check(Samples.ADefinition(change));

        Assert.Equal([field], errors.Select(error => error.Field).Distinct());
        Assert.All(errors, error => Assert.EndsWith(".", error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void An_empty_definition_is_told_all_that_is_missing()
    {
        var fields = DefinitionRules.Check(new CampaignDefinition()).Select(error => error.Field);

        Assert.Equal(
            ["name", "title", "usageTerms", "policy", "licence", "style.palette", "royalty", "collection", "prompt"], fields);
    }

    [Fact]
    public void Random_messages_meet_errors_only()
    {
        var bytes = Samples.ADefinition().ToByteArray();
        Gen.Select(Gen.Int[0, bytes.Length - 1], Gen.Byte).Sample(
            (at, with) =>
            {
                var changed = bytes.ToArray();
                changed[at] = with;
                CampaignDefinition definition;
                try
                {
                    definition = CampaignDefinition.Parser.ParseFrom(changed);
                }
                catch (InvalidProtocolBufferException)
                {
                    return;
                }

                Assert.NotNull(DefinitionRules.Check(definition));
            },
            iter: 3_000);
    }
}
