namespace Platform.Composer;

/// <summary>One act of drawing: eight small integers.</summary>
public readonly record struct Row(
    RowType Type, byte Slot, byte X, byte Y, byte W, byte H, byte Rotation, byte Shading);

/// <summary>A picture as rows in painter's order: exact, small, hashable, comparable.</summary>
public sealed record Score
{
    public const int MaxRows = 96;
    public const int MaxRotation = 71;
    public const int MaxShading = 63;

    private const int RowBytes = 8;
    private static ReadOnlySpan<byte> Magic => "SCO1"u8;

    private Score(Row[] rows) => Rows = rows;

    public IReadOnlyList<Row> Rows { get; }

    /// <exception cref="ScoreFormatException">The rows are no score.</exception>
    public static Score Of(IEnumerable<Row> rows)
    {
        var all = rows.ToArray();
        Grammar.Check(all);
        return new Score(all);
    }

    /// <summary>Reads exactly what <see cref="ToBytes"/> writes and nothing else.</summary>
    /// <exception cref="ScoreFormatException">The bytes are no score.</exception>
    public static Score FromBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Magic.Length + 1 || !bytes[..Magic.Length].SequenceEqual(Magic))
        {
            throw new ScoreFormatException("Not a score: it does not begin with SCO1.");
        }

        int count = bytes[Magic.Length];
        var body = bytes[(Magic.Length + 1)..];
        if (body.Length != count * RowBytes)
        {
            throw new ScoreFormatException($"{count} rows take {count * RowBytes} bytes, found {body.Length}.");
        }

        var rows = new Row[count];
        for (var i = 0; i < count; i++)
        {
            var row = body.Slice(i * RowBytes, RowBytes);
            rows[i] = new((RowType)row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7]);
        }

        return Of(rows);
    }

    /// <summary>"SCO1", the number of rows, eight bytes a row.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[Magic.Length + 1 + (Rows.Count * RowBytes)];
        Magic.CopyTo(bytes);
        bytes[Magic.Length] = (byte)Rows.Count;
        var at = Magic.Length + 1;
        foreach (var row in Rows)
        {
            ReadOnlySpan<byte> cells =
                [(byte)row.Type, row.Slot, row.X, row.Y, row.W, row.H, row.Rotation, row.Shading];
            cells.CopyTo(bytes.AsSpan(at));
            at += RowBytes;
        }

        return bytes;
    }

    public bool Equals(Score? other) => other is not null && Rows.SequenceEqual(other.Rows);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(ToBytes());
        return hash.ToHashCode();
    }
}

/// <summary>The bytes or rows are no score; the message names the row.</summary>
public sealed class ScoreFormatException : Exception
{
    public ScoreFormatException()
    {
    }

    public ScoreFormatException(string message)
        : base(message)
    {
    }

    public ScoreFormatException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
