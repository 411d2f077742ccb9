namespace Platform.EmbeddedMongo;

/// <summary>A condition on one value.</summary>
internal abstract class Predicate
{
    public abstract bool Matches(scoped Element value);

    /// <summary>Whether a missing field satisfies it.</summary>
    public virtual bool MatchesMissing => false;

    /// <summary>Whether an array satisfies it through one of its elements.</summary>
    public virtual bool LooksIntoArrays => true;
}

internal enum Relation
{
    Equal,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
}

/// <summary>`$eq`, `$gt`, `$gte`, `$lt`, `$lte`: only values of the constant's own type compare.</summary>
internal sealed class Compared(Relation relation, RawValue constant) : Predicate
{
    private readonly byte _rank = BsonType.Rank(constant.Type);
    private readonly bool _isNaN = constant.IsNumber && double.IsNaN(constant.ToDouble());

    public Relation Relation => relation;

    public RawValue Constant => constant;

    public bool IsNaN => _isNaN;

    public override bool MatchesMissing => constant.Type switch
    {
        BsonType.Null => relation is Relation.Equal or Relation.GreaterOrEqual or Relation.LessOrEqual,
        BsonType.MinKey => relation is Relation.Greater or Relation.GreaterOrEqual,
        BsonType.MaxKey => relation is Relation.Less or Relation.LessOrEqual,
        _ => false,
    };

    public override bool Matches(scoped Element value)
    {
        if (BsonType.Rank(value.Type) != _rank)
        {
            return constant.Type switch
            {
                BsonType.MinKey => relation is Relation.Greater or Relation.GreaterOrEqual,
                BsonType.MaxKey => relation is Relation.Less or Relation.LessOrEqual,
                _ => false,
            };
        }

        if (BsonType.IsNumber(value.Type) && (_isNaN || IsNotANumber(value)))
        {
            return _isNaN && IsNotANumber(value) && relation is not (Relation.Greater or Relation.Less);
        }

        var order = Comparison.Compare(value, constant.Element);
        return relation switch
        {
            Relation.Equal => order == 0,
            Relation.Greater => order > 0,
            Relation.GreaterOrEqual => order >= 0,
            Relation.Less => order < 0,
            _ => order <= 0,
        };
    }

    private static bool IsNotANumber(scoped Element value) => value.Type switch
    {
        BsonType.Double => double.IsNaN(Bson.Double(value.Value)),
        BsonType.Decimal128 => double.IsNaN(Decimal128.Read(value.Value).Special),
        _ => false,
    };
}

/// <summary>`$in`: equal to one of a sorted list.</summary>
internal sealed class OneOf : Predicate
{
    private readonly RawValue[] _values;

    public OneOf(IEnumerable<RawValue> values)
    {
        _values = [.. values];
        Array.Sort(_values, Comparison.Compare);
        MatchesMissing = _values.Any(static value => value.Type == BsonType.Null);
    }

    public IReadOnlyList<RawValue> Values => _values;

    public override bool MatchesMissing { get; }

    public override bool Matches(scoped Element value)
    {
        var (low, high) = (0, _values.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = Comparison.Compare(_values[middle].Element, value);
            if (order == 0)
            {
                return true;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return false;
    }
}

/// <summary>`$exists: true`.</summary>
internal sealed class Exists : Predicate
{
    public override bool LooksIntoArrays => false;

    public override bool Matches(scoped Element value) => true;
}

/// <summary>`$type`.</summary>
internal sealed class HasType(IReadOnlySet<byte> types) : Predicate
{
    public override bool Matches(scoped Element value) => types.Contains(value.Type);
}

/// <summary>`$size`.</summary>
internal sealed class HasSize(long size) : Predicate
{
    public override bool LooksIntoArrays => false;

    public override bool Matches(scoped Element value)
    {
        if (value.Type != BsonType.Array)
        {
            return false;
        }

        var count = 0;
        foreach (var _ in new ElementReader(value.Value))
        {
            count++;
        }

        return count == size;
    }
}

/// <summary>`$elemMatch` with a query: one element, a document, satisfies the whole of it.</summary>
internal sealed class HasElementLike(Filter filter) : Predicate
{
    public override bool LooksIntoArrays => false;

    public override bool Matches(scoped Element value)
    {
        if (value.Type != BsonType.Array)
        {
            return false;
        }

        foreach (var element in new ElementReader(value.Value))
        {
            if (element.Type is BsonType.Document or BsonType.Array && filter.Matches(element.Value))
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>`$elemMatch` with operators: one element satisfies all of them.</summary>
internal sealed class HasElement(Predicate condition) : Predicate
{
    public override bool LooksIntoArrays => false;

    public override bool Matches(scoped Element value)
    {
        if (value.Type != BsonType.Array)
        {
            return false;
        }

        foreach (var element in new ElementReader(value.Value))
        {
            if (condition.Matches(element))
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>Conditions on one value itself, without looking into arrays: inside `$elemMatch` and `$pull`.</summary>
internal sealed class AllConditions(IReadOnlyList<(Predicate Predicate, bool Negated)> conditions) : Predicate
{
    public override bool Matches(scoped Element value)
    {
        foreach (var (predicate, negated) in conditions)
        {
            if (predicate.Matches(value) == negated)
            {
                return false;
            }
        }

        return true;
    }
}
