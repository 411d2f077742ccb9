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

    [Fact(Explicit = true)]
    public async Task Memory_while_a_large_file_is_streamed()
    {
        const int Size = 512 << 20;
        var network = host.Get<IContentNetwork>();
        var dag = await network.StageAsync(
            (sink, cancellation) => UnixFsFile.ImportAsync(new Counting(Size), UnixFsProfile.V1_2025, sink, cancellation), default);
        await network.PinAsync([dag], default);

        foreach (var query in new[] { "", "?format=car" })
        {
            var (wall, live) = (Stopwatch.StartNew(), 0L);
            using var client = host.Client();
            await using var stream = await client.GetStreamAsync($"/ipfs/{dag.Root.Cid}{query}");
            var buffer = new byte[1 << 20];
            var total = 0L;
            while (await stream.ReadAsync(buffer) is > 0 and var read)
            {
                total += read;
                if (total >> 26 != (total - read) >> 26)
                {
                    live = Math.Max(live, GC.GetTotalMemory(forceFullCollection: true));
                }
            }

            output.WriteLine($"{total} bytes {query}: {total / wall.Elapsed.TotalSeconds / 1e6:F0} MB/s, {live / 1e6:F0} MB live at most");
        }
    }

    private async Task MeasureAsync(string what, List<AssetApproved> approvals)
    {
        var (wall, cpu) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        await Task.WhenAll(approvals.Select(each => host.DeliverAsync(each)));
        output.WriteLine($"{what}: {Assets / wall.Elapsed.TotalSeconds:F0} assets/s, "
            + $"{(Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds / Assets:F3} ms of processor an asset");
    }

    /// <summary>Bytes without end but one, every leaf different.</summary>
    private sealed class Counting(long size) : Stream
    {
        private long at;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => size;

        public override long Position { get => at; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            count = (int)Math.Min(count, size - at);
            for (var index = 0; index < count; index++)
            {
                buffer[offset + index] = (byte)((at + index) * 2654435761L >> 24);
            }

            at += count;
            return count;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
