using System.Security.Cryptography;
using System.Text;

namespace Platform.Mongo;

/// <summary>UUIDv8 (RFC 9562) over SHA-256: the same text is the same id, for ever.</summary>
public static class DerivedGuid
{
    public static Guid From(string text) => From(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <param name="digest">At least 16 bytes; the first 16 are used, but for version and variant bits.</param>
    public static Guid From(ReadOnlySpan<byte> digest)
    {
        Span<byte> bytes = stackalloc byte[16];
        digest[..16].CopyTo(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
