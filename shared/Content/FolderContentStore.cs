using System.Security.Cryptography;

namespace Platform.Content;

/// <summary>Keeps content in a folder: <c>ab/cd/abcd…</c>, one file each.</summary>
/// <remarks>
/// A file is written under another name, flushed to the disk and renamed, so under its digest it is whole or
/// not there, whatever dies in between. Several processes may share the folder. A put finds out whether the
/// file in its place is intact, and replaces it if not. What a crash leaves lies in <c>incoming</c> and may
/// be deleted by hand.
/// </remarks>
public sealed class FolderContentStore(string folder) : IContentStore
{
    private const int BufferSize = 64 << 10;

    public async Task<string> PutAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var digest = ContentDigest.Of(bytes.Span);
        var path = PathOf(digest);

        if (!await IsIntactAsync(path, digest, bytes.Length, cancellation))
        {
            await WriteAsync(path, bytes, cancellation);
        }

        return digest;
    }

    public Task<Stream> OpenAsync(string digest, CancellationToken cancellation)
    {
        var path = PathOf(digest);
        cancellation.ThrowIfCancellationRequested();
        return Task.FromResult<Stream>(Open(path) ?? throw ContentNotFoundException.OfDigest(digest));
    }

    public async Task<ReadOnlyMemory<byte>?> FindAsync(string digest, CancellationToken cancellation)
    {
        await using var file = Open(PathOf(digest));

        if (file is null)
        {
            return null;
        }

        var bytes = new byte[file.Length];
        var length =
            await file.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation);

        return length == bytes.Length && ContentDigest.Of(bytes) == digest
            ? bytes
            : throw new CorruptContentException(digest);
    }

    public Task<bool> ContainsAsync(string digest, CancellationToken cancellation)
    {
        var path = PathOf(digest);
        cancellation.ThrowIfCancellationRequested();
        return Task.FromResult(File.Exists(path));
    }

    public Task DeleteAsync(string digest, CancellationToken cancellation)
    {
        var path = PathOf(digest);
        cancellation.ThrowIfCancellationRequested();

        if (File.Exists(path))
        {
            File.Delete(path);
        }

        return Task.CompletedTask;
    }

    private static FileStream? Open(string path)
    {
        try
        {
            return new(path, new FileStreamOptions
            {
                Access = FileAccess.Read,
                Share = FileShare.Read | FileShare.Delete,
                Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
                BufferSize = BufferSize,
            });
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static async Task<bool> IsIntactAsync(
        string path, string digest, long length, CancellationToken cancellation)
    {
        await using var file = Open(path);

        return file is not null && file.Length == length
            && Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellation)) == digest;
    }

    private async Task WriteAsync(string path, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        var incoming = Path.Combine(folder, "incoming");
        Directory.CreateDirectory(incoming);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var temporary = Path.Combine(incoming, Path.GetRandomFileName());

        try
        {
            await using (var file = new FileStream(temporary, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                Share = FileShare.None,
                Options = FileOptions.Asynchronous,
                PreallocationSize = bytes.Length,
                BufferSize = 0,
            }))
            {
                await file.WriteAsync(bytes, cancellation);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary); // gone after the rename; a failed write leaves nothing
        }
    }

    private string PathOf(string digest)
    {
        ContentDigest.Require(digest);
        return Path.Combine(folder, digest[..2], digest[2..4], digest);
    }
}
