using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Platform.Grpc.Campaigns;

namespace Platform.EndToEnd.Tests;

/// <summary>An event of a publisher.</summary>
/// <param name="Recipient">Lower-case hex with 0x.</param>
public sealed record APublishedEvent(string Id, string Recipient, string Json);

/// <summary>Campaigns and events of the tests, and how a publisher sends them.</summary>
public static class Situations
{
    public const string Source = "/crm/e2e";

    private static readonly string[] Motifs =
        ["arches", "botanical", "landscape", "sunburst", "tiles", "emblem", "scales", "cutouts"];

    private static readonly string[] Tempers = ["calm", "playful", "bold"];

    /// <summary>256 pixels a side, so that a picture takes milliseconds; judged, but alike pictures wait for nobody.</summary>
    public static CampaignDefinition ACampaign(string name, string headline = "Seen from outside") => new()
    {
        Name = name,
        Title = "End to end",
        Description = "What a test publishes.",
        Prompt = "A {{ temper }} {{ motif }}{% if visits > 10 %}, lush{% endif %}.",
        Facts =
        {
            new FactDeclaration { Name = "motif", Type = FactDeclaration.Types.Type.Text, Values = { Motifs } },
            new FactDeclaration { Name = "temper", Type = FactDeclaration.Types.Type.Text, Values = { Tempers } },
            new FactDeclaration { Name = "visits", Type = FactDeclaration.Types.Type.Number, Personal = true, Minimum = 0 },
            new FactDeclaration
            {
                Name = "note", Type = FactDeclaration.Types.Type.Text, Personal = true, Optional = true, MaxLength = 200,
            },
        },
        Style = new Style
        {
            Palette = { "#F4E9D8", "#C2542D", "#2F4A3C", "#E3A33B" },
            Headline = headline,
            Line = "Counted twice",
            Wordmark = "E2E",
            Size = 256,
        },
        Policy = "decode-only@1",
        Licence = "CC-BY-NC-4.0",
        UsageTerms = "For tests.",
        Royalty = new Royalty { Receiver = "0x52908400098527886E0F7030069857D2E4169EE7", BasisPoints = 500 },
        Collection = new Collection { Name = "End to end", Symbol = "E2E" },
    };

    public static IReadOnlyList<APublishedEvent> Events(int count, string prefix = "e") =>
        [.. Enumerable.Range(0, count).Select(number => AnEvent($"{prefix}-{number:0000}", number))];

    /// <summary>Every tenth recipient has two tokens or more, which must come in different batches.</summary>
    public static APublishedEvent AnEvent(
        string id, int number, string? subject = null, string? recipient = null, Action<JsonObject>? change = null)
    {
        recipient ??= AnAddress(number % 10 == 9 ? number - 9 : number);
        var written = new JsonObject
        {
            ["specversion"] = "1.0",
            ["type"] = "imprimatur.personalization.requested.v1",
            ["source"] = Source,
            ["id"] = id,
            ["time"] = "2026-05-04T12:00:00Z",
            ["datacontenttype"] = "application/json",
            ["data"] = new JsonObject
            {
                ["recipient"] = recipient,
                ["subject"] = subject ?? $"customer {number}",
                ["facts"] = new JsonObject
                {
                    ["motif"] = Motifs[number % Motifs.Length],
                    ["temper"] = Tempers[number % Tempers.Length],
                    ["visits"] = number,
                },
            },
        };
        change?.Invoke(written);
        return new APublishedEvent(id, recipient, written.ToJsonString());
    }

    public static string AnAddress(int number) => $"0x{Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture))).AsSpan(0, 20))}";

    public static async Task PublishCampaignAsync(Imprimatur program, CampaignDefinition definition) =>
        await program.Campaigns.PublishCampaignAsync(new PublishCampaignRequest { Definition = definition });

    public static void Write(CampaignDefinition definition, string path) =>
        File.WriteAllText(path, JsonFormatter.Default.Format(definition));

    public static async Task<HttpResponseMessage> PostAsync(
        HttpClient http, string campaign, string body, string type = "application/cloudevents+json")
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post, new Uri($"v1/campaigns/{campaign}/events", UriKind.Relative))
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)),
        };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        // What is too large is refused before it is read, and its sender would only see the connection close.
        request.Headers.ExpectContinue = body.Length > 1024 * 1024;
        return await http.SendAsync(request);
    }

    public static Task<HttpResponseMessage> PostAsync(
        HttpClient http, string campaign, IEnumerable<APublishedEvent> events) =>
        PostAsync(
            http,
            campaign,
            $"[{string.Join(',', events.Select(each => each.Json))}]",
            "application/cloudevents-batch+json");
}
