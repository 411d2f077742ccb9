using System.Buffers.Binary;
using System.Text.Json.Serialization;

namespace Platform.Chain;

/// <summary>32 bytes: a transaction's or block's hash, a topic, a <c>bytes32</c>.</summary>
/// <remarks>
/// A value: four words in big-endian order, so equality, hashing and order need no memory of their own.
/// </remarks>
[JsonConverter(typeof(Hash32JsonConverter))]
public readonly record struct Hash32 : IComparable<Hash32>
{
    /// <summary>The number of bytes.</summary>
    public const int Length = 32;

    private readonly ulong first;
    private readonly ulong second;
    private readonly ulong third;
    private readonly ulong fourth;

    /// <summary>Takes exactly 32 bytes.</summary>
    /// <exception cref="ArgumentException">There are more or fewer.</exception>
    public Hash32(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length)
        {
            throw new ArgumentException($"A 32-byte value cannot have {bytes.Length} bytes.", nameof(bytes));
        }

        first = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        second = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        third = BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]);
        fourth = BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]);
    }

    /// <summary>32 zero bytes.</summary>
    public static Hash32 Zero => default;

    /// <summary>Reads 64 hexadecimal digits after <c>0x</c>, in any case.</summary>
    /// <exception cref="FormatException">Anything else.</exception>
    public static Hash32 Parse(string text) =>
        TryParse(text, out var hash, out var error) ? hash : throw new FormatException(error);

    /// <summary>As <see cref="Parse"/>, telling by its answer whether it could.</summary>
    public static bool TryParse(string? text, out Hash32 hash) => TryParse(text, out hash, out _);

    /// <summary>As <see cref="Parse"/>; the error says what is wrong and what it should be.</summary>
    public static bool TryParse(string? text, out Hash32 hash, out string? error)
    {
        hash = default;
        Span<byte> bytes = stackalloc byte[Length];

        if (text is null || !text.StartsWith("0x", StringComparison.Ordinal))
        {
            error = "A 32-byte value must start with 0x.";
            return false;
        }

        if (text.Length != 2 + (2 * Length))
        {
            error = $"A 32-byte value must have 64 hexadecimal digits after 0x, this has {text.Length - 2}.";
            return false;
        }

        if (!Hex.TryDecode(text.AsSpan(2), bytes))
        {
            error = "A 32-byte value must have hexadecimal digits (0-9, a-f) only.";
            return false;
        }

        hash = new Hash32(bytes);
        error = null;
        return true;
    }

    /// <summary>Writes the 32 bytes.</summary>
    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, first);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], second);
        BinaryPrimitives.WriteUInt64BigEndian(destination[16..], third);
        BinaryPrimitives.WriteUInt64BigEndian(destination[24..], fourth);
    }

    /// <summary>The 32 bytes in an array of their own.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[Length];
        CopyTo(bytes);

        return bytes;
    }

    /// <summary>Unsigned byte order.</summary>
    public int CompareTo(Hash32 other)
    {
        var order = first.CompareTo(other.first);
        order = order != 0 ? order : second.CompareTo(other.second);
        order = order != 0 ? order : third.CompareTo(other.third);

        return order != 0 ? order : fourth.CompareTo(other.fourth);
    }

    /// <summary><c>0x</c> and 64 lower-case digits.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Length];
        CopyTo(bytes);

        return Hex.Encode(bytes);
    }

    public static bool operator <(Hash32 left, Hash32 right) => left.CompareTo(right) < 0;

    public static bool operator >(Hash32 left, Hash32 right) => left.CompareTo(right) > 0;

    public static bool operator <=(Hash32 left, Hash32 right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Hash32 left, Hash32 right) => left.CompareTo(right) >= 0;
}
