namespace Platform.Content;

/// <summary>Keeps bytes under their SHA-256 digest, written as lower-case hex.</summary>
/// <remarks>
/// What is kept never changes, so putting twice is putting once, from any number of threads and processes. A
/// digest that is not 64 lower-case hex digits is an ArgumentException everywhere.
/// </remarks>
public interface IContentStore
{
    /// <summary>Keeps the bytes and answers their digest; kept for good once it returns.</summary>
    Task<string> PutAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation);

    /// <summary>
    /// A seekable stream of the bytes, unverified: whoever must be sure hashes as they read.
    /// </summary>
    /// <exception cref="ContentNotFoundException">Nothing is kept under the digest.</exception>
    Task<Stream> OpenAsync(string digest, CancellationToken cancellation);

    /// <summary>The bytes, verified, or null if nothing is kept under the digest.</summary>
    /// <exception cref="CorruptContentException">The bytes kept have another digest.</exception>
    Task<ReadOnlyMemory<byte>?> FindAsync(string digest, CancellationToken cancellation);

    /// <summary>Whether something is kept under the digest.</summary>
    Task<bool> ContainsAsync(string digest, CancellationToken cancellation);

    /// <summary>Forgets the bytes; nothing happens if there are none.</summary>
    Task DeleteAsync(string digest, CancellationToken cancellation);
}
