using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;

namespace Platform.Content;

/// <summary>
/// Where a name belongs in a sharded directory: murmur3-x64-64 of it, eight bits a level, highest first.
/// </summary>
internal static class Hamt
{
    internal const ulong HashFunction = 0x22;
    internal const ulong Fanout = 256;

    /// <summary>Levels: the hash has eight bytes. Names that agree in all of them cannot be parted.</summary>
    internal const int Depth = 8;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789ABCDEF");

    internal static bool IsPlace(ReadOnlySpan<char> text)
    {
        return !text.ContainsAnyExcept(HexDigits);
    }

    internal static byte Place(ulong hash, int level)
    {
        return (byte)(hash >> (56 - (8 * level)));
    }

    /// <summary>The first 64 bits of MurmurHash3 x64 128, seed 0 (A. Appleby, public domain).</summary>
    internal static ulong Hash(ReadOnlySpan<byte> name)
    {
        const ulong C1 = 0x87c37b91114253d5;
        const ulong C2 = 0x4cf5ad432745937f;
        var (h1, h2) = (0UL, 0UL);
        var rest = name;

        for (; rest.Length >= 16; rest = rest[16..])
        {
            h1 ^= BitOperations.RotateLeft(BinaryPrimitives.ReadUInt64LittleEndian(rest) * C1, 31) * C2;
            h1 = ((BitOperations.RotateLeft(h1, 27) + h2) * 5) + 0x52dce729;
            h2 ^= BitOperations.RotateLeft(BinaryPrimitives.ReadUInt64LittleEndian(rest[8..]) * C2, 33) * C1;
            h2 = ((BitOperations.RotateLeft(h2, 31) + h1) * 5) + 0x38495ab5;
        }

        Span<byte> tail = stackalloc byte[16];
        rest.CopyTo(tail);
        h2 ^= BitOperations.RotateLeft(BinaryPrimitives.ReadUInt64LittleEndian(tail[8..]) * C2, 33) * C1;
        h1 ^= BitOperations.RotateLeft(BinaryPrimitives.ReadUInt64LittleEndian(tail) * C1, 31) * C2;
        h1 ^= (ulong)name.Length;
        h2 ^= (ulong)name.Length;
        h1 += h2;
        h2 += h1;
        return Mix(h1) + Mix(h2);
    }

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 33)) * 0xff51afd7ed558ccd;
        value = (value ^ (value >> 33)) * 0xc4ceb9fe1a85ec53;
        return value ^ (value >> 33);
    }
}
