namespace Platform.EmbeddedMongo;

/// <summary>A query: does a document satisfy it.</summary>
internal abstract class Filter
{
    public static readonly Filter Everything = new AllOf([]);

    public abstract bool Matches(ReadOnlySpan<byte> document);
}

/// <summary>`$and`, and the fields of a query side by side.</summary>
internal sealed class AllOf(IReadOnlyList<Filter> filters) : Filter
{
    public IReadOnlyList<Filter> Filters => filters;

    public override bool Matches(ReadOnlySpan<byte> document)
    {
        foreach (var filter in filters)
        {
            if (!filter.Matches(document))
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>`$or`.</summary>
internal sealed class AnyOf(IReadOnlyList<Filter> filters) : Filter
{
    public override bool Matches(ReadOnlySpan<byte> document)
    {
        foreach (var filter in filters)
        {
            if (filter.Matches(document))
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>`$not`, `$ne`, `$nin`, `$nor`, `$exists: false`.</summary>
internal sealed class Not(Filter filter) : Filter
{
    public override bool Matches(ReadOnlySpan<byte> document) => !filter.Matches(document);
}

/// <summary>A condition on what a dotted path leads to, through documents and through the elements of arrays.</summary>
internal sealed class PathFilter(FieldPath path, Predicate predicate) : Filter
{
    public FieldPath Path => path;

    public Predicate Predicate => predicate;

    public override bool Matches(ReadOnlySpan<byte> document) => Follow(document, 0);

    private bool Follow(ReadOnlySpan<byte> document, int depth)
    {
        if (!Bson.TryFind(document, path.Parts[depth], out var found))
        {
            return predicate.MatchesMissing;
        }

        if (depth == path.Count - 1)
        {
            return Leaf(found);
        }

        return found.Type switch
        {
            BsonType.Document => Follow(found.Value, depth + 1),
            BsonType.Array => FollowArray(found.Value, depth + 1),
            _ => predicate.MatchesMissing,
        };
    }

    private bool FollowArray(ReadOnlySpan<byte> array, int depth)
    {
        var position = Bson.ArrayIndex(path.Parts[depth]);
        var index = 0;
        foreach (var element in new ElementReader(array))
        {
            if (element.Type == BsonType.Document && Follow(element.Value, depth))
            {
                return true;
            }

            if (index++ == position && AtPosition(element, depth))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>An element named by its position is met itself: its own elements are not looked through.</summary>
    private bool AtPosition(scoped Element element, int depth)
    {
        if (depth == path.Count - 1)
        {
            return predicate.Matches(element);
        }

        return element.Type switch
        {
            BsonType.Document => Follow(element.Value, depth + 1),
            BsonType.Array => FollowArray(element.Value, depth + 1),
            _ => false,
        };
    }

    private bool Leaf(scoped Element found)
    {
        if (found.Type == BsonType.Array && predicate.LooksIntoArrays)
        {
            foreach (var element in new ElementReader(found.Value))
            {
                if (predicate.Matches(element))
                {
                    return true;
                }
            }
        }

        return predicate.Matches(found);
    }
}
