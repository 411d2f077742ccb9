namespace Platform.EmbeddedMongo;

/// <summary>`createIndexes`, `dropIndexes` and `listIndexes`.</summary>
internal static class IndexCommands
{
    public static async ValueTask CreateAsync(Engine engine, Request request, BsonWriter reply)
    {
        Arguments.Of(request, "indexes");
        var name = request.Namespace;
        var specifications = request.Documents("indexes");
        var wanted = new List<Index>();
        foreach (var specification in specifications)
        {
            wanted.Add(Index.Parse(1, new RawValue(BsonType.Document, specification)));
        }

        if (wanted.Count == 0)
        {
            throw MongoError.Bad("Must specify at least one index to create");
        }

        var (created, before, after) = (false, 0, 0);
        await engine.Store.WriteAsync(session =>
        {
            created = session.Catalog.Find(name) is null;
            var collection = session.GetOrCreate(name);
            before = collection.Indexes.Length;
            for (var i = 0; i < wanted.Count; i++)
            {
                if (!Exists(collection, wanted[i]))
                {
                    var specification = new RawValue(BsonType.Document, specifications[i].ToArray());
                    collection = session.AddIndex(collection, Index.Parse(collection.NextIndex, specification));
                }
            }

            after = collection.Indexes.Length;
        });
        reply.Int32("numIndexesBefore"u8, before);
        reply.Int32("numIndexesAfter"u8, after);
        reply.Boolean("createdCollectionAutomatically"u8, created);
        if (before == after)
        {
            reply.String("note"u8, "all indexes already exist");
        }
    }

    public static async ValueTask DropAsync(Engine engine, Request request, BsonWriter reply)
    {
        var arguments = Arguments.Of(request, "index");
        var name = request.Namespace;
        var wanted = arguments.Required("index");
        var before = 0;
        await engine.Store.WriteAsync(session =>
        {
            var collection = Find(session.Catalog, name);
            before = collection.Indexes.Length;
            foreach (var index in Chosen(collection, wanted))
            {
                collection = session.DropIndex(collection, index);
            }
        });
        reply.Int32("nIndexesWas"u8, before);
    }

    public static ValueTask List(Engine engine, Request request, BsonWriter reply)
    {
        Arguments.Of(request, "cursor");
        var collection = Find(engine.Store.Catalog, request.Namespace);
        var start = reply.Length;
        reply.BeginDocument("cursor"u8);
        var batch = reply.BeginArray("firstBatch"u8);
        for (var i = 0; i < collection.Indexes.Length; i++)
        {
            reply.Name(BsonType.Document, i);
            reply.Raw(collection.Indexes[i].ToDocument());
        }

        reply.End(batch);
        FindCommands.EndCursor(reply, start, 0, collection.Name.ToString());
        return ValueTask.CompletedTask;
    }

    private static Collection Find(Catalog catalog, Namespace name) => catalog.Find(name)
        ?? throw new MongoError(ErrorCode.NamespaceNotFound, $"ns does not exist: {name}");

    private static bool Exists(Collection collection, Index wanted)
    {
        foreach (var index in collection.Indexes)
        {
            var sameKey = SameKey(index, wanted);
            if (sameKey && index.IsId)
            {
                return true;
            }

            var sameOptions = index.Unique == wanted.Unique && index.Sparse == wanted.Sparse
                && index.ExpireAfterSeconds == wanted.ExpireAfterSeconds
                && Same(index.PartialExpression, wanted.PartialExpression);
            if (index.Name == wanted.Name)
            {
                return sameKey && sameOptions
                    ? true
                    : throw new MongoError(
                        ErrorCode.IndexKeySpecsConflict,
                        $"An existing index has the same name as the requested index: {index.Name}");
            }

            if (sameKey && Same(index.PartialExpression, wanted.PartialExpression))
            {
                throw new MongoError(
                    ErrorCode.IndexOptionsConflict, $"Index already exists with a different name: {index.Name}");
            }
        }

        return false;
    }

    private static bool SameKey(Index left, Index right) =>
        left.Pattern.Fields.Select(static field => (field.Path.Text, field.Descending))
            .SequenceEqual(right.Pattern.Fields.Select(static field => (field.Path.Text, field.Descending)));

    private static bool Same(RawValue? left, RawValue? right) => (left, right) switch
    {
        (null, null) => true,
        ({ } one, { } other) => one.IdenticalTo(other),
        _ => false,
    };

    /// <summary>By name, by names, by key, or all with `*`; the one on `_id` stays.</summary>
    private static List<Index> Chosen(Collection collection, RawValue wanted)
    {
        if (wanted.Type == BsonType.String && wanted.Text == "*")
        {
            return [.. collection.Indexes.Where(static index => !index.IsId)];
        }

        if (wanted.Type == BsonType.Array)
        {
            var chosen = new List<Index>();
            foreach (var field in wanted.Fields)
            {
                chosen.AddRange(Chosen(collection, field.Value));
            }

            return chosen;
        }

        var found = collection.Indexes.FirstOrDefault(index => wanted.Type == BsonType.String
            ? index.Name == wanted.Text
            : index.Key.IdenticalTo(wanted)) ?? throw new MongoError(ErrorCode.IndexNotFound, "index not found");
        return found.IsId
            ? throw new MongoError(ErrorCode.InvalidOptions, "cannot drop _id index")
            : [found];
    }
}
