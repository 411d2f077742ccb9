using System.Buffers;
using Microsoft.Extensions.Options;
using Microsoft.Win32.SafeHandles;
using Platform.Content;
using Platform.Hosting;

namespace Platform.Storage;

/// <summary>A content network of this machine alone: one CAR file a pin, one index entry a block.</summary>
/// <remarks>
/// A CAR is written under another name, flushed to the disk and renamed, so under its root it is whole or not there. A
/// crash before the index is written leaves a CAR that nothing finds; the redelivery writes both again. A restart
/// needs no scan. Any IPFS node takes the CARs as they are (<c>ipfs dag import</c>).
/// </remarks>
internal sealed class LocalContentNetwork : IContentNetwork
{
    // As long as any root written here (a CIDv1 of SHA-256), for the header is written before the root is known.
    private static readonly Cid Placeholder = Cid.Raw(new byte[Multihash.Sha256Length]);

    private readonly BlockIndex index;
    private readonly string folder;
    private readonly string incoming;

    public LocalContentNetwork(BlockIndex index, IOptions<PlatformOptions> options)
    {
        this.index = index;
        folder = Path.GetFullPath(Path.Combine(options.Value.Data, "ipfs"));
        incoming = Path.Combine(folder, "incoming");
        Directory.CreateDirectory(incoming);
    }

    public async Task<StagedDag> StageAsync(DagImport import, CancellationToken cancellation)
    {
        var temporary = Path.Combine(incoming, Path.GetRandomFileName());

        try
        {
            var (root, blocks) = await WriteAsync(temporary, import, cancellation);
            var car = CarOf(root.Cid);
            var path = Path.Combine(folder, car);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Move(temporary, path, overwrite: true);
            return new StagedDag(root, car, blocks);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ContentNetworkUnavailableException($"A CAR could not be written: {fault.Message}", fault);
        }
        finally
        {
            if (File.Exists(temporary)) // gone after the rename; a failed import leaves nothing
            {
                File.Delete(temporary);
            }
        }
    }

    public Task PinAsync(IReadOnlyList<StagedDag> dags, CancellationToken cancellation) => index.AddAsync(
        [.. dags.SelectMany(dag => dag.Blocks.Select(block =>
            (block.Cid, new BlockPlace(dag.Car, block.Offset, block.Length))))],
        cancellation);

    public async ValueTask<ReadOnlyMemory<byte>?> FindAsync(Cid cid, CancellationToken cancellation)
    {
        if (await index.FindAsync(cid, cancellation) is not { } place || Open(place) is not { } file)
        {
            return null;
        }

        using (file)
        {
            var bytes = GC.AllocateUninitializedArray<byte>(place.Length);
            return bytes.AsMemory(0, Read(file, place, bytes));
        }
    }

    public async ValueTask<bool> VerifyAsync(Cid cid, CancellationToken cancellation)
    {
        if (await index.FindAsync(cid, cancellation) is not { } place || Open(place) is not { } file)
        {
            return false;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(place.Length);
        try
        {
            using (file)
            {
                return cid.Verifies(buffer.AsSpan(0, Read(file, place, buffer.AsSpan(0, place.Length))));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <remarks>A CAR cut off gives too little, which cannot have the hash.</remarks>
    private static int Read(SafeFileHandle file, BlockPlace place, Span<byte> bytes)
    {
        var read = 0;
        while (read < bytes.Length && RandomAccess.Read(file, bytes[read..], place.Offset + read) is > 0 and var more)
        {
            read += more;
        }

        return read;
    }

    private static async Task<(DagRoot Root, List<CarEntry> Blocks)> WriteAsync(
        string path, DagImport import, CancellationToken cancellation)
    {
        var blocks = new List<CarEntry>();
        var written = new HashSet<Cid>();
        await using var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.None,
            BufferSize = 64 << 10,
        });

        var car = await CarWriter.CreateAsync(file, [Placeholder], cancellation);
        var root = await import(
            async (block, cancelled) =>
            {
                if (written.Add(block.Cid))
                {
                    blocks.Add(await car.WriteAsync(block, cancelled));
                }
            },
            cancellation);

        file.Position = 0;
        await CarWriter.CreateAsync(file, [root.Cid], cancellation);
        file.Flush(flushToDisk: true);
        return (root, blocks);
    }

    /// <summary>A folder by the last characters but one: the first ones are the same for all CIDs.</summary>
    private static string CarOf(Cid root)
    {
        var text = root.ToString();
        return Path.Combine(text[^3..^1], text + ".car");
    }

    private SafeFileHandle? Open(BlockPlace place)
    {
        try
        {
            return File.OpenHandle(
                Path.Combine(folder, place.Car),
                FileMode.Open,
                FileAccess.Read,
                FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
