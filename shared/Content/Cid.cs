using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Platform.Content;

/// <summary>
/// The address of a block: which format it has, and the hash of its bytes (CIDv0 and CIDv1).
/// </summary>
/// <remarks>
/// An immutable value over its bytes: two texts of one CID in different bases are equal, while a v0 and the
/// v1 of the same hash are two CIDs (<see cref="ToV1"/> brings them together). Safe to share between threads.
/// </remarks>
public sealed class Cid : IEquatable<Cid>, IComparable<Cid>
{
    /// <summary>Bytes: three varints, the digest's length and the longest digest.</summary>
    public const int MaximumLength = (4 * Varint.MaximumLength) + Multihash.MaximumDigestLength;

    private const int Version0Length = 2 + Multihash.Sha256Length;

    private readonly byte[] _bytes;
    private readonly int _digestStart;

    private Cid(byte[] bytes, int version, ulong codec, ulong hashFunction, int digestStart)
    {
        _bytes = bytes;
        _digestStart = digestStart;
        Version = version;
        Codec = codec;
        HashFunction = hashFunction;
    }

    /// <summary>0 or 1.</summary>
    public int Version { get; }

    /// <summary>The block's format, see <see cref="Multicodec"/>; always dag-pb for version 0.</summary>
    public ulong Codec { get; }

    /// <summary>The code of the function that made the digest, see <see cref="Multihash"/>.</summary>
    public ulong HashFunction { get; }

    /// <summary>The hash of the block; for identity, the block itself.</summary>
    public ReadOnlySpan<byte> Digest => _bytes.AsSpan(_digestStart);

    /// <summary>The binary form, as CAR files and dag-pb links hold it.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    internal ReadOnlyMemory<byte> DigestMemory => _bytes.AsMemory(_digestStart);

    public static bool operator ==(Cid? left, Cid? right)
    {
        return Equals(left, right);
    }

    public static bool operator !=(Cid? left, Cid? right)
    {
        return !Equals(left, right);
    }

    public static bool operator <(Cid? left, Cid? right)
    {
        return Comparer<Cid>.Default.Compare(left, right) < 0;
    }

    public static bool operator <=(Cid? left, Cid? right)
    {
        return Comparer<Cid>.Default.Compare(left, right) <= 0;
    }

    public static bool operator >(Cid? left, Cid? right)
    {
        return Comparer<Cid>.Default.Compare(left, right) > 0;
    }

    public static bool operator >=(Cid? left, Cid? right)
    {
        return Comparer<Cid>.Default.Compare(left, right) >= 0;
    }

    /// <summary>
    /// Reads base32, base58btc, base16 or base36 multibase text, or a bare CIDv0 (<c>Qm…</c>).
    /// </summary>
    /// <exception cref="FormatException">Names what is wrong and where.</exception>
    public static Cid Parse(string text)
    {
        return Explain(text, out var cid) is { } reason
            ? throw new FormatException($"'{Multibase.Shorten(text)}' is not a CID: {reason}.")
            : cid!;
    }

    /// <summary>As <see cref="Parse"/>, false instead of an exception.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Cid? cid)
    {
        cid = null;
        return text is not null && Explain(text, out cid) is null;
    }

    /// <summary>Reads a binary CID that takes up all the bytes.</summary>
    /// <exception cref="FormatException">Names what is wrong and at which byte.</exception>
    public static Cid Decode(ReadOnlySpan<byte> bytes)
    {
        return Explain(bytes, whole: true, out var cid, out _) is { } reason
            ? throw new FormatException($"Not a binary CID: {reason}.")
            : cid!;
    }

    /// <summary>Reads a binary CID at the beginning of the bytes, and how many of them it takes.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out Cid? cid, out int length)
    {
        return Explain(bytes, whole: false, out cid, out length) is null;
    }

    /// <summary>The CIDv1 of a raw block with this SHA-256 digest.</summary>
    /// <exception cref="ArgumentException">The digest does not have 32 bytes.</exception>
    public static Cid Raw(ReadOnlySpan<byte> sha256)
    {
        return Version1(Multicodec.Raw, Multihash.Encode(Multihash.Sha256, sha256));
    }

    /// <summary>The CIDv1 of a dag-pb block with this SHA-256 digest.</summary>
    /// <exception cref="ArgumentException">The digest does not have 32 bytes.</exception>
    public static Cid DagPb(ReadOnlySpan<byte> sha256)
    {
        return Version1(Multicodec.DagPb, Multihash.Encode(Multihash.Sha256, sha256));
    }

