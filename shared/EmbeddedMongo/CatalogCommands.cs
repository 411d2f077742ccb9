namespace Platform.EmbeddedMongo;

/// <summary>`create`, `drop`, `dropDatabase`, `listCollections` and `listDatabases`.</summary>
internal static class CatalogCommands
{
    public static async ValueTask CreateAsync(Engine engine, Request request, BsonWriter reply)
    {
        Arguments.Of(request);
        var name = request.Namespace;

        // The only options there are, are none: so whatever exists under the name is the same collection.
        await engine.Store.WriteAsync(session => session.GetOrCreate(name));
    }

    public static async ValueTask DropAsync(Engine engine, Request request, BsonWriter reply)
    {
        Arguments.Of(request);
        var name = request.Namespace;
        var indexes = 0;
        await engine.Store.WriteAsync(session =>
        {
            if (session.Catalog.Find(name) is { } collection)
            {
                indexes = collection.Indexes.Length;
                session.Drop(collection);
            }
        });
        if (indexes > 0)
        {
            reply.Int32("nIndexesWas"u8, indexes);
            reply.String("ns"u8, name.ToString());
        }
    }

    public static async ValueTask DropDatabaseAsync(Engine engine, Request request, BsonWriter reply)
    {
        Arguments.Of(request);
        var any = false;
        await engine.Store.WriteAsync(session =>
        {
            foreach (var collection in session.Catalog.Collections.Values)
            {
                if (collection.Name.Database == request.Database)
                {
                    session.Drop(collection);
                    any = true;
                }
            }
        });
        if (any)
        {
            reply.String("dropped"u8, request.Database);
        }
    }

    public static ValueTask ListCollections(Engine engine, Request request, BsonWriter reply)
    {
        var arguments = Arguments.Of(request, "filter", "nameOnly", "authorizedCollections", "cursor");
        var filter = arguments.Filter("filter");
        var start = reply.Length;
        reply.BeginDocument("cursor"u8);
        var batch = reply.BeginArray("firstBatch"u8);
        var count = 0;
        foreach (var collection in engine.Store.Catalog.Collections.Values)
        {
            var described = Describe(collection, arguments.Flag("nameOnly"));
            if (collection.Name.Database == request.Database && filter.Matches(described))
            {
                reply.Name(BsonType.Document, count++);
                reply.Raw(described);
            }
        }

        reply.End(batch);
        FindCommands.EndCursor(reply, start, 0, $"{request.Database}.$cmd.listCollections");
        return ValueTask.CompletedTask;
    }

    public static ValueTask ListDatabases(Engine engine, Request request, BsonWriter reply)
    {
        var arguments = Arguments.Of(request, "filter", "nameOnly", "authorizedDatabases");
        var filter = arguments.Filter("filter");
        var list = reply.BeginArray("databases"u8);
        var count = 0;
        foreach (var name in engine.Store.Catalog.Collections.Keys.Select(static one => one.Database).Distinct())
        {
            var writer = new BsonWriter();
            var start = writer.Begin();
            writer.String("name"u8, name);
            if (!arguments.Flag("nameOnly"))
            {
                writer.Int64("sizeOnDisk"u8, 0);
                writer.Boolean("empty"u8, false);
            }

            writer.End(start);
            if (filter.Matches(writer.WrittenSpan))
            {
                reply.Name(BsonType.Document, count++);
                reply.Raw(writer.WrittenSpan);
            }
        }

        reply.End(list);
        reply.Int64("totalSize"u8, 0);
        return ValueTask.CompletedTask;
    }

    private static byte[] Describe(Collection collection, bool nameOnly)
    {
        var writer = new BsonWriter();
        var start = writer.Begin();
        writer.String("name"u8, collection.Name.Collection);
        writer.String("type"u8, "collection");
        if (!nameOnly)
        {
            writer.End(writer.BeginDocument("options"u8));
            var info = writer.BeginDocument("info"u8);
            writer.Boolean("readOnly"u8, false);
            writer.End(info);
            writer.Value("idIndex"u8, BsonType.Document, collection.Indexes[0].ToDocument());
        }

        writer.End(start);
        return writer.ToArray();
    }
}
