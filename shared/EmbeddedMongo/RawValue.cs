using System.Text;

namespace Platform.EmbeddedMongo;

/// <summary>A value that outlives the stack: a constant of a filter, an argument of a command, a key's field.</summary>
internal readonly struct RawValue(byte type, ReadOnlyMemory<byte> bytes)
{
    public static readonly RawValue Null = new(BsonType.Null, default);

    public byte Type { get; } = type;

    public ReadOnlyMemory<byte> Bytes { get; } = bytes;

    public ReadOnlySpan<byte> Span => Bytes.Span;

    public Element Element => new(Type, Bytes.Span);

    public bool IsDocument => Type == BsonType.Document;

    public bool IsNumber => BsonType.IsNumber(Type);

    public RawFields Fields => Type is BsonType.Document or BsonType.Array
        ? new(Bytes)
        : throw MongoError.WrongType($"expected an object or an array, found {BsonType.Name(Type)}");

    public string Text => Type is BsonType.String or BsonType.Symbol
        ? Encoding.UTF8.GetString(Bson.Text(Span))
        : throw MongoError.WrongType($"expected a string, found {BsonType.Name(Type)}");

    /// <summary>True for `true` and for every number but zero, as MongoDB reads its flags.</summary>
    public bool IsTrue => Type switch
    {
        BsonType.Boolean => Span[0] != 0,
        BsonType.Null or BsonType.Undefined => false,
        BsonType.Int32 or BsonType.Int64 or BsonType.Double => ToDouble() != 0,
        _ => true,
    };

    public static RawValue Of(int number)
    {
        var bytes = new byte[4];
        BitConverter.TryWriteBytes(bytes, number);
        return new RawValue(BsonType.Int32, bytes);
    }

    public static RawValue Of(long number)
    {
        var bytes = new byte[8];
        BitConverter.TryWriteBytes(bytes, number);
        return new RawValue(BsonType.Int64, bytes);
    }

    public static RawValue Of(double number)
    {
        var bytes = new byte[8];
        BitConverter.TryWriteBytes(bytes, number);
        return new RawValue(BsonType.Double, bytes);
    }

    public static RawValue Copy(Element element) => new(element.Type, element.Value.ToArray());

    public double ToDouble() => Type switch
    {
        BsonType.Int32 => Bson.Int32(Span),
        BsonType.Int64 => Bson.Int64(Span),
        BsonType.Double => Bson.Double(Span),
        BsonType.Decimal128 => Decimal128.Read(Span).ToDouble(),
        _ => double.NaN,
    };

    /// <summary>The whole number this value is, if it is one.</summary>
    public bool TryGetInteger(out long number)
    {
        switch (Type)
        {
            case BsonType.Int32:
                number = Bson.Int32(Span);
                return true;
            case BsonType.Int64:
                number = Bson.Int64(Span);
                return true;
            case BsonType.Double or BsonType.Decimal128:
                var real = ToDouble();
                number = double.Abs(real) < 9e18 ? (long)real : 0;
                return number == real;
            default:
                number = 0;
                return false;
        }
    }

    public bool IdenticalTo(RawValue other) => Type == other.Type && Span.SequenceEqual(other.Span);
}

/// <summary>A named value.</summary>
internal readonly struct RawField(ReadOnlyMemory<byte> name, RawValue value)
{
    public ReadOnlyMemory<byte> NameBytes { get; } = name;

    public RawValue Value { get; } = value;

    public string Name => Encoding.UTF8.GetString(NameBytes.Span);
}

/// <summary>The fields of a document held in memory.</summary>
internal readonly struct RawFields(ReadOnlyMemory<byte> document)
{
    public ReadOnlyMemory<byte> Bytes => document;

    public bool IsEmpty => document.Length <= 5;

    public Enumerator GetEnumerator() => new(document);

    public int Count()
    {
        var count = 0;
        foreach (var _ in this)
        {
            count++;
        }

        return count;
    }

    public bool TryFind(string name, out RawValue value)
    {
        foreach (var field in this)
        {
            if (field.Name == name)
            {
                value = field.Value;
                return true;
            }
        }

        value = default;
        return false;
    }

    public struct Enumerator(ReadOnlyMemory<byte> document)
    {
        private int _position = 4;

        public RawField Current { get; private set; }

        public bool MoveNext()
        {
            var span = document.Span;
            var type = span[_position];
            if (type == 0)
            {
                return false;
            }

            var nameStart = _position + 1;
            var nameLength = span[nameStart..].IndexOf((byte)0);
            var valueStart = nameStart + nameLength + 1;
            var length = Bson.ValueLength(type, span[valueStart..]);
            Current = new RawField(
                document.Slice(nameStart, nameLength),
                new RawValue(type, document.Slice(valueStart, length)));
            _position = valueStart + length;
            return true;
        }
    }
}