    /// <summary>The CIDv0 (<c>Qm…</c>) of a dag-pb block with this SHA-256 digest.</summary>
    /// <exception cref="ArgumentException">The digest does not have 32 bytes.</exception>
    public static Cid DagPbVersion0(ReadOnlySpan<byte> sha256)
    {
        return new(Multihash.Encode(Multihash.Sha256, sha256), 0, Multicodec.DagPb, Multihash.Sha256, 2);
    }

    /// <summary>The same block's address in version 1; itself if it is one.</summary>
    public Cid ToV1()
    {
        return Version == 1 ? this : DagPb(Digest);
    }

    /// <summary>Whether these bytes are the block this CID names.</summary>
    /// <exception cref="NotSupportedException">The hash function is neither SHA-256 nor identity.</exception>
    public bool Verifies(ReadOnlySpan<byte> block)
    {
        return Multihash.Verifies(HashFunction, Digest, block);
    }

    /// <summary>A copy of the binary form.</summary>
    public byte[] ToArray()
    {
        return [.. _bytes];
    }

    /// <summary>Lower-case base32 for version 1, bare base58btc for version 0.</summary>
    public override string ToString()
    {
        return Version == 0 ? Multibase.EncodeBase58(_bytes) : Multibase.Encode(Multibase.Base32, _bytes);
    }

    /// <summary>The text in another base, by its <see cref="Multibase"/> prefix.</summary>
    /// <exception cref="InvalidOperationException">Version 0 has one form only.</exception>
    public string ToString(char prefix)
    {
        return Version == 0
            ? throw new InvalidOperationException("A CIDv0 has no multibase form; ask its ToV1().")
            : Multibase.Encode(prefix, _bytes);
    }

    public bool Equals(Cid? other)
    {
        return other is not null && _bytes.AsSpan().SequenceEqual(other._bytes);
    }

    public override bool Equals(object? obj)
    {
        return Equals(obj as Cid);
    }

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(_bytes);
        return hash.ToHashCode();
    }

    /// <summary>By the bytes of the binary form.</summary>
    public int CompareTo(Cid? other)
    {
        return other is null ? 1 : _bytes.AsSpan().SequenceCompareTo(other._bytes);
    }

    /// <summary>Null, or the reason why no CID begins here.</summary>
    internal static string? Explain(ReadOnlySpan<byte> bytes, bool whole, out Cid? cid, out int length)
    {
        cid = null;
        length = 0;

        if (bytes is [0x12, 0x20, ..])
        {
            if (bytes.Length < Version0Length)
            {
                return $"a CIDv0 has {Version0Length} bytes, not {bytes.Length}";
            }

            length = Version0Length;
            cid = DagPbVersion0(bytes[2..Version0Length]);
            return ExplainRest(bytes, whole, length);
        }

        if (Varint.Read(bytes, out var version, out var size) is not OperationStatus.Done and var first)
        {
            return $"the version at byte 0 {Varint.Explain(first)}";
        }

        if (version != 1)
        {
            return $"version {version} at byte 0 is unknown";
        }

        if (Varint.Read(bytes[size..], out var codec, out var rest) is not OperationStatus.Done and var second)
        {
            return $"the codec at byte {size} {Varint.Explain(second)}";
        }

        if (Multihash.Explain(bytes, size + rest, out var function, out var digestStart, out length) is { } reason)
        {
            return reason;
        }

        cid = new(bytes[..length].ToArray(), 1, codec, function, digestStart);
        return ExplainRest(bytes, whole, length);
    }

    private static string? Explain(string text, out Cid? cid)
    {
        cid = null;

        if (text.StartsWith("Qm", StringComparison.Ordinal))
        {
            return text.Length != 46
                ? $"a CIDv0 has 46 characters, not {text.Length}"
                : Multibase.ExplainBase58(text, out var hash) ?? Explain(hash, whole: true, out cid, out _);
        }

        if (Multibase.Explain(text, out var bytes) is { } reason)
        {
            return reason;
        }

        return bytes is [0x12, ..]
            ? "a CIDv0 takes no multibase prefix"
            : Explain(bytes, whole: true, out cid, out _);
    }

    private static string? ExplainRest(ReadOnlySpan<byte> bytes, bool whole, int length)
    {
        return whole && bytes.Length > length
            ? $"{bytes.Length - length} bytes too many from byte {length}"
            : null;
    }

    private static Cid Version1(ulong codec, byte[] multihash)
    {
        return new([1, (byte)codec, .. multihash], 1, codec, Multihash.Sha256, 4);
    }
}
