using System.Text;
using System.Text.Json;
using Platform.Grpc.Campaigns;
using FactType = Platform.Grpc.Campaigns.FactDeclaration.Types.Type;

namespace Platform.Campaigns.Tests;

/// <summary>The situations the tests start from.</summary>
internal static class Samples
{
    public const string Recipient = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";

    public static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 30, 15, TimeSpan.Zero);

    public static FactDeclaration Text(string name, bool personal = false, bool optional = false, params string[] values)
    {
        var fact = new FactDeclaration { Name = name, Type = FactType.Text, Personal = personal, Optional = optional };
        fact.Values.AddRange(values);
        return fact;
    }

    public static FactDeclaration Number(string name, bool personal = false, bool optional = false) =>
        new() { Name = name, Type = FactType.Number, Personal = personal, Optional = optional };

    public static FactDeclaration Boolean(string name, bool personal = false, bool optional = false) =>
        new() { Name = name, Type = FactType.Boolean, Personal = personal, Optional = optional };

    /// <summary>Public: city, miles, vip and the optional nickname; personal: name, age, adult.</summary>
    public static IReadOnlyList<FactDeclaration> Facts() =>
    [
        Text("city"),
        Number("miles"),
        Boolean("vip"),
        Text("nickname", optional: true),
        Text("name", personal: true),
        Number("age", personal: true),
        Boolean("adult", personal: true, optional: true),
    ];

    public static Dictionary<string, FactValue> Values(string name = "Ottilie", decimal age = 41) => new()
    {
        ["city"] = FactValue.Of("Lisbon"),
        ["miles"] = FactValue.Of(1200m),
        ["vip"] = FactValue.Of(true),
        ["name"] = FactValue.Of(name),
        ["age"] = FactValue.Of(age),
    };

    public static string Render(string template, Dictionary<string, FactValue>? values = null) =>
        PromptTemplate.Parse(template, Facts()).Render(values ?? Values(), "gold", Noon);

    public static CampaignDefinition ADefinition(Action<CampaignDefinition>? change = null)
    {
        var definition = new CampaignDefinition
        {
            Name = "summer-miles",
            Title = "Summer miles",
            Description = "A picture for each traveller.\nMade once.",
            Prompt = "A {{ city }} skyline{% if age >= 60 %}, calm{% endif %}",
            Style = new Style { Headline = "Summer", Line = "Miles of it", Wordmark = "AIR", Size = 512 },
            Policy = "brand-safe@1",
            Licence = "CC-BY-NC-4.0",
            UsageTerms = "Show it, share it, do not sell copies.",
            Royalty = new Royalty { Receiver = Recipient, BasisPoints = 500 },
            Collection = new Collection { Name = "Summer", Symbol = "SUM" },
            Budget = 1000,
            ExternalUrl = "https://example.org/summer?a=b",
        };
        definition.Style.Palette.AddRange(["#0A0B0C", "#ffffff"]);
        definition.Style.Families.Add("flow-field");
        definition.Variants.AddRange(["day", "night"]);
        definition.Facts.AddRange(Facts());
        change?.Invoke(definition);
        return definition;
    }

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    public static JsonElement Json(string json) => JsonElement.Parse(Utf8(json));

    public static IReadOnlyDictionary<string, JsonElement> FactsOf(string json) =>
        Json(json).EnumerateObject().ToDictionary(each => each.Name, each => each.Value.Clone());

    public static string Data(string facts = """{"city":"Lisbon","miles":12}""") =>
        $$"""{"recipient":"{{Recipient}}","subject":"customer-1","facts":{{facts}}}""";

    public static string AnEvent(string? data = null, string id = "e-1", string more = "") => $$"""
        {"specversion":"1.0","type":"{{CloudEventReader.Type}}","source":"/crm/eu","id":"{{id}}",
         "time":"2026-05-04T12:30:15Z","datacontenttype":"application/json"{{more}},"data":{{data ?? Data()}}}
        """;
}
