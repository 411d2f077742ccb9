using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Platform.Embedded;
using Platform.Grpc.Campaigns;
using Platform.Grpc.RoyaltyIndexer;

namespace Platform.Benchmarks;

/// <summary>Events in over HTTP, final and indexed tokens out.</summary>
internal static class PipelineBenchmark
{
    public static async Task<int> RunAsync(string[] args)
    {
        var count = int.Parse(Option(args, "--events") ?? "2000", CultureInfo.InvariantCulture);
        var warmUp = int.Parse(Option(args, "--warm-up") ?? "2000", CultureInfo.InvariantCulture);
        var generator = Option(args, "--generator") ?? "null";
        var data = Option(args, "--keep") ?? Path.Combine(Path.GetTempPath(), $"imprimatur-bench-{Environment.ProcessId}");

        using var platform = await RunningPlatform.StartAsync(data, generator);
        using var api = new PlatformApi(new EmbeddedOptions { Data = data, Port = platform.Port });
        await MeasureAsync(platform, api, "warm-up", warmUp);
        var measured = await MeasureAsync(platform, api, "measured", count);
        Console.WriteLine(JsonSerializer.Serialize(measured));
        return 0;
    }

    private static async Task<object> MeasureAsync(RunningPlatform platform, PlatformApi api, string name, int count)
    {
        await api.Campaigns.PublishCampaignAsync(new PublishCampaignRequest { Definition = Campaign(name) });
        var path = Path.Combine(platform.Data, $"{name}.ndjson");
        await File.WriteAllLinesAsync(path, Enumerable.Range(0, count).Select(index => Event(name, index)));
        var events = EventFile.Read(path);

        var cpu = platform.Cpu();
        var clock = Stopwatch.StartNew();
        await events.SendAsync(api, name, CancellationToken.None);
        var sent = clock.Elapsed;
        while (!await IsOverAsync(api, name, count))
        {
            await Task.Delay(100);
        }

        var result = new
        {
            name,
            assets = count,
            seconds = Math.Round(clock.Elapsed.TotalSeconds, 2),
            ingestSeconds = Math.Round(sent.TotalSeconds, 2),
            assetsPerSecond = Math.Round(count / clock.Elapsed.TotalSeconds, 1),
            cpuMsPerAsset = Math.Round((platform.Cpu() - cpu).TotalMilliseconds / count, 2),
            peakMemoryMiB = platform.PeakMemory(),
        };
        Console.Error.WriteLine(result);
        return result;
    }

    private static async Task<bool> IsOverAsync(PlatformApi api, string campaign, int count)
    {
        var progress = await api.Campaigns.GetProgressAsync(new GetProgressRequest { Campaign = campaign });
        if (progress.Minted < count)
        {
            return false;
        }

        var collection = await api.Minting.GetCollectionAsync(new Grpc.Minting.GetCollectionRequest { Campaign = campaign });
        var cursor = await api.RoyaltyIndexer.GetCursorAsync(new GetCursorRequest { Contract = collection.Contract });
        return cursor.Tokens >= count;
    }

    private static CampaignDefinition Campaign(string name) => new()
    {
        Name = name,
        Title = "Bench",
        Description = "A campaign to measure with.",
        Prompt = "A {{ mood }} picture.",
        Facts = { new FactDeclaration { Name = "mood", Type = FactDeclaration.Types.Type.Text, Values = { "calm", "bold" } } },
        Style = new Style { Palette = { "#C2542D", "#2F4A3C", "#F4E9D8" } },
        Policy = "decode-only@1",
        Licence = "CC-BY-4.0",
        UsageTerms = "Any use.",
        Royalty = new Royalty { Receiver = "0x52908400098527886E0F7030069857D2E4169EE7", BasisPoints = 500 },
        Collection = new Collection { Name = "Bench", Symbol = "BENCH" },
    };

    private static string Event(string name, int index)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"{name}-{index}");
        var recipient = "0x" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id))[..20]);
        return JsonSerializer.Serialize(new
        {
            specversion = "1.0",
            type = "imprimatur.personalization.requested.v1",
            source = "/benchmarks",
            id,
            datacontenttype = "application/json",
            data = new { recipient, subject = $"subject {index}", facts = new { mood = index % 2 == 0 ? "calm" : "bold" } },
        });
    }

    private static string? Option(string[] args, string name)
    {
        var index = Array.IndexOf(args, name);
        return index >= 0 && index + 1 < args.Length ? args[index + 1] : null;
    }
}
