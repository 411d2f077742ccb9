using System.Buffers.Binary;

namespace Platform.EmbeddedMongo;

/// <summary>One field of a document that was validated at the door, as a view of its bytes.</summary>
internal readonly ref struct Element(byte type, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, int start)
{
    public byte Type { get; } = type;

    public ReadOnlySpan<byte> Name { get; } = name;

    public ReadOnlySpan<byte> Value { get; } = value;

    /// <summary>Where the value starts in the span the reader was given.</summary>
    public int Start { get; } = start;

    public Element(byte type, ReadOnlySpan<byte> value)
        : this(type, default, value, 0)
    {
    }
}

/// <summary>Walks the fields of a document or the elements of an array.</summary>
internal ref struct ElementReader(ReadOnlySpan<byte> root, int start = 0)
{
    private readonly ReadOnlySpan<byte> _root = root;
    private int _position = start + 4;

    public Element Current { get; private set; }

    public readonly ElementReader GetEnumerator() => this;

    public bool MoveNext()
    {
        var type = _root[_position];
        if (type == 0)
        {
            return false;
        }

        var nameStart = _position + 1;
        var nameLength = _root[nameStart..].IndexOf((byte)0);
        var valueStart = nameStart + nameLength + 1;
        var length = Bson.ValueLength(type, _root[valueStart..]);
        Current = new Element(
            type, _root.Slice(nameStart, nameLength), _root.Slice(valueStart, length), valueStart);
        _position = valueStart + length;
        return true;
    }
}

/// <summary>Reads lengths, numbers and texts out of validated BSON.</summary>
internal static class Bson
{
    public static readonly byte[] EmptyDocument = [5, 0, 0, 0, 0];

    public static int ValueLength(byte type, ReadOnlySpan<byte> value) => type switch
    {
        BsonType.Double or BsonType.DateTime or BsonType.Timestamp or BsonType.Int64 => 8,
        BsonType.String or BsonType.Code or BsonType.Symbol => 4 + Int32(value),
        BsonType.Document or BsonType.Array or BsonType.CodeWithScope => Int32(value),
        BsonType.Binary => 5 + Int32(value),
        BsonType.ObjectId => 12,
        BsonType.Boolean => 1,
        BsonType.Int32 => 4,
        BsonType.Decimal128 => 16,
        BsonType.DbPointer => 4 + Int32(value) + 12,
        BsonType.Regex => RegexLength(value),
        _ => 0,
    };

    public static int Int32(ReadOnlySpan<byte> value) => BinaryPrimitives.ReadInt32LittleEndian(value);

    public static long Int64(ReadOnlySpan<byte> value) => BinaryPrimitives.ReadInt64LittleEndian(value);

    public static double Double(ReadOnlySpan<byte> value) => BinaryPrimitives.ReadDoubleLittleEndian(value);

    /// <summary>The bytes of a string value, without its length and its closing zero.</summary>
    public static ReadOnlySpan<byte> Text(ReadOnlySpan<byte> value) => value.Slice(4, Int32(value) - 1);

    public static bool TryFind(ReadOnlySpan<byte> document, ReadOnlySpan<byte> name, out Element found)
    {
        foreach (var element in new ElementReader(document))
        {
            if (element.Name.SequenceEqual(name))
            {
                found = element;
                return true;
            }
        }

        found = default;
        return false;
    }

    /// <summary>The position a path component names in an array, or -1.</summary>
    public static int ArrayIndex(ReadOnlySpan<byte> name)
    {
        if (name.Length is 0 or > 9 || (name.Length > 1 && name[0] == '0'))
        {
            return -1;
        }

        var index = 0;
        foreach (var digit in name)
        {
            if (digit is < (byte)'0' or > (byte)'9')
            {
                return -1;
            }

            index = (index * 10) + digit - '0';
        }

        return index;
    }

    private static int RegexLength(ReadOnlySpan<byte> value)
    {
        var pattern = value.IndexOf((byte)0) + 1;
        return pattern + value[pattern..].IndexOf((byte)0) + 1;
    }
}
