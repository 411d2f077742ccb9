namespace Platform.EmbeddedMongo;

/// <summary>An operator on an array.</summary>
internal abstract class ArrayModifier(FieldPath path, string name) : Modifier(path)
{
    protected virtual ErrorCode NotAnArray => ErrorCode.BadValue;

    protected sealed override Node? Change(Node? current)
    {
        var array = current ?? Node.EmptyArray();
        if (array.Type != BsonType.Array)
        {
            throw new MongoError(
                NotAnArray,
                $"Cannot apply {name} to a non-array field: '{Path.Text}' is {BsonType.Name(array.Type)}");
        }

        return Edit(array.Children) || current is null ? array : null;
    }

    protected abstract bool Edit(List<Node.Child> elements);

    protected static Node.Child Element(RawValue value) => new(default, new Node(value));
}

/// <summary>`$push`, with `$each`, `$position` and `$slice`.</summary>
internal sealed class Push(FieldPath path, IReadOnlyList<RawValue> values, int? position, int? slice)
    : ArrayModifier(path, "$push")
{
    protected override bool Edit(List<Node.Child> elements)
    {
        var before = elements.Count;
        var at = position switch
        {
            null => before,
            < 0 => Math.Max(0, before + position.Value),
            _ => Math.Min(before, position.Value),
        };
        elements.InsertRange(at, values.Select(Element));

        if (slice is >= 0 && elements.Count > slice)
        {
            elements.RemoveRange(slice.Value, elements.Count - slice.Value);
        }
        else if (slice < 0 && elements.Count > -slice)
        {
            elements.RemoveRange(0, elements.Count + slice.Value);
        }

        return values.Count > 0 || elements.Count != before;
    }
}

/// <summary>`$addToSet`, with `$each`.</summary>
internal sealed class AddToSet(FieldPath path, IReadOnlyList<RawValue> values) : ArrayModifier(path, "$addToSet")
{
    protected override bool Edit(List<Node.Child> elements)
    {
        var before = elements.Count;
        foreach (var value in values)
        {
            if (!elements.Exists(one => Comparison.Compare(one.Value.ToValue(), value) == 0))
            {
                elements.Add(Element(value));
            }
        }

        return elements.Count != before;
    }
}

/// <summary>`$pull` and `$pullAll`: removes what a condition meets.</summary>
internal sealed class Pull(FieldPath path, string name, Predicate condition) : ArrayModifier(path, name)
{
    protected override bool Creates => false;

    protected override bool Edit(List<Node.Child> elements) =>
        elements.RemoveAll(one => condition.Matches(one.Value.ToValue().Element)) > 0;
}

/// <summary>The condition of a `$pull` that is a query on the elements, which are documents.</summary>
internal sealed class IsDocumentLike(Filter filter) : Predicate
{
    public override bool Matches(scoped Element value) =>
        value.Type == BsonType.Document && filter.Matches(value.Value);
}

/// <summary>`$pop`.</summary>
internal sealed class Pop(FieldPath path, bool first) : ArrayModifier(path, "$pop")
{
    protected override bool Creates => false;

    protected override ErrorCode NotAnArray => ErrorCode.TypeMismatch;

    protected override bool Edit(List<Node.Child> elements)
    {
        if (elements.Count == 0)
        {
            return false;
        }

        elements.RemoveAt(first ? 0 : elements.Count - 1);
        return true;
    }
}
