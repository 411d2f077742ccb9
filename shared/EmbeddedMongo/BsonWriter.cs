using System.Buffers.Binary;
using System.Text;

namespace Platform.EmbeddedMongo;

/// <summary>Appends documents to a buffer that grows.</summary>
internal sealed class BsonWriter(int capacity = 512)
{
    private byte[] _buffer = new byte[capacity];

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, Length);

    public ReadOnlySpan<byte> WrittenSpan => _buffer.AsSpan(0, Length);

    /// <summary>Forgets everything behind <paramref name="length"/>.</summary>
    public void Truncate(int length) => Length = length;

    /// <summary>Gives the memory of an unusually long reply back.</summary>
    public void Trim(int limit)
    {
        if (_buffer.Length > limit)
        {
            _buffer = new byte[512];
        }

        Length = 0;
    }

    public byte[] ToArray() => WrittenSpan.ToArray();

    /// <summary>Opens a document; what it returns closes it.</summary>
    public int Begin()
    {
        var start = Length;
        Grow(4);
        return start;
    }

    public int BeginDocument(ReadOnlySpan<byte> name)
    {
        Name(BsonType.Document, name);
        return Begin();
    }

    public int BeginArray(ReadOnlySpan<byte> name)
    {
        Name(BsonType.Array, name);
        return Begin();
    }

    public void End(int start)
    {
        Grow(1)[0] = 0;
        BinaryPrimitives.WriteInt32LittleEndian(_buffer.AsSpan(start), Length - start);
    }

    public void Raw(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Grow(bytes.Length));

    public void RawInt32(int value) => BinaryPrimitives.WriteInt32LittleEndian(Grow(4), value);

    public void RawInt32At(int position, int value) =>
        BinaryPrimitives.WriteInt32LittleEndian(_buffer.AsSpan(position), value);

    public void Name(byte type, ReadOnlySpan<byte> name)
    {
        var target = Grow(name.Length + 2);
        target[0] = type;
        name.CopyTo(target[1..]);
        target[name.Length + 1] = 0;
    }

    /// <summary>The name of an array's element.</summary>
    public void Name(byte type, int index)
    {
        Span<byte> digits = stackalloc byte[11];
        index.TryFormat(digits, out var written);
        Name(type, digits[..written]);
    }

    public void Value(ReadOnlySpan<byte> name, byte type, ReadOnlySpan<byte> value)
    {
        Name(type, name);
        Raw(value);
    }

    public void Value(ReadOnlySpan<byte> name, RawValue value) => Value(name, value.Type, value.Span);

    public void Int32(ReadOnlySpan<byte> name, int value)
    {
        Name(BsonType.Int32, name);
        RawInt32(value);
    }

    public void Int64(ReadOnlySpan<byte> name, long value)
    {
        Name(BsonType.Int64, name);
        BinaryPrimitives.WriteInt64LittleEndian(Grow(8), value);
    }

    /// <summary>A count as MongoDB writes it: 32 bits as long as they suffice.</summary>
    public void Count(ReadOnlySpan<byte> name, long value)
    {
        if (value <= int.MaxValue)
        {
            Int32(name, (int)value);
        }
        else
        {
            Int64(name, value);
        }
    }

    public void Double(ReadOnlySpan<byte> name, double value)
    {
        Name(BsonType.Double, name);
        BinaryPrimitives.WriteDoubleLittleEndian(Grow(8), value);
    }

    public void Boolean(ReadOnlySpan<byte> name, bool value)
    {
        Name(BsonType.Boolean, name);
        Grow(1)[0] = value ? (byte)1 : (byte)0;
    }

    public void Date(ReadOnlySpan<byte> name, DateTimeOffset value)
    {
        Name(BsonType.DateTime, name);
        BinaryPrimitives.WriteInt64LittleEndian(Grow(8), value.ToUnixTimeMilliseconds());
    }

    public void Null(ReadOnlySpan<byte> name) => Name(BsonType.Null, name);

    public void String(ReadOnlySpan<byte> name, string value)
    {
        Name(BsonType.String, name);
        var length = Encoding.UTF8.GetByteCount(value);
        RawInt32(length + 1);
        var target = Grow(length + 1);
        Encoding.UTF8.GetBytes(value, target);
        target[length] = 0;
    }

    private Span<byte> Grow(int count)
    {
        if (_buffer.Length - Length < count)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, Length + count));
        }

        Length += count;
        return _buffer.AsSpan(Length - count, count);
    }
}
