using System.Buffers.Binary;
using System.Globalization;

namespace Platform.EmbeddedMongo;

/// <summary>Writes values as bytes whose plain byte order is MongoDB's order of the values.</summary>
/// <remarks>
/// No value's key is the beginning of another's, in either direction: so everything that starts with a key
/// lies between the key and the key followed by 255, and a descending field is simply the inverted bytes.
/// </remarks>
internal sealed class KeyBuffer
{
    /// <summary>Follows a key to mean "after everything that starts with it"; no key contains it as a type.</summary>
    public const byte After = 0xFF;

    private byte[] _bytes = new byte[64];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public void Truncate(int length) => Length = length;

    public byte[] ToArray() => Span.ToArray();

    public static byte[] Of(scoped Element value, bool descending = false)
    {
        var buffer = new KeyBuffer();
        buffer.Value(value, descending);
        return buffer.ToArray();
    }

    public void Value(scoped Element value, bool descending = false)
    {
        var start = Length;
        Byte(BsonType.Rank(value.Type));
        Content(value);
        if (descending)
        {
            foreach (ref var one in _bytes.AsSpan(start, Length - start))
            {
                one = (byte)~one;
            }
        }
    }

    public void Raw(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Grow(bytes.Length));

    private void Content(scoped Element value)
    {
        switch (value.Type)
        {
            case BsonType.Double:
                Sortable(Bson.Double(value.Value));
                Byte(0);
                break;
            case BsonType.Int32:
                Sortable(Bson.Int32(value.Value));
                Byte(0);
                break;
            case BsonType.Int64:
                Integer(Bson.Int64(value.Value));
                break;
            case BsonType.Decimal128:
                Decimal(Decimal128.Read(value.Value));
                break;
            case BsonType.String or BsonType.Symbol or BsonType.Code:
                Text(Bson.Text(value.Value));
                break;
            case BsonType.Document:
                Fields(value.Value, named: true);
                break;
            case BsonType.Array:
                Fields(value.Value, named: false);
                break;
            case BsonType.Binary:
                BinaryPrimitives.WriteInt32BigEndian(Grow(4), value.Value.Length - 5);
                Raw(value.Value[4..]);
                break;
            case BsonType.DateTime:
                BinaryPrimitives.WriteInt64BigEndian(Grow(8), Bson.Int64(value.Value) ^ long.MinValue);
                break;
            case BsonType.Timestamp:
                BinaryPrimitives.WriteInt64BigEndian(Grow(8), Bson.Int64(value.Value));
                break;
            case BsonType.CodeWithScope:
                Text(Bson.Text(value.Value[4..]));
                Fields(Comparison.Scope(value.Value), named: true);
                break;
            default:
                Raw(value.Value);
                break;
        }
    }

    private void Fields(ReadOnlySpan<byte> document, bool named)
    {
        foreach (var element in new ElementReader(document))
        {
            Byte(BsonType.Rank(element.Type));
            if (named)
            {
                Raw(element.Name);
                Byte(0);
            }

            Content(element);
        }

        Byte(0);
    }

    /// <summary>A zero inside is 00 FF and the end is 00 01, so that a shorter text comes first.</summary>
    private void Text(ReadOnlySpan<byte> text)
    {
        while (text.IndexOf((byte)0) is >= 0 and var zero)
        {
            Raw(text[..(zero + 1)]);
            Byte(0xFF);
            text = text[(zero + 1)..];
        }

        Raw(text);
        Byte(0);
        Byte(1);
    }

    /// <summary>NaN first, then by value; minus zero is zero.</summary>
    private void Sortable(double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(value == 0 ? 0 : value);
        var sortable = double.IsNaN(value) ? 0 : bits < 0 ? ~bits : bits | long.MinValue;
        BinaryPrimitives.WriteInt64BigEndian(Grow(8), sortable);
    }

    private void Integer(long value)
    {
        var floor = (double)value;
        if ((Int128)floor == value)
        {
            Sortable(floor);
            Byte(0);
            return;
        }

        Sortable((Int128)floor > value ? double.BitDecrement(floor) : floor);
        Digits(value < 0, UInt128.CreateChecked(Int128.Abs(value)), 0);
    }

    private void Decimal(Decimal128 value)
    {
        if (!value.IsFinite || value.Coefficient == 0)
        {
            Sortable(value.Special);
            Byte(0);
            return;
        }

        var floor = Math.Clamp(value.ToDouble(), double.MinValue, double.MaxValue);
        var order = value.CompareTo(floor);
        if (order == 0)
        {
            Sortable(floor);
            Byte(0);
            return;
        }

        Sortable(order < 0 ? double.BitDecrement(floor) : floor);
        Digits(value.Negative, value.Coefficient, value.Exponent);
    }

    /// <summary>What a double cannot hold: the decimal exponent and the digits, inverted when negative.</summary>
    private void Digits(bool negative, UInt128 coefficient, int exponent)
    {
        Byte(1);
        var start = Length;
        var text = coefficient.ToString(CultureInfo.InvariantCulture);
        BinaryPrimitives.WriteInt16BigEndian(Grow(2), (short)(exponent + text.Length - 1 + 0x4000));
        foreach (var digit in text.TrimEnd('0'))
        {
            Byte((byte)(digit - '0' + 1));
        }

        Byte(0);
        if (negative)
        {
            foreach (ref var one in _bytes.AsSpan(start, Length - start))
            {
                one = (byte)~one;
            }
        }
    }

    private void Byte(byte value) => Grow(1)[0] = value;

    private Span<byte> Grow(int count)
    {
        if (_bytes.Length - Length < count)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + count));
        }

        Length += count;
        return _bytes.AsSpan(Length - count, count);
    }
}
