using System.Buffers.Binary;

namespace Platform.EmbeddedMongo;

/// <summary>MongoDB's order of values: between types by rank, numbers by value whatever their width.</summary>
internal static class Comparison
{
    public static int Compare(RawValue left, RawValue right) => Compare(left.Element, right.Element);

    public static int Compare(scoped Element left, scoped Element right)
    {
        var byRank = BsonType.Rank(left.Type).CompareTo(BsonType.Rank(right.Type));
        return byRank != 0 ? byRank : SameRank(left, right);
    }

    private static int SameRank(scoped Element left, scoped Element right)
    {
        switch (left.Type)
        {
            case BsonType.Double or BsonType.Int32 or BsonType.Int64 or BsonType.Decimal128:
                return Numbers(left, right);
            case BsonType.String or BsonType.Symbol or BsonType.Code:
                return Bson.Text(left.Value).SequenceCompareTo(Bson.Text(right.Value));
            case BsonType.Document:
                return Documents(left.Value, right.Value, named: true);
            case BsonType.Array:
                return Documents(left.Value, right.Value, named: false);
            case BsonType.Binary:
                // Length, then subtype, then bytes: subtype and bytes lie next to each other.
                var byLength = left.Value.Length.CompareTo(right.Value.Length);
                return byLength != 0 ? byLength : left.Value[4..].SequenceCompareTo(right.Value[4..]);
            case BsonType.DateTime:
                return Bson.Int64(left.Value).CompareTo(Bson.Int64(right.Value));
            case BsonType.Timestamp:
                return BinaryPrimitives.ReadUInt64LittleEndian(left.Value)
                    .CompareTo(BinaryPrimitives.ReadUInt64LittleEndian(right.Value));
            case BsonType.CodeWithScope:
                var byCode = Bson.Text(left.Value[4..]).SequenceCompareTo(Bson.Text(right.Value[4..]));
                return byCode != 0 ? byCode : Documents(Scope(left.Value), Scope(right.Value), named: true);
            default:
                return left.Value.SequenceCompareTo(right.Value);
        }
    }

    public static ReadOnlySpan<byte> Scope(ReadOnlySpan<byte> codeWithScope) =>
        codeWithScope[(8 + Bson.Int32(codeWithScope[4..]))..];

    private static int Documents(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, bool named)
    {
        var lefts = new ElementReader(left);
        var rights = new ElementReader(right);
        while (true)
        {
            var more = lefts.MoveNext();
            var other = rights.MoveNext();
            if (!more || !other)
            {
                return more.CompareTo(other);
            }

            var order = BsonType.Rank(lefts.Current.Type).CompareTo(BsonType.Rank(rights.Current.Type));
            if (order == 0 && named)
            {
                order = lefts.Current.Name.SequenceCompareTo(rights.Current.Name);
            }

            order = order == 0 ? SameRank(lefts.Current, rights.Current) : order;
            if (order != 0)
            {
                return order;
            }
        }
    }

    private static int Numbers(scoped Element left, scoped Element right) => (left.Type, right.Type) switch
    {
        (BsonType.Decimal128, _) or (_, BsonType.Decimal128) => ByKey(left, right),
        (BsonType.Double, BsonType.Double) => Bson.Double(left.Value).CompareTo(Bson.Double(right.Value)),
        (BsonType.Double, _) => -WithDouble(Integer(right), Bson.Double(left.Value)),
        (_, BsonType.Double) => WithDouble(Integer(left), Bson.Double(right.Value)),
        _ => Integer(left).CompareTo(Integer(right)),
    };

    private static long Integer(scoped Element number) =>
        number.Type == BsonType.Int32 ? Bson.Int32(number.Value) : Bson.Int64(number.Value);

    /// <summary>Exact, unlike a cast of the integer to double.</summary>
    private static int WithDouble(long integer, double real)
    {
        const double Beyond = 9223372036854775808.0;
        if (double.IsNaN(real) || real < -Beyond)
        {
            return 1;
        }

        if (real >= Beyond)
        {
            return -1;
        }

        var whole = (long)real;
        return integer != whole ? integer.CompareTo(whole) : 0.0.CompareTo(real - whole);
    }

    private static int ByKey(scoped Element left, scoped Element right)
    {
        var lefts = new KeyBuffer();
        var rights = new KeyBuffer();
        lefts.Value(left);
        rights.Value(right);
        return lefts.Span.SequenceCompareTo(rights.Span);
    }
}
