using System.Diagnostics;
using Platform.Content;
using Platform.Events;
using static Platform.Storage.Tests.Situations;

namespace Platform.Storage.Tests;

/// <summary>Not tests: run them alone with <c>-explicit only</c>; the numbers are this process's, its database included.</summary>
public sealed class Measurements(StorageHost host, ITestOutputHelper output)
{
    private const int Assets = 4000;

    [Fact(Explicit = true)]
    public async Task Assets_pinned_a_second()
    {
        foreach (var size in new[] { 20_000, 150_000 })
        {
            var approvals = new List<AssetApproved>();
            foreach (var id in Enumerable.Range(0, Assets).Select(_ => AnId()))
            {
                var content = await host.Get<IContentStore>().PutAsync(APicture(id, size), default);
                approvals.Add(AnApproval(id, content: content));
            }

            await MeasureAsync($"{size} bytes", approvals);
            await MeasureAsync($"{size} bytes, again", approvals);
        }
    }

    [Fact(Explicit = true)]
    public async Task Batches_described_a_second()
    {
        var approvals = Enumerable.Range(0, 500).Select(_ => AnApproval()).ToList();
        await Task.WhenAll(approvals.Select(each => host.Get<IContentStore>().PutAsync(APicture(each.AssetId), default)));
        await Task.WhenAll(approvals.Select(each => host.DeliverAsync(each)));

        var (wall, cpu) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        for (var count = 0; count < 10; count++)
        {
            await host.DeliverAsync(new MetadataPinRequested
            {
                BatchId = ABatchId(AnId().ToString()), Campaign = Campaign, AssetIds = [.. approvals.Select(each => each.AssetId)],
            });
        }

        output.WriteLine($"batches of 500: {wall.Elapsed.TotalMilliseconds / 10:F0} ms each, "
            + $"{(Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds / 5000:F3} ms of processor an asset");
    }

    private async Task MeasureAsync(string what, List<AssetApproved> approvals)
    {
        var (wall, cpu) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        await Task.WhenAll(approvals.Select(each => host.DeliverAsync(each)));
        output.WriteLine($"{what}: {Assets / wall.Elapsed.TotalSeconds:F0} assets/s, "
            + $"{(Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds / Assets:F3} ms of processor an asset");
    }
}
