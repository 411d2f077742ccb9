using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Numerics;

namespace Platform.Chain;

/// <summary>
/// Recursive Length Prefix, Ethereum's serialisation of byte strings and lists (yellow paper, appendix B).
/// </summary>
/// <remarks>
/// Decoding is canonical: a value has one encoding, so bytes that decode also encode to themselves. Lists
/// deeper
/// than <see cref="MaxDepth"/> are refused, so no input can exhaust the stack.
/// </remarks>
public static class Rlp
{
    /// <summary>How deep lists may nest; a transaction needs 4.</summary>
    public const int MaxDepth = 64;

    /// <summary>A byte string or a list of items.</summary>
    public abstract record Item
    {
        private Item()
        {
        }

        /// <summary>A byte string, possibly empty.</summary>
        public sealed record Text(ReadOnlyMemory<byte> Value) : Item
        {
            public bool Equals(Text? other) => other is not null && Value.Span.SequenceEqual(other.Value.Span);

            public override int GetHashCode()
            {
                var hash = default(HashCode);
                hash.AddBytes(Value.Span);

                return hash.ToHashCode();
            }

            /// <summary>The bytes as an unsigned integer without leading zeros; none are 0.</summary>
            /// <exception cref="RlpException">A leading zero, or more bytes than allowed.</exception>
            public BigInteger ToInteger(int maxBytes = Hash32.Length) =>
                Value.Length > maxBytes
                    ? throw new RlpException($"An integer of {Value.Length} bytes; {maxBytes} are allowed.")
                : Value.Length > 0 && Value.Span[0] == 0
                    ? throw new RlpException("An integer has a leading zero byte.")
                : new BigInteger(Value.Span, isUnsigned: true, isBigEndian: true);
        }

        /// <summary>A list of items, possibly empty.</summary>
        public sealed record List(ImmutableArray<Item> Items) : Item
        {
            public bool Equals(List? other) => other is not null && Items.SequenceEqual(other.Items);

            public override int GetHashCode()
            {
                var hash = default(HashCode);
                hash.Add(Items.Length);

                foreach (var item in Items)
                {
                    hash.Add(item);
                }

                return hash.ToHashCode();
            }
        }
    }

    /// <summary>A byte string.</summary>
    public static Item Bytes(ReadOnlyMemory<byte> value) => new Item.Text(value);

    /// <summary>An unsigned integer: big-endian without leading zeros, 0 as the empty string.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public static Item Integer(BigInteger value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);

