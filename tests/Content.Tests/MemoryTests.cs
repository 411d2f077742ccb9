namespace Platform.Content.Tests;

/// <summary>Alone, because it counts what the whole process allocates.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

[Collection(nameof(Alone))]
public sealed class MemoryTests
{
    private const long MiB = 1 << 20;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Importing_256_MiB_allocates_less_than_8()
    {
        var before = GC.GetTotalAllocatedBytes(precise: true);

        var root = await UnixFsFile.ImportAsync(
            new GeneratedStream(256 * MiB), UnixFsProfile.V1_2025, Discard, Cancellation);

        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        Assert.Equal((256 * MiB, 257), (root.Size, root.Blocks));
        Assert.InRange(allocated, 0, 8 * MiB);
    }

    [Fact]
    public async Task A_car_of_128_MiB_is_written_and_read_in_less_than_16()
    {
        var path = Path.GetTempFileName();

        try
        {
            var root = await UnixFsFile.ImportAsync(
                new GeneratedStream(128 * MiB), UnixFsProfile.V1_2025, Discard, Cancellation);
            var before = GC.GetTotalAllocatedBytes(precise: true);
            await WriteAsync(path, root.Cid);

            var (blocks, bytes) = await ReadAsync(path);

            Assert.Equal(root.Blocks, blocks);
            Assert.True(bytes > 128 * MiB);
            Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 16 * MiB);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static ValueTask Discard(Block block, CancellationToken cancellation)
    {
        return ValueTask.CompletedTask;
    }

    /// <summary>
    /// A CAR begins with its root, so the file is imported twice: once for the address, once for the blocks.
    /// </summary>
    private static async Task WriteAsync(string path, Cid root)
    {
        await using var file = File.Create(path);
        var car = await CarWriter.CreateAsync(file, [root], Cancellation);

        await UnixFsFile.ImportAsync(
            new GeneratedStream(128 * MiB),
            UnixFsProfile.V1_2025,
            async (block, cancellation) => await car.WriteAsync(block, cancellation),
            Cancellation);
    }

    private static async Task<(long Blocks, long Bytes)> ReadAsync(string path)
    {
        await using var file = File.OpenRead(path);
        var reader = await CarReader.OpenAsync(file, Cancellation);
        var (blocks, bytes) = (0L, 0L);

        await foreach (var block in reader.ReadAsync(Cancellation))
        {
            blocks++;
            bytes += block.Length;
        }

        return (blocks, bytes);
    }
}
