using System.CommandLine;
using System.Diagnostics;
using Platform.Grpc.Campaigns;
using Platform.Grpc.RoyaltyIndexer;
using Spectre.Console;

namespace Platform.Embedded;

/// <summary>From a campaign's events to its tokens, shown as it happens.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var campaign = new Option<string>("--campaign") { Description = "Campaign definition (JSON); the sample's when absent" };
        var events = new Option<string>("--events") { Description = "CloudEvents, one JSON object a line; the sample's when absent" };
        var keep = new Option<bool>("--keep") { Description = "Go on serving when all is minted" };
        var command = new Command("demo", "Mint a campaign's events and show how: the sample's 24, or your own")
        {
            campaign, events, keep, CommonOptions.Data, CommonOptions.Port, CommonOptions.Generator,
            CommonOptions.Linger, CommonOptions.Fresh, CommonOptions.Json,
        };
        command.SetAction(async (result, cancellation) =>
        {
            var sample = Path.Combine(AppContext.BaseDirectory, "sample");
            var demo = new Demo(
                CommonOptions.Read(result),
                result.GetValue(campaign) ?? Path.Combine(sample, "campaign.json"),
                result.GetValue(events) ?? Path.Combine(sample, "events.ndjson"),
                result.GetValue(CommonOptions.Json));
            return await demo.RunAsync(result.GetValue(keep), cancellation);
        });
        return command;
    }
}

/// <summary>One demonstration.</summary>
internal sealed class Demo(EmbeddedOptions options, string campaignPath, string eventsPath, bool json)
{
    private readonly IAnsiConsole console = json
        ? AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) })
        : AnsiConsole.Console;

    public async Task<int> RunAsync(bool keep, CancellationToken cancellation)
    {
        var file = CampaignFile.Read(campaignPath);
        var definition = file.Definition;
        var events = EventFile.Read(eventsPath);

        console.WriteLine($"Starting the platform on {options.Http} (data in {options.Data}) …");
        await using var platform = await EmbeddedPlatform.StartAsync(options, console.WriteLine, cancellation);
        using var api = new PlatformApi(options);
        var campaign = await file.PublishAsync(api, cancellation);
        console.WriteLine($"Campaign {definition.Name}, version {campaign.Version}: {events.Count} events; "
            + $"batches wait {options.LingerMilliseconds} ms to fill.");

        var before = await CountMintedAsync(api, definition.Name, cancellation);
        var clock = Stopwatch.StartNew();
        var assets = await events.SendAsync(api, definition.Name, cancellation);
        await new ProgressView(console, before.Ended(assets)).ShowAsync(
            token => LookAsync(api, definition.Name, clock, token), TimeProvider.System, cancellation);

        var summary = await Summary.CollectAsync(
            api, options, definition.Name, assets, before.MintedOf(assets), platform.Folder.In("contact-sheet.png"), cancellation);
        if (json)
        {
            await Console.Out.WriteLineAsync(summary.ToJson());
        }
        else
        {
            summary.Print(console, options);
        }

        if (keep)
        {
            console.WriteLine();
            console.WriteLine(RunCommand.Describe(platform));
            await platform.WaitForShutdownAsync(cancellation);
        }

        return summary.Failed == 0 ? 0 : CommandRunner.Failure;
    }

    private static async Task<Sight> LookAsync(PlatformApi api, string campaign, Stopwatch clock, CancellationToken cancellation)
    {
        var progress = await api.Campaigns.GetProgressAsync(
            new GetProgressRequest { Campaign = campaign }, cancellationToken: cancellation);
        var indexed = progress.Minted == 0 ? 0 : await IndexedAsync(api, campaign, cancellation);
        return new Sight(progress, indexed, clock.Elapsed, TimeProvider.System.GetUtcNow());
    }

    private static async Task<long> IndexedAsync(PlatformApi api, string campaign, CancellationToken cancellation)
    {
        var collection = await api.Minting.GetCollectionAsync(
            new Platform.Grpc.Minting.GetCollectionRequest { Campaign = campaign }, cancellationToken: cancellation);
        var cursor = await api.RoyaltyIndexer.GetCursorAsync(
            new GetCursorRequest { Contract = collection.Contract }, cancellationToken: cancellation);
        return cursor.Tokens;
    }

    private static async Task<Earlier> CountMintedAsync(PlatformApi api, string campaign, CancellationToken cancellation)
    {
        var known = new Dictionary<Guid, bool>();
        var after = "";
        while (true)
        {
            var page = await api.Campaigns.ListAssetsAsync(
                new ListAssetsRequest { Campaign = campaign, After = after, Limit = 1_000 }, cancellationToken: cancellation);
            foreach (var asset in page.Assets)
            {
                known[Guid.Parse(asset.AssetId)] = asset.Status == "minted";
            }

            if (page.Assets.Count < 1_000)
            {
                return new Earlier(known);
            }

            after = page.Assets[^1].AssetId;
        }
    }

    /// <summary>What the campaign had before these events were sent.</summary>
    private sealed record Earlier(IReadOnlyDictionary<Guid, bool> Known)
    {
        /// <summary>Assets of the campaign that are at an end when this demonstration is.</summary>
        public long Ended(IReadOnlyList<Guid> sent) => Known.Keys.Union(sent).Count();

        public int MintedOf(IReadOnlyList<Guid> sent) => sent.Distinct().Count(id => Known.GetValueOrDefault(id));
    }
}
