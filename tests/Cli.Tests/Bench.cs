using System.Text.Json;
using System.Text.Json.Nodes;
using Platform.Campaigns;
using Platform.Cli.Tests;
using Platform.Embedded;
using Platform.Generation;
using Platform.Grpc.Moderation;
using Platform.Moderation;
using Platform.Storage;

[assembly: AssemblyFixture(typeof(Bench))]

namespace Platform.Cli.Tests;

/// <summary>A platform without a chain, and its data folder: what the command line is a client of.</summary>
public sealed class Bench : IAsyncLifetime
{
    private Workbench? bench;

    internal EmbeddedOptions Options => bench!.Options;

    internal string Data => Options.Data;

    internal PlatformApi Api { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        bench = await Workbench.StartAsync(
            [new CampaignsService(), new GenerationService(), new ModerationService(), new StorageService()],
            CancellationToken.None);
        Api = new PlatformApi(Options);
        await File.WriteAllTextAsync(
            DataFolder.RunningFile(Data), JsonSerializer.Serialize(new { port = Options.Port, pid = Environment.ProcessId }));
    }

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        await bench!.DisposeAsync();
    }

    /// <summary>A file in the bench's folder.</summary>
    internal string Write(string name, string text)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Data, "files", Guid.CreateVersion7().ToString("N"))).FullName;
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>The sample campaign as JSON, under another name.</summary>
    internal static JsonObject ACampaign(string name)
    {
        var campaign = (JsonObject)JsonNode.Parse(File.ReadAllText(Repository.In("deploy", "embedded", "sample", "campaign.json")))!;
        campaign["name"] = name;
        return campaign;
    }

    /// <summary>An event that fits the sample campaign.</summary>
    internal static JsonObject AnEvent(string id) => (JsonObject)JsonNode.Parse(
        $$"""
        {
          "specversion": "1.0", "type": "imprimatur.personalization.requested.v1", "source": "/tests/cli", "id": "{{id}}",
          "data": {
            "recipient": "0xffc6080f0c23497a054bb49a0a9478dec664cf38", "subject": "Amara Okafor",
            "facts": { "motif": "arches", "roast": "dark", "temper": "calm", "cups": 38 }
          }
        }
        """)!;

    /// <summary>Publishes a campaign all of whose assets wait for a person, and has so many wait.</summary>
    internal async Task<IReadOnlyList<string>> HaveWaitingAsync(string campaign, int assets, CancellationToken cancellation)
    {
        await Api.Moderation.PublishPolicyAsync(
            new PublishPolicyRequest { Policy = new Policy { Name = "by-hand", HumanReview = true, Image = new ImageRules { DecodeOnly = true } } },
            cancellationToken: cancellation);
        var definition = ACampaign(campaign);
        definition["policy"] = "by-hand@1";
        definition["style"]!["size"] = 256;
        await CampaignFile.Read(Write("campaign.json", definition.ToJsonString())).PublishAsync(Api, cancellation);
        var lines = Enumerable.Range(0, assets).Select(index => AnEvent($"waiting-{index}").ToJsonString());
        var sent = await EventFile.Read(Write("events.ndjson", string.Join('\n', lines))).SendAsync(Api, campaign, cancellation);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(TimeSpan.FromMinutes(2));
        while (true)
        {
            var waiting = await Api.Moderation.ListCasesAsync(
                new ListCasesRequest { Campaign = campaign }, cancellationToken: patience.Token);
            if (waiting.Cases.Count == assets)
            {
                return [.. sent.Select(id => id.ToString())];
            }

            await Task.Delay(50, patience.Token);
        }
    }
}
