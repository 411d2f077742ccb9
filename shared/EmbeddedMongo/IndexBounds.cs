namespace Platform.EmbeddedMongo;

/// <summary>The ranges of one index that hold everything a query can meet.</summary>
internal sealed class IndexBounds(Index index, bool multikey, List<PathFilter> leaves)
{
    private static readonly byte[] MinusInfinity = KeyBuffer.Of(RawValue.Of(double.NegativeInfinity).Element);

    private List<byte[]> _prefixes = [[]];
    private (byte[] From, byte[] To)? _range;

    /// <summary>The clauses that the ranges answer completely.</summary>
    public List<PathFilter> Exact { get; } = [];

    public int Equalities { get; private set; }

    public int Prefixes => _prefixes.Count;

    public bool Any => Equalities > 0 || _range is not null;

    public int Score => (4 * Equalities) + (_range is null ? 0 : 2);

    public void Build(int maxRanges)
    {
        var used = new List<byte[]>();
        foreach (var field in index.Pattern.Fields)
        {
            // Two fields inside one array may be met by different elements, whose keys are different entries.
            if (multikey && used.Exists(part => part.AsSpan().SequenceEqual(field.Path.Parts[0])))
            {
                return;
            }

            if (!TryEquality(field, maxRanges))
            {
                TryRange(field);
                return;
            }

            used.Add(field.Path.Parts[0]);
            Equalities++;
        }
    }

    public List<KeyRange> Ranges()
    {
        var ranges = new List<KeyRange>(_prefixes.Count);
        var (from, to) = _range ?? ([], [KeyBuffer.After]);
        foreach (var prefix in _prefixes)
        {
            ranges.Add(new KeyRange([.. prefix, .. from], [.. prefix, .. to]));
        }

        return ranges;
    }

    private bool TryEquality(KeyField field, int maxRanges)
    {
        foreach (var leaf in leaves)
        {
            if (leaf.Path.Text != field.Path.Text)
            {
                continue;
            }

            var values = leaf.Predicate switch
            {
                Compared { Relation: Relation.Equal } equal => new[] { equal.Constant },
                OneOf oneOf => oneOf.Values,
                _ => null,
            };
            if (values is null || (long)values.Count * _prefixes.Count > maxRanges || !values.All(Usable))
            {
                continue;
            }

            Multiply(values, field.Descending);
            if (values.All(IsExact))
            {
                Exact.Add(leaf);
            }

            return true;
        }

        return false;
    }

    private void Multiply(IReadOnlyList<RawValue> values, bool descending)
    {
        var keys = new List<byte[]>(values.Count);
        foreach (var value in values)
        {
            var key = KeyBuffer.Of(value.Element, descending);
            if (!keys.Exists(other => values.Count <= 8 && other.AsSpan().SequenceEqual(key)))
            {
                keys.Add(key);
            }
        }

        _prefixes = [.. from prefix in _prefixes from key in keys select (byte[])[.. prefix, .. key]];
        if (_prefixes.Count > 1)
        {
            _prefixes.Sort(static (left, right) => left.AsSpan().SequenceCompareTo(right));
            _prefixes = Distinct(_prefixes);
        }
    }

    private static List<byte[]> Distinct(List<byte[]> sorted)
    {
        var distinct = new List<byte[]>(sorted.Count) { sorted[0] };
        foreach (var prefix in sorted)
        {
            if (!prefix.AsSpan().SequenceEqual(distinct[^1]))
            {
                distinct.Add(prefix);
            }
        }

        return distinct;
    }

    private void TryRange(KeyField field)
    {
        foreach (var leaf in leaves)
        {
            if (leaf.Path.Text != field.Path.Text || leaf.Predicate is not Compared range || !Rangeable(range))
            {
                continue;
            }

            Narrow(range, field.Descending);
            if (IsExact(range.Constant))
            {
                Exact.Add(leaf);
            }

            // Of an array one element may meet one bound and another the other.
            if (multikey)
            {
                return;
            }
        }
    }

    private void Narrow(Compared range, bool descending)
    {
        var key = KeyBuffer.Of(range.Constant.Element);
        var highest = key[..1];
        var lowest = range.Constant.IsNumber ? MinusInfinity : highest;
        var (low, includesLow, high, includesHigh) = range.Relation switch
        {
            Relation.Greater => (key, false, highest, true),
            Relation.GreaterOrEqual => (key, true, highest, true),
            Relation.Less => (lowest, true, key, false),
            _ => (lowest, true, key, true),
        };
        if (descending)
        {
            (low, includesLow, high, includesHigh) = (Inverted(high), includesHigh, Inverted(low), includesLow);
        }

        var from = includesLow ? low : Behind(low);
        var to = includesHigh ? Behind(high) : high;
        _range = _range is not { } before
            ? (from, to)
            : (from.AsSpan().SequenceCompareTo(before.From) > 0 ? from : before.From,
                to.AsSpan().SequenceCompareTo(before.To) < 0 ? to : before.To);
    }

    private static byte[] Behind(byte[] key) => [.. key, KeyBuffer.After];

    private static byte[] Inverted(byte[] key) => [.. key.Select(static one => (byte)~one)];

    /// <summary>Arrays have no entry of their own; a document without the field may have none in a sparse index.</summary>
    private bool Usable(RawValue value) =>
        value.Type is not BsonType.Array && !(index.Sparse && value.Type == BsonType.Null);

    private static bool Rangeable(Compared range) =>
        range.Relation != Relation.Equal && IsExact(range.Constant) && !range.IsNaN;

    /// <summary>Types of which equal keys mean equal values, and nothing else matches them.</summary>
    private static bool IsExact(RawValue value) => value.IsNumber || value.Type
        is BsonType.String or BsonType.Binary or BsonType.ObjectId or BsonType.Boolean or BsonType.DateTime
        or BsonType.Timestamp;
}
