using System.Buffers.Binary;
using System.Collections;
using System.Numerics;
using System.Text;

namespace Platform.Chain;

/// <summary>
/// Writes values as the contract ABI does (Solidity documentation, "Contract ABI Specification").
/// </summary>
public static class AbiEncoder
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>
    /// Encodes values as the members of one tuple, which is what arguments and return values are.
    /// </summary>
    /// <exception cref="AbiException">A value is not of its type or out of its range; the message names
    /// which.</exception>
    public static byte[] Encode(IReadOnlyList<AbiType> types, IReadOnlyList<object> values)
    {
        ArgumentNullException.ThrowIfNull(types);
        ArgumentNullException.ThrowIfNull(values);
        var encoded = new byte[MembersLength(types, values, "arguments")];
        WriteMembers(encoded, types, values, "arguments");

        return encoded;
    }

    private static int MembersLength(IReadOnlyList<AbiType> types, IReadOnlyList<object> values, string path)
    {
        if (types.Count != values.Count)
        {
            throw new AbiException($"{path}: {values.Count} values for {types.Count} types.");
        }

        var length = 0;

        for (var i = 0; i < types.Count; i++)
        {
            length = checked(length + types[i].HeadLength
                + (types[i].IsDynamic ? Length(types[i], values[i], $"{path}[{i}]") : 0));
        }

        return length;
    }

    private static int WriteMembers(
        Span<byte> destination, IReadOnlyList<AbiType> types, IReadOnlyList<object> values, string path)
    {
        var head = 0;
        var tail = types.Sum(type => type.HeadLength);

        for (var i = 0; i < types.Count; i++)
        {
            if (types[i].IsDynamic)
            {
                WriteCount(destination[head..], tail);
                tail += Write(destination[tail..], types[i], values[i], $"{path}[{i}]");
            }
            else
            {
                Write(destination[head..], types[i], values[i], $"{path}[{i}]");
            }

            head += types[i].HeadLength;
        }

        return tail;
    }

    /// <summary>How many bytes a value takes where it stands, without any offset to it.</summary>
    private static int Length(AbiType type, object value, string path) => type switch
    {
        AbiType.Bytes => 32 + Padded(BytesOf(value, path).Length),
        AbiType.Text => 32 + Padded(CountUtf8(value, path)),
        AbiType.DynamicArray array => 32 + ElementsLength(array.Element, ItemsOf(value, path), path),
        AbiType.FixedArray array => ElementsLength(array.Element, ItemsOf(value, path), path),
        AbiType.Tuple tuple => MembersLength(tuple.Members, ItemsOf(value, path), path),
        _ => 32,
    };

    private static int ElementsLength(AbiType element, IReadOnlyList<object> items, string path)
    {
        if (!element.IsDynamic)
        {
            return checked(items.Count * element.HeadLength);
        }

        var length = 0;

        for (var i = 0; i < items.Count; i++)
        {
            length = checked(length + 32 + Length(element, items[i], path));
        }

        return length;
    }

    private static int Write(Span<byte> destination, AbiType type, object value, string path)
    {
        switch (type)
        {
            case AbiType.UnsignedInteger number:
                WriteInteger(destination, IntegerOf(value, type, path), number.Bits, signed: false, type, path);
                return 32;
            case AbiType.SignedInteger number:
                WriteInteger(destination, IntegerOf(value, type, path), number.Bits, signed: true, type, path);
                return 32;
            case AbiType.Account:
                (value is Address address ? address : throw Wrong(value, type, path)).WriteTo(destination[12..]);
                return 32;
            case AbiType.Boolean:
                destination[31] = (value is bool truth ? truth : throw Wrong(value, type, path)) ? (byte)1 : (byte)0;
                return 32;
            case AbiType.FixedBytes fixedBytes:
                WriteFixed(destination, value, fixedBytes, path);
                return 32;
            case AbiType.Bytes:
                return WriteBytes(destination, BytesOf(value, path).Span);
            case AbiType.Text:
                return WriteBytes(destination, Utf8Of(value, path));
            case AbiType.DynamicArray array:
                var items = ItemsOf(value, path);
                WriteCount(destination, items.Count);
                return 32 + WriteElements(destination[32..], array.Element, items, path);
            case AbiType.FixedArray array:
                var elements = ItemsOf(value, path);
                return elements.Count == array.Length
                    ? WriteElements(destination, array.Element, elements, path)
                    : throw new AbiException($"{path}: {elements.Count} elements for {type}.");
            case AbiType.Tuple tuple:
                return WriteMembers(destination, tuple.Members, ItemsOf(value, path), path);
            default:
                throw Wrong(value, type, path);
        }
    }

    private static int WriteElements(Span<byte> destination, AbiType element, IReadOnlyList<object> items, string path)
    {
        var tail = items.Count * element.HeadLength;

        for (var i = 0; i < items.Count; i++)
        {
            var head = destination[(i * element.HeadLength)..];

            if (element.IsDynamic)
            {
                WriteCount(head, tail);
                tail += Write(destination[tail..], element, items[i], path);
            }
            else
            {
                Write(head, element, items[i], path);
            }
        }

        return tail;
    }

    private static void WriteInteger(
        Span<byte> destination, BigInteger value, int bits, bool signed, AbiType type, string path)
    {
        var fits = signed
            ? value.GetBitLength() < bits // BigInteger counts without the sign bit
            : value.Sign >= 0 && value.GetBitLength() <= bits;

        if (!fits)
        {
            throw new AbiException($"{path}: {value} does not fit {type}.");
        }

        var word = destination[..32];
        Span<byte> bytes = stackalloc byte[33];
        value.TryWriteBytes(bytes, out var length, isUnsigned: false, isBigEndian: true);
        word.Fill(value.Sign < 0 ? (byte)0xff : (byte)0);
        var number = bytes[Math.Max(0, length - 32)..length];
        number.CopyTo(word[(32 - number.Length)..]);
    }

    private static void WriteFixed(Span<byte> destination, object value, AbiType.FixedBytes type, string path)
    {
        if (value is Hash32 hash && type.Length == Hash32.Length)
        {
            hash.CopyTo(destination);
            return;
        }

        var bytes = BytesOf(value, path);

        if (bytes.Length != type.Length)
        {
            throw new AbiException($"{path}: {bytes.Length} bytes for {type}.");
        }

        bytes.Span.CopyTo(destination);
    }

    private static int WriteBytes(Span<byte> destination, ReadOnlySpan<byte> bytes)
    {
        WriteCount(destination, bytes.Length);
        bytes.CopyTo(destination[32..]);

        return 32 + Padded(bytes.Length);
    }

    private static void WriteCount(Span<byte> destination, int count) =>
        BinaryPrimitives.WriteInt32BigEndian(destination[28..], count);

    private static int Padded(int length) => checked(length + 31) & ~31;

    private static BigInteger IntegerOf(object value, AbiType type, string path) => value switch
    {
        BigInteger number => number,
        Wei wei => wei.Value,
        ulong number => number,
        long number => number,
        uint number => number,
        int number => number,
        ushort number => number,
        short number => number,
        byte number => number,
        sbyte number => number,
        _ => throw Wrong(value, type, path),
    };

    private static ReadOnlyMemory<byte> BytesOf(object value, string path) => value switch
    {
        ReadOnlyMemory<byte> memory => memory,
        Memory<byte> memory => memory,
        byte[] array => array,
        Hash32 hash => hash.ToArray(),
        _ => throw new AbiException($"{path}: {value?.GetType().Name ?? "null"} is no byte string."),
    };

    private static int CountUtf8(object value, string path) => Utf8Of(value, path).Length;

    private static byte[] Utf8Of(object value, string path)
    {
        try
        {
            return Utf8.GetBytes(value as string ?? throw new AbiException($"{path}: no string."));
        }
        catch (EncoderFallbackException unpaired)
        {
            throw new AbiException($"{path}: the text is not valid UTF-16.", unpaired);
        }
    }

    private static IReadOnlyList<object> ItemsOf(object value, string path) => value switch
    {
        IReadOnlyList<object> list => list,
        string or null => throw new AbiException($"{path}: {value?.GetType().Name ?? "null"} is no list."),
        IEnumerable items => [.. items.Cast<object>()],
        _ => throw new AbiException($"{path}: {value.GetType().Name} is no list."),
    };

    private static AbiException Wrong(object value, AbiType type, string path) =>
        new($"{path}: {value?.GetType().Name ?? "null"} is no {type}.");
}
