using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Platform.Embedded;
using Platform.Grpc.Campaigns;

namespace Platform.Load;

/// <summary>A campaign to measure with, and its events.</summary>
internal static class LoadCampaign
{
    public static async Task PublishAsync(PlatformApi api, string name) =>
        await api.Campaigns.PublishCampaignAsync(new PublishCampaignRequest
        {
            Definition = new CampaignDefinition
            {
                Name = name,
                Title = "Load",
                Description = "A campaign to measure with.",
                Prompt = "A {{ mood }} picture.",
                Facts = { new FactDeclaration { Name = "mood", Type = FactDeclaration.Types.Type.Text, Values = { "calm", "bold" } } },
                Style = new Style { Palette = { "#C2542D", "#2F4A3C", "#F4E9D8" } },
                Policy = "decode-only@1",
                Licence = "CC-BY-4.0",
                UsageTerms = "Any use.",
                Royalty = new Royalty { Receiver = "0x52908400098527886E0F7030069857D2E4169EE7", BasisPoints = 500 },
                Collection = new Collection { Name = "Load", Symbol = "LOAD" },
            },
        });

    /// <summary>One CloudEvent; the same number is the same event.</summary>
    public static byte[] Event(string campaign, int number)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"{campaign}-{number}");
        var recipient = "0x" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id))[..20]);
        return JsonSerializer.SerializeToUtf8Bytes(new
        {
            specversion = "1.0",
            type = "imprimatur.personalization.requested.v1",
            source = "/load",
            id,
            datacontenttype = "application/json",
            data = new { recipient, subject = $"subject {number}", facts = new { mood = number % 2 == 0 ? "calm" : "bold" } },
        });
    }
}
