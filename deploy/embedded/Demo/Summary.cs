using System.Text.Json;
using Platform.Composer;
using Platform.Content;
using Platform.Grpc.Campaigns;
using Platform.Grpc.Minting;
using Spectre.Console;

namespace Platform.Embedded;

/// <summary>What a demo came to: for people, and as one JSON object for machines.</summary>
internal sealed record Summary
{
    public required int Tokens { get; init; }

    public required int NewTokens { get; init; }

    public required int Rejected { get; init; }

    public required int Waiting { get; init; }

    public required int Failed { get; init; }

    public required string? Contract { get; init; }

    public required long ChainId { get; init; }

    public required Uri Rpc { get; init; }

    public required Uri Gateway { get; init; }

    public required int Batches { get; init; }

    public required int Transactions { get; init; }

    public required long GasPerToken { get; init; }

    public required double EventsPerSecond { get; init; }

    public required Percentiles TimeToMarketMs { get; init; }

    public required string? ContactSheet { get; init; }

    public required string Data { get; init; }

    public required IReadOnlyList<AssetStatus> Assets { get; init; }

    /// <param name="P50">Milliseconds.</param>
    /// <param name="P95">Milliseconds.</param>
    internal sealed record Percentiles(long P50, long P95);

    public static async Task<Summary> CollectAsync(
        PlatformApi api,
        EmbeddedOptions options,
        string campaign,
        IReadOnlyList<Guid> assetIds,
        int tokensBefore,
        string sheetPath,
        CancellationToken cancellation)
    {
        var assets = await AssetsAsync(api, campaign, assetIds, cancellation);
        var minted = assets.Where(asset => asset.Status == "minted").ToList();
        var batches = (await api.Minting.ListBatchesAsync(
            new ListBatchesRequest { Campaign = campaign }, cancellationToken: cancellation)).Batches
            .Where(batch => batch.State == "Final").ToList();
        var lags = minted.Select(asset => (long)(asset.ClosedAt.ToDateTimeOffset() - asset.ReceivedAt.ToDateTimeOffset()).TotalMilliseconds)
            .Order().ToList();
        var span = minted.Count == 0 ? 0 : (minted.Max(asset => asset.ClosedAt.ToDateTimeOffset())
            - minted.Min(asset => asset.ReceivedAt.ToDateTimeOffset())).TotalSeconds;
        return new Summary
        {
            Tokens = minted.Count,
            NewTokens = minted.Count - tokensBefore,
            Rejected = assets.Count(asset => asset.Status == "rejected"),
            Waiting = assets.Count(asset => asset.Status == "waiting"),
            Failed = assets.Count(asset => asset.Status is "failed" or "stalled"),
            Contract = minted.FirstOrDefault()?.Contract,
            ChainId = minted.FirstOrDefault()?.ChainId ?? 31337,
            Rpc = options.Rpc,
            Gateway = options.Http,
            Batches = batches.Count,
            Transactions = batches.Select(batch => batch.TransactionHash).Distinct().Count(),
            GasPerToken = batches.Count == 0 ? 0 : batches.Sum(batch => batch.GasUsed) / Math.Max(1, batches.Sum(batch => batch.Tokens)),
            EventsPerSecond = span > 0 ? Math.Round(minted.Count / span, 1) : 0,
            TimeToMarketMs = new Percentiles(At(lags, 0.50), At(lags, 0.95)),
            ContactSheet = await SheetAsync(options, minted, sheetPath, cancellation),
            Data = options.Data,
            Assets = assets,
        };
    }

    public string ToJson() => JsonSerializer.Serialize(
        new
        {
            Tokens, Rejected, Contract, ChainId, Rpc, Gateway, Batches, Transactions, GasPerToken, EventsPerSecond,
            TimeToMarketMs, ContactSheet, Data, NewTokens, Waiting, Failed,
        },
        JsonSerializerOptions.Web);