        return new Item.Text(value.IsZero ? default : value.ToByteArray(isUnsigned: true, isBigEndian: true));
    }

    /// <summary>A list.</summary>
    public static Item List(params ReadOnlySpan<Item> items) => new Item.List([.. items]);

    /// <summary>Encodes an item.</summary>
    public static byte[] Encode(Item item) => Encode([], item);

    /// <summary>Encodes an item behind a prefix, such as an EIP-2718 type byte.</summary>
    public static byte[] Encode(ReadOnlySpan<byte> prefix, Item item)
    {
        ArgumentNullException.ThrowIfNull(item);
        var encoded = new byte[prefix.Length + LengthOf(item)];
        prefix.CopyTo(encoded);
        Write(encoded.AsSpan(prefix.Length), item);

        return encoded;
    }

    /// <summary>
    /// Decodes exactly one item, which must take all of the bytes. The item shares their memory.
    /// </summary>
    /// <exception cref="RlpException">Truncated, longer than its item, not canonical, or too
    /// deep.</exception>
    public static Item Decode(ReadOnlyMemory<byte> encoded)
    {
        var (item, length) = ReadItem(encoded, 0, 0);

        return length == encoded.Length
            ? item
            : throw new RlpException($"{encoded.Length - length} bytes follow the item at offset {length}.");
    }

    private static int LengthOf(Item item) => item switch
    {
        Item.Text { Value: { Length: 1 } one } when one.Span[0] < 0x80 => 1,
        Item.Text text => HeaderLength(text.Value.Length) + text.Value.Length,
        Item.List list => PayloadLength(list) is var payload ? HeaderLength(payload) + payload : 0,
        _ => throw new ArgumentException("An item is a byte string or a list.", nameof(item)),
    };

    private static int PayloadLength(Item.List list)
    {
        var length = 0;

        foreach (var item in list.Items)
        {
            length = checked(length + LengthOf(item));
        }

        return length;
    }

    private static int HeaderLength(int payload) => payload < 56 ? 1 : 1 + BytesIn(payload);

    private static int BytesIn(int value) => 4 - (BitOperations.LeadingZeroCount((uint)value) / 8);

    private static int Write(Span<byte> destination, Item item)
    {
        if (item is Item.Text text)
        {
            var bytes = text.Value.Span;
            var start = bytes.Length == 1 && bytes[0] < 0x80 ? 0 : WriteHeader(destination, 0x80, bytes.Length);
            bytes.CopyTo(destination[start..]);

            return start + bytes.Length;
        }

        var list = (Item.List)item;
        var written = WriteHeader(destination, 0xc0, PayloadLength(list));

        foreach (var child in list.Items)
        {
            written += Write(destination[written..], child);
        }

        return written;
    }

    private static int WriteHeader(Span<byte> destination, int kind, int payload)
    {
        if (payload < 56)
        {
            destination[0] = (byte)(kind + payload);
            return 1;
        }

        var length = BytesIn(payload);
        destination[0] = (byte)(kind + 55 + length);
        Span<byte> bigEndian = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bigEndian, payload);
        bigEndian[(4 - length)..].CopyTo(destination[1..]);

        return 1 + length;
    }

    private static (Item Item, int Length) ReadItem(ReadOnlyMemory<byte> encoded, int offset, int depth)
    {
        if (encoded.IsEmpty)
        {
            throw new RlpException($"The bytes end at offset {offset}, where an item must be.");
        }

        var first = encoded.Span[0];

        if (first < 0x80)
        {
            return (new Item.Text(encoded[..1]), 1);
        }

        var isList = first >= 0xc0;
        var (header, payload) = ReadHeader(encoded.Span, isList ? 0xc0 : 0x80, offset);
        var content = encoded.Slice(header, payload);

        if (!isList && payload == 1 && content.Span[0] < 0x80)
        {
            throw new RlpException($"The byte at offset {offset + 1} must stand for itself, without a header.");
        }

        return (isList ? ReadList(content, offset + header, depth) : new Item.Text(content), header + payload);
    }

    private static Item.List ReadList(ReadOnlyMemory<byte> content, int offset, int depth)
    {
        if (depth == MaxDepth)
        {
            throw new RlpException($"Lists nest deeper than {MaxDepth} at offset {offset}.");
        }

        var items = ImmutableArray.CreateBuilder<Item>();

        while (!content.IsEmpty)
        {
            var (item, length) = ReadItem(content, offset, depth + 1);
            items.Add(item);
            content = content[length..];
            offset += length;
        }

        return new Item.List(items.DrainToImmutable());
    }

    private static (int Header, int Payload) ReadHeader(ReadOnlySpan<byte> encoded, int kind, int offset)
    {
        var code = encoded[0] - kind;

        if (code < 56)
        {
            return code <= encoded.Length - 1
                ? (1, code)
                : throw new RlpException($"The item at offset {offset} has {encoded.Length - 1} of its {code} bytes.");
        }

        var lengthBytes = code - 55;

        if (lengthBytes > encoded.Length - 1)
        {
            throw new RlpException($"The length at offset {offset + 1} is cut off.");
        }

        if (encoded[1] == 0)
        {
            throw new RlpException($"The length at offset {offset + 1} has a leading zero byte.");
        }

        var payload = 0UL;

        foreach (var digit in encoded.Slice(1, lengthBytes))
        {
            payload = (payload << 8) | digit;
        }

        return payload < 56
                ? throw new RlpException($"The length {payload} at offset {offset + 1} needs no bytes of its own.")
            : payload > (ulong)(encoded.Length - 1 - lengthBytes)
                ? throw new RlpException($"The item at offset {offset} says it has {payload} bytes; there are fewer.")
            : (1 + lengthBytes, (int)payload);
    }
}

/// <summary>Bytes that are not the canonical RLP they should be.</summary>
public sealed class RlpException : FormatException
{
    public RlpException()
    {
    }

    public RlpException(string message)
        : base(message)
    {
    }

    public RlpException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
