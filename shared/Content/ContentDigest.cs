using System.Buffers;
using System.Security.Cryptography;

namespace Platform.Content;

/// <summary>The key of content: SHA-256, lower-case hex.</summary>
public static class ContentDigest
{
    /// <summary>Characters of a digest.</summary>
    public const int Length = 64;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>The digest of bytes.</summary>
    public static string Of(ReadOnlySpan<byte> bytes)
    {
        Span<byte> digest = stackalloc byte[Multihash.Sha256Length];
        SHA256.HashData(bytes, digest);
        return Convert.ToHexStringLower(digest);
    }

    /// <summary>Whether text is 64 lower-case hex digits.</summary>
    public static bool IsValid(string? text)
    {
        return text is { Length: Length } && !text.AsSpan().ContainsAnyExcept(HexDigits);
    }

    /// <summary>The raw CIDv1 with the same digest: the CID of the content as one block.</summary>
    /// <exception cref="ArgumentException">Not a digest.</exception>
    public static Cid ToRawCid(string digest)
    {
        Require(digest);
        return Cid.Raw(Convert.FromHexString(digest));
    }

    internal static void Require(string digest)
    {
        if (!IsValid(digest))
        {
            throw new ArgumentException(
                $"'{Multibase.Shorten(digest)}' is no digest: 64 lower-case hex digits.", nameof(digest));
        }
    }
}