    public void Print(IAnsiConsole console, EmbeddedOptions options)
    {
        var table = new Table().Border(TableBorder.Rounded).HideHeaders().AddColumns("", "");
        void Row(string name, string value) => table.AddRow(name, Markup.Escape(value));
        Row("tokens", NewTokens == Tokens ? $"{Tokens}" : $"{Tokens}, of which {NewTokens} new");
        if (Rejected + Waiting + Failed > 0)
        {
            Row("not minted", $"{Rejected} rejected, {Waiting} waiting for a person, {Failed} failed");
        }

        Row("contract", Contract ?? "none");
        Row("batches", $"{Batches} in {Transactions} transactions");
        Row("gas a token", $"{GasPerToken:N0}");
        Row("time to market", $"median {TimeToMarketMs.P50:N0} ms, p95 {TimeToMarketMs.P95:N0} ms (event to final token)");
        Row("throughput", $"{EventsPerSecond:N1} events a second");
        Row("images", Path.Combine(Data, "content"));
        Row("contact sheet", ContactSheet ?? "none");
        console.Write(table);
        PrintCids(console);
        PrintCommands(console, options);
    }

    private void PrintCids(IAnsiConsole console)
    {
        foreach (var asset in Assets.Where(asset => asset.Status == "minted").Take(3))
        {
            console.WriteLine($"  token {asset.TokenId}: image {asset.Cid}, metadata {asset.MetadataCid}/{asset.Index}.json");
        }
    }

    private void PrintCommands(IAnsiConsole console, EmbeddedOptions options)
    {
        if (Assets.FirstOrDefault(asset => asset.Status == "minted") is not { } token)
        {
            return;
        }

        var where = options.Data == Path.GetFullPath(".imprimatur") ? "" : $" --data {options.Data}";
        where += options.Port == 5080 ? "" : $" --port {options.Port}";
        var me = "dotnet run -c Release --project deploy/embedded --";
        console.WriteLine();
        console.WriteLine("Check a token from outside:");
        console.WriteLine($"  {me} run{where}        # serves chain and gateway again; leave it running");
        console.WriteLine($"  {me} verify {token.Contract}/{token.TokenId} --rpc {options.Rpc} --gateway {options.Http}");
        console.WriteLine($"  curl {options.Http}ipfs/{token.MetadataCid}/{token.Index}.json");
        console.WriteLine($"  curl {options.Http}ipfs/{token.Cid} -o token.png");
    }

    private static async Task<IReadOnlyList<AssetStatus>> AssetsAsync(
        PlatformApi api, string campaign, IReadOnlyList<Guid> assetIds, CancellationToken cancellation)
    {
        var wanted = assetIds.Select(id => id.ToString()).ToHashSet();
        var found = new Dictionary<string, AssetStatus>();
        var after = "";
        while (true)
        {
            var page = await api.Campaigns.ListAssetsAsync(
                new ListAssetsRequest { Campaign = campaign, After = after, Limit = 1_000 }, cancellationToken: cancellation);
            foreach (var asset in page.Assets.Where(asset => wanted.Contains(asset.AssetId)))
            {
                found[asset.AssetId] = asset;
            }

            if (page.Assets.Count < 1_000)
            {
                return [.. assetIds.Select(id => found[id.ToString()])];
            }

            after = page.Assets[^1].AssetId;
        }
    }

    private static async Task<string?> SheetAsync(
        EmbeddedOptions options, List<AssetStatus> minted, string path, CancellationToken cancellation)
    {
        if (minted.Count == 0)
        {
            return null;
        }

        var store = new FolderContentStore(Path.Combine(options.Data, "content"));
        var images = new List<ReadOnlyMemory<byte>>();
        foreach (var asset in minted.Take(48))
        {
            if (await store.FindAsync(asset.Content, cancellation) is { } image)
            {
                images.Add(image);
            }
        }

        var columns = images.Count <= 24 ? 6 : 8;
        await File.WriteAllBytesAsync(path, Renderer.ContactSheet(images, columns, 320), cancellation);
        return path;
    }

    private static long At(List<long> sorted, double share) =>
        sorted.Count == 0 ? 0 : sorted[Math.Min(sorted.Count - 1, (int)(share * sorted.Count))];
}
