using Microsoft.Data.Sqlite;

namespace Platform.EmbeddedMongo;

/// <summary>`find`, `getMore` and `killCursors`.</summary>
internal static class FindCommands
{
    private const int FirstBatch = 101;

    public static ValueTask Find(Engine engine, Request request, BsonWriter reply)
    {
        var arguments = Arguments.Of(
            request, "filter", "sort", "projection", "skip", "limit", "batchSize", "singleBatch", "allowDiskUse",
            "allowPartialResults");
        var name = request.Namespace;
        var filter = arguments.Filter("filter");
        var sort = arguments.Sort("sort");
        var projection = Projection.Parse(arguments["projection"]);
        var skip = NotNegative(arguments, "skip") ?? 0;
        var limit = NotNegative(arguments, "limit") is > 0 and var most ? most : (long?)null;
        var batchSize = NotNegative(arguments, "batchSize") ?? FirstBatch;
        var deadline = arguments.Deadline(engine.Clock);
        var start = reply.Length;

        var (cursor, more) = engine.Store.Read((sqlite, catalog) =>
        {
            reply.Truncate(start);
            var outer = reply.BeginDocument("cursor"u8);
            var batch = reply.BeginArray("firstBatch"u8);
            Cursor? cursor = null;
            var more = false;
            if (catalog.Find(name) is { } collection)
            {
                cursor = new Cursor
                {
                    Name = name,
                    CollectionId = collection.Id,
                    Filter = filter,
                    Sort = sort,
                    Projection = projection,
                    Skip = skip,
                    Limit = limit,
                };
                more = cursor.WriteBatch(sqlite, collection, batchSize, deadline, reply);
            }

            reply.End(batch);
            return (cursor, more);
        });

        var id = more && !arguments.Flag("singleBatch") ? engine.Cursors.Add(cursor!) : 0;
        EndCursor(reply, start, id, name.ToString());
        return ValueTask.CompletedTask;
    }

    public static ValueTask GetMore(Engine engine, Request request, BsonWriter reply)
    {
        var arguments = Arguments.Of(request, "collection", "batchSize");
        var name = new Namespace(request.Database, arguments.Required("collection").Text);
        var batchSize = NotNegative(arguments, "batchSize") is > 0 and var size ? size : long.MaxValue;
        if (!request.Target.TryGetInteger(out var id) || engine.Cursors.Take(id) is not { } cursor)
        {
            throw new MongoError(ErrorCode.CursorNotFound, $"cursor id {id} not found");
        }

        if (cursor.Name != name)
        {
            engine.Cursors.PutBack(id, cursor);
            throw new MongoError(ErrorCode.CursorNotFound, $"cursor id {id} does not belong to {name}");
        }

        var deadline = arguments.Deadline(engine.Clock);
        var start = reply.Length;
        reply.BeginDocument("cursor"u8);
        var batch = reply.BeginArray("nextBatch"u8);
        bool more;
        try
        {
            more = engine.Store.Read((sqlite, catalog) =>
                catalog.Find(name) is { } collection && collection.Id == cursor.CollectionId
                    ? cursor.WriteBatch(sqlite, collection, batchSize, deadline, reply)
                    : throw Killed(name));
        }
        catch (SqliteException error) when (Store.IsGone(error))
        {
            throw Killed(name);
        }

        reply.End(batch);
        if (more)
        {
            engine.Cursors.PutBack(id, cursor);
        }

        EndCursor(reply, start, more ? id : 0, name.ToString());
        return ValueTask.CompletedTask;
    }

    public static ValueTask KillCursors(Engine engine, Request request, BsonWriter reply)
    {
        var arguments = Arguments.Of(request, "cursors");
        var (killed, unknown) = (new List<RawValue>(), new List<RawValue>());
        foreach (var id in arguments.Required("cursors").Fields)
        {
            var known = id.Value.TryGetInteger(out var number) && engine.Cursors.Take(number) is not null;
            (known ? killed : unknown).Add(id.Value);
        }

        WriteIds(reply, "cursorsKilled"u8, killed);
        WriteIds(reply, "cursorsNotFound"u8, unknown);
        WriteIds(reply, "cursorsAlive"u8, []);
        WriteIds(reply, "cursorsUnknown"u8, []);
        return ValueTask.CompletedTask;
    }

    /// <summary>Closes the document that starts, with its name, at <paramref name="start"/>.</summary>
    public static void EndCursor(BsonWriter reply, int start, long id, string name)
    {
        reply.Int64("id"u8, id);
        reply.String("ns"u8, name);
        reply.End(start + "cursor".Length + 2);
    }

    private static long? NotNegative(Arguments arguments, string name) => arguments.Number(name) is var number
        && number is null or >= 0
        ? number
        : throw new MongoError((ErrorCode)51024, $"BSON field '{name}' value must be >= 0, actual value '{number}'");

    private static MongoError Killed(Namespace name) =>
        new(ErrorCode.QueryPlanKilled, $"collection or index dropped: {name}");

    private static void WriteIds(BsonWriter reply, ReadOnlySpan<byte> name, List<RawValue> ids)
    {
        var list = reply.BeginArray(name);
        for (var i = 0; i < ids.Count; i++)
        {
            reply.Name(ids[i].Type, i);
            reply.Raw(ids[i].Span);
        }

        reply.End(list);
    }
}
