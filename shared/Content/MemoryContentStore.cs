using System.Collections.Concurrent;

namespace Platform.Content;

/// <summary>Keeps content in memory, for tests and for hosts without a disk.</summary>
public sealed class MemoryContentStore : IContentStore
{
    private readonly ConcurrentDictionary<string, byte[]> _contents = new(StringComparer.Ordinal);

    public Task<string> PutAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var copy = bytes.ToArray();
        var digest = ContentDigest.Of(copy);
        _contents.TryAdd(digest, copy);
        return Task.FromResult(digest);
    }

    public async Task<Stream> OpenAsync(string digest, CancellationToken cancellation)
    {
        var bytes = await FindAsync(digest, cancellation) ?? throw ContentNotFoundException.OfDigest(digest);
        return new MemoryStream(bytes.ToArray(), writable: false);
    }

    public Task<ReadOnlyMemory<byte>?> FindAsync(string digest, CancellationToken cancellation)
    {
        ContentDigest.Require(digest);
        cancellation.ThrowIfCancellationRequested();
        return Task.FromResult(_contents.TryGetValue(digest, out var bytes)
            ? bytes
            : default(ReadOnlyMemory<byte>?));
    }

    public Task<bool> ContainsAsync(string digest, CancellationToken cancellation)
    {
        ContentDigest.Require(digest);
        cancellation.ThrowIfCancellationRequested();
        return Task.FromResult(_contents.ContainsKey(digest));
    }

    public Task DeleteAsync(string digest, CancellationToken cancellation)
    {
        ContentDigest.Require(digest);
        cancellation.ThrowIfCancellationRequested();
        _contents.TryRemove(digest, out _);
        return Task.CompletedTask;
    }
}
