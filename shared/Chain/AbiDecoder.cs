using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Platform.Chain;

/// <summary>What decoding may cost at most; bytes from a chain are written by strangers.</summary>
/// <remarks>
/// Offsets may point twice at the same bytes, so a small input can describe an enormous value: what is
/// limited is
/// what comes out. A byte string costs nothing, because it shares the input's memory.
/// </remarks>
public sealed record AbiLimits
{
    public static AbiLimits Default { get; } = new();

    /// <summary>Values in all, arrays and tuples among them.</summary>
    public int MaxValues { get; init; } = 1 << 20;

    /// <summary>Bytes of UTF-8 turned into texts in all.</summary>
    public int MaxTextBytes { get; init; } = 1 << 24;
}

/// <summary>
/// Reads values as the contract ABI writes them; see <see cref="AbiType"/> for what they become.
/// </summary>
/// <remarks>
/// As strict as Solidity's own decoder: every offset and length is checked, a value must lie in its type's
/// range,
/// and bytes after the last value are allowed. Padding behind a byte string is not looked at, nor need it be
/// there.
/// </remarks>
public static class AbiDecoder
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Decodes the members of one tuple, which is what arguments and return values are.</summary>
    /// <exception cref="AbiException">The bytes are not of these types, or a limit is passed; it names the
    /// offset.</exception>
    public static object[] Decode(IReadOnlyList<AbiType> types, ReadOnlyMemory<byte> data, AbiLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(types);

        return new Reader(data, limits ?? AbiLimits.Default).Members(types, 0);
    }

    private sealed class Reader(ReadOnlyMemory<byte> data, AbiLimits limits)
    {
        private int values;
        private int textBytes;

        public object[] Members(IReadOnlyList<AbiType> types, int origin)
        {
            Spend(types.Count, origin);
            var members = new object[types.Count];
            var head = origin;

            for (var i = 0; i < types.Count; i++)
            {
                members[i] = InHead(types[i], origin, head);
                head += types[i].HeadLength;
            }

            return members;
        }

        private object[] Elements(AbiType element, int count, int origin)
        {
            // Before the memory for them is taken: each has its place in the head.
            if ((long)count * element.HeadLength > data.Length - origin)
            {
                throw AbiException.At(origin, $"{count} elements of {element} do not fit the data.");
            }

            Spend(count, origin);
            var elements = new object[count];

            for (var i = 0; i < count; i++)
            {
                elements[i] = InHead(element, origin, origin + (i * element.HeadLength));
            }

            return elements;
        }

        private object InHead(AbiType type, int origin, int head) =>
            Value(type, type.IsDynamic ? origin + Count(head, data.Length - origin, "offset") : head);

        private object Value(AbiType type, int at) => type switch
        {
            AbiType.UnsignedInteger number => Unsigned(at, number),
            AbiType.SignedInteger number => Signed(at, number),
            AbiType.Account => new Address(Aligned(at, 12, 32, type)),
            AbiType.Boolean => Truth(at, type),
            AbiType.FixedBytes { Length: Hash32.Length } => new Hash32(Word(at)),
            AbiType.FixedBytes fixedBytes => Fixed(at, fixedBytes),
            AbiType.Bytes => Bytes(at),
            AbiType.Text => Text(at),
            AbiType.DynamicArray array => Elements(array.Element, Count(at, limits.MaxValues, "length"), at + 32),
            AbiType.FixedArray array => Elements(array.Element, array.Length, at),
            AbiType.Tuple tuple => Members(tuple.Members, at),
            _ => throw AbiException.At(at, $"{type} cannot be decoded."),
        };

        private ReadOnlySpan<byte> Word(int at) => at >= 0 && at <= data.Length - 32
            ? data.Span.Slice(at, 32)
            : throw AbiException.At(at, $"The data's {data.Length} bytes end before this word does.");

        /// <summary>A part of a word whose other bytes must be zero.</summary>
        private ReadOnlySpan<byte> Aligned(int at, int start, int end, AbiType type)
        {
            var word = Word(at);

            return word[..start].ContainsAnyExcept((byte)0) || word[end..].ContainsAnyExcept((byte)0)
                ? throw AbiException.At(at, $"More bytes than {type} has are set.")
                : word[start..end];
        }

        private bool Truth(int at, AbiType type) => Aligned(at, 31, 32, type)[0] switch
        {
            0 => false,
            1 => true,
            var other => throw AbiException.At(at, $"{other} is no bool."),
        };

        private BigInteger Unsigned(int at, AbiType.UnsignedInteger type) =>
            new(Aligned(at, 32 - (type.Bits / 8), 32, type), isUnsigned: true, isBigEndian: true);

        private BigInteger Signed(int at, AbiType.SignedInteger type)
        {
            var value = new BigInteger(Word(at), isUnsigned: false, isBigEndian: true);

            return value.GetBitLength() < type.Bits
                ? value
                : throw AbiException.At(at, $"{value} does not fit {type}.");
        }

        private ReadOnlyMemory<byte> Fixed(int at, AbiType.FixedBytes type)
        {
            _ = Aligned(at, 0, type.Length, type);

            return data.Slice(at, type.Length);
        }

        private ReadOnlyMemory<byte> Bytes(int at)
        {
            var length = Count(at, int.MaxValue, "length");

            return length <= data.Length - at - 32
                ? data.Slice(at + 32, length)
                : throw AbiException.At(at, $"{length} bytes do not fit the data.");
        }

        private string Text(int at)
        {
            var bytes = Bytes(at);
            textBytes = bytes.Length <= limits.MaxTextBytes - textBytes
                ? textBytes + bytes.Length
                : throw AbiException.At(at, $"The texts have more than {limits.MaxTextBytes} bytes.");

            try
            {
                return Utf8.GetString(bytes.Span);
            }
            catch (DecoderFallbackException notUtf8)
            {
                throw new AbiException($"The text is not valid UTF-8 (at offset {at})", notUtf8) { Offset = at };
            }
        }

        private int Count(int at, int limit, string what)
        {
            var word = Word(at);
            var count = BinaryPrimitives.ReadUInt32BigEndian(word[28..]);

            return !word[..28].ContainsAnyExcept((byte)0) && count <= (uint)limit
                ? (int)count
                : throw AbiException.At(at, $"The {what} here is more than {limit}.");
        }

        private void Spend(int count, int at) => values = count <= limits.MaxValues - values
            ? values + count
            : throw AbiException.At(at, $"There are more than {limits.MaxValues} values.");
    }
}
