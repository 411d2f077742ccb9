namespace Platform.EmbeddedMongo;

/// <summary>What an update makes of a document.</summary>
internal abstract class Update
{
    /// <summary>The changed document, or null when it stays as it is.</summary>
    public abstract byte[]? Apply(ReadOnlyMemory<byte> document);

    /// <summary>The document an upsert inserts when the filter met none.</summary>
    public abstract byte[] Create(Filter filter, Func<RawValue> newId);

    protected static void CheckSameId(ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        if (Bson.TryFind(before, "_id"u8, out var old)
            && (!Bson.TryFind(after, "_id"u8, out var id) || Comparison.Compare(old, id) != 0))
        {
            throw new MongoError(
                ErrorCode.ImmutableField,
                "Performing an update on the path '_id' would modify the immutable field '_id'");
        }
    }
}

/// <summary>A whole document in place of another; the `_id` stays.</summary>
internal sealed class Replacement(RawValue document) : Update
{
    public override byte[]? Apply(ReadOnlyMemory<byte> current)
    {
        if (!Bson.TryFind(current.Span, "_id"u8, out var id))
        {
            return document.Bytes.ToArray();
        }

        var replaced = Documents.WithId(document.Bytes, RawValue.Copy(id));
        CheckSameId(current.Span, replaced.Span);
        return replaced.Span.SequenceEqual(current.Span) ? null : replaced.ToArray();
    }

    public override byte[] Create(Filter filter, Func<RawValue> newId)
    {
        if (document.Fields.TryFind("_id", out var own))
        {
            return Documents.WithId(document.Bytes, own).ToArray();
        }

        var equalities = Documents.Equalities(filter);
        return Documents.WithId(
            document.Bytes,
            equalities.TryGetValue("_id", out var id) ? id : newId()).ToArray();
    }
}

/// <summary>Operators, applied in the order in which MongoDB adds new fields.</summary>
internal sealed class Modifiers(IReadOnlyList<Modifier> modifiers) : Update
{
    public override byte[]? Apply(ReadOnlyMemory<byte> document)
    {
        var root = new Node(new RawValue(BsonType.Document, document));
        var changed = false;
        foreach (var modifier in modifiers)
        {
            changed |= !modifier.OnlyOnInsert && modifier.ApplyTo(root);
        }

        if (!changed)
        {
            return null;
        }

        var writer = new BsonWriter(document.Length + 128);
        root.Write(writer);
        CheckSameId(document.Span, writer.WrittenSpan);
        return writer.ToArray();
    }

    public override byte[] Create(Filter filter, Func<RawValue> newId)
    {
        var root = Node.EmptyDocument();
        var equalities = Documents.Equalities(filter);
        foreach (var (path, value) in equalities)
        {
            new SetTo(new FieldPath(path), value).ApplyTo(root);
        }

        foreach (var modifier in modifiers)
        {
            modifier.ApplyTo(root);
        }

        var document = root.ToValue();
        if (!document.Fields.TryFind("_id", out var id))
        {
            id = newId();
        }
        else if (equalities.TryGetValue("_id", out var asked) && Comparison.Compare(asked, id) != 0)
        {
            throw new MongoError(
                ErrorCode.ImmutableField,
                "Performing an update on the path '_id' would modify the immutable field '_id'");
        }

        return Documents.WithId(document.Bytes, id).ToArray();
    }
}
