using System.Buffers;
using System.Security.Cryptography;

namespace Platform.Content;

/// <summary>
/// A digest that says which function made it: function code, length, bytes (multiformats multihash).
/// </summary>
public static class Multihash
{
    /// <summary>The code of SHA-256, the only function verified here.</summary>
    public const ulong Sha256 = 0x12;

    /// <summary>The code of "no hash": the digest is the content itself.</summary>
    public const ulong Identity = 0x00;

    /// <summary>Bytes. Beyond that an identity hash would smuggle content into addresses.</summary>
    public const int MaximumDigestLength = 128;

    /// <summary>Bytes of a SHA-256 digest.</summary>
    public const int Sha256Length = 32;

    /// <summary>Function code, length and digest as bytes.</summary>
    /// <exception cref="ArgumentException">
    /// The digest is not as long as its function makes it, or over 128 bytes.
    /// </exception>
    public static byte[] Encode(ulong function, ReadOnlySpan<byte> digest)
    {
        if (ExplainLength(function, digest.Length) is { } reason)
        {
            throw new ArgumentException($"Not a multihash: {reason}.", nameof(digest));
        }

        Span<byte> head = stackalloc byte[2 * Varint.MaximumLength];
        var length = Varint.Write(head, function);
        length += Varint.Write(head[length..], (ulong)digest.Length);
        return [.. head[..length], .. digest];
    }

    /// <summary>Whether content has the digest.</summary>
    /// <exception cref="NotSupportedException">The function is neither SHA-256 nor identity.</exception>
    public static bool Verifies(ulong function, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> content)
    {
        switch (function)
        {
            case Sha256:
                Span<byte> actual = stackalloc byte[Sha256Length];
                SHA256.HashData(content, actual);
                return digest.SequenceEqual(actual);
            case Identity:
                return digest.SequenceEqual(content);
            default:
                throw new NotSupportedException(
                    $"Hash function 0x{function:x} is not verified here, only SHA-256.");
        }
    }

    /// <summary>Null, or the reason why no multihash begins at <paramref name="start"/>.</summary>
    internal static string? Explain(
        ReadOnlySpan<byte> bytes, int start, out ulong function, out int digestStart, out int end)
    {
        digestStart = end = start;

        if (Varint.Read(bytes[start..], out function, out var length) is not OperationStatus.Done and var fault)
        {
            return $"the hash function at byte {start} {Varint.Explain(fault)}";
        }

        var at = start + length;

        if (Varint.Read(bytes[at..], out var size, out length) is not OperationStatus.Done and var second)
        {
            return $"the digest's length at byte {at} {Varint.Explain(second)}";
        }

        digestStart = at + length;

        if (ExplainLength(function, size) is { } reason)
        {
            return $"at byte {at} {reason}";
        }

        end = digestStart + (int)size;
        return end <= bytes.Length
            ? null
            : $"the digest at byte {digestStart} has {bytes.Length - digestStart} of {size} bytes";
    }

    private static string? ExplainLength(ulong function, long size)
    {
        return ExplainLength(function, (ulong)size);
    }

    private static string? ExplainLength(ulong function, ulong size)
    {
        return (function, size) switch
        {
            (Sha256, not Sha256Length) => $"a SHA-256 digest of {size} bytes instead of {Sha256Length}",
            (_, > MaximumDigestLength) => $"a digest of {size} bytes, more than {MaximumDigestLength}",
            _ => null,
        };
    }
}
