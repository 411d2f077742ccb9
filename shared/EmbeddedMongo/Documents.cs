namespace Platform.EmbeddedMongo;

/// <summary>What a stored document must be: its `_id` in front, of a permitted type, and not too long.</summary>
internal static class Documents
{
    public const int MaxLength = 16 * 1024 * 1024;

    /// <summary>The document with this `_id` as its first field; its own `_id`, if it has one, wins.</summary>
    public static ReadOnlyMemory<byte> WithId(ReadOnlyMemory<byte> document, RawValue id)
    {
        var first = true;
        var found = false;
        foreach (var field in new RawFields(document))
        {
            if (field.NameBytes.Span.SequenceEqual("_id"u8))
            {
                if (first)
                {
                    return document;
                }

                found = true;
                id = field.Value;
                break;
            }

            first = false;
        }

        var writer = new BsonWriter(document.Length + 64);
        var start = writer.Begin();
        writer.Value("_id"u8, id);
        foreach (var field in new RawFields(document))
        {
            if (!found || !field.NameBytes.Span.SequenceEqual("_id"u8))
            {
                writer.Value(field.NameBytes.Span, field.Value);
            }
        }

        writer.End(start);
        return writer.ToArray();
    }

    public static void Check(ReadOnlySpan<byte> document)
    {
        if (document.Length > MaxLength)
        {
            throw new MongoError(
                ErrorCode.BsonObjectTooLarge,
                $"object to insert too large. size in bytes: {document.Length}, max size: {MaxLength}");
        }

        if (Bson.TryFind(document, "_id"u8, out var id)
            && id.Type is BsonType.Array or BsonType.Regex or BsonType.Undefined)
        {
            throw MongoError.Bad($"The '_id' value cannot be of type {BsonType.Name(id.Type)}");
        }
    }

    /// <summary>The fields an upsert takes from its filter: everything it says is equal to one value.</summary>
    public static Dictionary<string, RawValue> Equalities(Filter filter)
    {
        var found = new Dictionary<string, RawValue>();
        Collect(filter, found);
        return found;
    }

    private static void Collect(Filter filter, Dictionary<string, RawValue> found)
    {
        switch (filter)
        {
            case AllOf all:
                foreach (var one in all.Filters)
                {
                    Collect(one, found);
                }

                break;
            case PathFilter { Predicate: Compared { Relation: Relation.Equal } equal } leaf:
                Add(leaf.Path.Text, equal.Constant, found);
                break;
            case PathFilter { Predicate: OneOf { Values: [var only] } } leaf:
                Add(leaf.Path.Text, only, found);
                break;
        }
    }

    private static void Add(string path, RawValue value, Dictionary<string, RawValue> found)
    {
        if (!found.TryAdd(path, value))
        {
            throw new MongoError(
                ErrorCode.NotSingleValueField,
                $"cannot infer query fields to set, path '{path}' is matched twice");
        }
    }
}
