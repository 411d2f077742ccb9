using System.Text;

namespace Platform.EmbeddedMongo;

/// <summary>One operator of an update at one path.</summary>
internal abstract class Modifier(FieldPath path)
{
    /// <summary>The furthest an array is padded with nulls to reach a position.</summary>
    private const int MaxPadding = 1_500_000;

    public FieldPath Path => path;

    /// <summary>Whether a missing field is made; otherwise a path that leads nowhere is left alone.</summary>
    protected virtual bool Creates => true;

    public virtual bool OnlyOnInsert => false;

    /// <summary>The new value, <see cref="Node.Removed"/>, or null when nothing changes.</summary>
    /// <param name="current">Null when the field is missing.</param>
    protected abstract Node? Change(Node? current);

    /// <returns>Whether anything changed.</returns>
    public virtual bool ApplyTo(Node root)
    {
        var parent = root;
        for (var i = 0; i < path.Count; i++)
        {
            if (!parent.IsContainer || (parent.Type == BsonType.Array && Bson.ArrayIndex(path.Parts[i]) < 0))
            {
                return Creates
                    ? throw new MongoError(
                        ErrorCode.PathNotViable,
                        $"Cannot create field '{Encoding.UTF8.GetString(path.Parts[i])}' in element of type "
                        + $"{BsonType.Name(parent.Type)} on the path '{path.Text}'")
                    : false;
            }

            var found = parent.Find(path.Parts[i]);
            if (found < 0)
            {
                return Creates && Change(null) is { } made && Put(parent, i, made);
            }

            if (i == path.Count - 1)
            {
                return Change(parent.Children[found].Value) is { } changed && Set(parent, found, changed);
            }

            parent = parent.Children[found].Value;
        }

        return false;
    }

    private static bool Set(Node parent, int position, Node value)
    {
        var children = parent.Children;
        if (value != Node.Removed)
        {
            children[position] = children[position] with { Value = value };
        }
        else if (parent.Type == BsonType.Array)
        {
            children[position] = children[position] with { Value = new Node(RawValue.Null) };
        }
        else
        {
            children.RemoveAt(position);
        }

        return true;
    }

    /// <summary>Puts a value under a parent that has no such field, with the documents in between.</summary>
    private bool Put(Node parent, int depth, Node value)
    {
        for (var i = path.Count - 1; i > depth; i--)
        {
            var document = Node.EmptyDocument();
            document.Children.Add(new Node.Child(path.Parts[i], value));
            value = document;
        }

        if (parent.Type == BsonType.Array)
        {
            var index = Bson.ArrayIndex(path.Parts[depth]);
            if (index > parent.Children.Count + MaxPadding)
            {
                throw MongoError.Bad($"Cannot pad an array by more than {MaxPadding} elements");
            }

            while (parent.Children.Count < index)
            {
                parent.Children.Add(new Node.Child(default, new Node(RawValue.Null)));
            }
        }

        parent.Children.Add(new Node.Child(path.Parts[depth], value));
        return true;
    }
}

/// <summary>`$set` and `$setOnInsert`.</summary>
internal sealed class SetTo(FieldPath path, RawValue value, bool onlyOnInsert = false) : Modifier(path)
{
    public override bool OnlyOnInsert => onlyOnInsert;

    protected override Node? Change(Node? current) =>
        current is not null && current.ToValue().IdenticalTo(value) ? null : new Node(value);
}

/// <summary>`$unset`.</summary>
internal sealed class Unset(FieldPath path) : Modifier(path)
{
    protected override bool Creates => false;

    protected override Node? Change(Node? current) => Node.Removed;
}

/// <summary>`$min` and `$max`, in MongoDB's order of values.</summary>
internal sealed class Bound(FieldPath path, RawValue value, bool keepGreater) : Modifier(path)
{
    protected override Node? Change(Node? current)
    {
        if (current is null)
        {
            return new Node(value);
        }

        var order = Comparison.Compare(value, current.ToValue());
        return (keepGreater ? order > 0 : order < 0) ? new Node(value) : null;
    }
}

/// <summary>`$inc`.</summary>
internal sealed class Increment(FieldPath path, RawValue by) : Modifier(path)
{
    protected override Node? Change(Node? current)
    {
        if (current is null)
        {
            return new Node(by);
        }

        var value = current.ToValue();
        if (!value.IsNumber)
        {
            throw MongoError.WrongType(
                $"Cannot apply $inc to a value of non-numeric type: the field '{Path.Text}' is "
                + BsonType.Name(value.Type));
        }

        var sum = Sum(value, by);
        return sum.IdenticalTo(value) ? null : new Node(sum);
    }

    private static RawValue Sum(RawValue left, RawValue right)
    {
        if (left.Type == BsonType.Decimal128 || right.Type == BsonType.Decimal128)
        {
            throw MongoError.LeftOut("$inc of a decimal");
        }

        if (left.Type == BsonType.Double || right.Type == BsonType.Double)
        {
            return RawValue.Of(left.ToDouble() + right.ToDouble());
        }

        left.TryGetInteger(out var first);
        right.TryGetInteger(out var second);
        var sum = (Int128)first + second;
        if (sum < long.MinValue || sum > long.MaxValue)
        {
            throw MongoError.Bad("Failed to apply $inc operations: the result does not fit 64 bits");
        }

        return left.Type == BsonType.Int32 && right.Type == BsonType.Int32
            && sum >= int.MinValue && sum <= int.MaxValue
            ? RawValue.Of((int)sum)
            : RawValue.Of((long)sum);
    }
}

/// <summary>`$rename`: the value leaves its place and overwrites what is at the other.</summary>
internal sealed class Rename(FieldPath from, FieldPath to) : Modifier(to)
{
    public FieldPath From => from;

    public override bool ApplyTo(Node root)
    {
        if (Take(root) is not { } taken)
        {
            return false;
        }

        new SetTo(Path, taken).ApplyTo(root);
        return true;
    }

    protected override Node? Change(Node? current) => null;

    private RawValue? Take(Node parent)
    {
        for (var i = 0; i < from.Count; i++)
        {
            if (parent.Type == BsonType.Array)
            {
                throw MongoError.Bad($"The source field of $rename cannot be an array element: '{from.Text}'");
            }

            var found = parent.Type == BsonType.Document ? parent.Find(from.Parts[i]) : -1;
            if (found < 0)
            {
                return null;
            }

            if (i == from.Count - 1)
            {
                var value = parent.Children[found].Value.ToValue();
                parent.Children.RemoveAt(found);
                return value;
            }

            parent = parent.Children[found].Value;
        }

        return null;
    }
}
