namespace Platform.EmbeddedMongo;

/// <summary>`count`, and `aggregate` in the one shape in which drivers count.</summary>
internal static class CountCommands
{
    public static ValueTask Count(Engine engine, Request request, BsonWriter reply)
    {
        var arguments = Arguments.Of(request, "query", "limit", "skip");
        var limit = arguments.Number("limit") is { } most and not 0 ? Math.Abs(most) : (long?)null;
        var count = Number(
            engine, request, arguments.Filter("query"), arguments.Number("skip") ?? 0, limit, arguments);
        reply.Count("n"u8, count);
        return ValueTask.CompletedTask;
    }

    public static ValueTask Aggregate(Engine engine, Request request, BsonWriter reply)
    {
        var arguments = Arguments.Of(request, "pipeline", "cursor", "allowDiskUse");
        var pipeline = CountPipeline.Parse(arguments.Required("pipeline"));
        var count = Number(engine, request, pipeline.Filter, pipeline.Skip, pipeline.Limit, arguments);
        var start = reply.Length;
        reply.BeginDocument("cursor"u8);
        var batch = reply.BeginArray("firstBatch"u8);
        if (count > 0)
        {
            var group = reply.BeginDocument("0"u8);
            reply.Value("_id"u8, pipeline.Id);
            reply.Count("n"u8, count);
            reply.End(group);
        }

        reply.End(batch);
        FindCommands.EndCursor(reply, start, 0, request.Namespace.ToString());
        return ValueTask.CompletedTask;
    }

    private static long Number(
        Engine engine, Request request, Filter filter, long skip, long? limit, Arguments arguments)
    {
        var name = request.Namespace;
        var deadline = arguments.Deadline(engine.Clock);
        return engine.Store.Read((sqlite, catalog) => catalog.Find(name) is { } collection
            ? new Query(sqlite, collection, filter, null, deadline).Count(skip, limit)
            : 0);
    }

    private sealed record CountPipeline(Filter Filter, long Skip, long? Limit, RawValue Id)
    {
        public static CountPipeline Parse(RawValue pipeline)
        {
            var filter = Filter.Everything;
            var skip = 0L;
            long? limit = null;
            RawValue? id = null;
            var place = 0;
            foreach (var stage in pipeline.Fields)
            {
                var (name, value) = Only(stage.Value);
                var order = Array.IndexOf(Stages, name) + 1;
                if (order <= place)
                {
                    throw MongoError.LeftOut($"an aggregation other than a count (stage {name})");
                }

                place = order;
                switch (name)
                {
                    case "$match":
                        filter = FilterParser.Parse(value);
                        break;
                    case "$skip":
                        skip = Whole(value, name);
                        break;
                    case "$limit":
                        limit = Whole(value, name);
                        break;
                    default:
                        id = GroupId(value);
                        break;
                }
            }

            return new(filter, skip, limit, id ?? throw MongoError.LeftOut("an aggregation other than a count"));
        }

        private static readonly string[] Stages = ["$match", "$skip", "$limit", "$group"];

        private static (string Name, RawValue Value) Only(RawValue stage)
        {
            if (stage.IsDocument && stage.Fields.Count() == 1)
            {
                foreach (var field in stage.Fields)
                {
                    return (field.Name, field.Value);
                }
            }

            throw MongoError.Unparsed("A pipeline stage specification object must contain exactly one field.");
        }

        private static long Whole(RawValue value, string name) => value.TryGetInteger(out var number) && number >= 0
            ? number
            : throw MongoError.Bad($"the argument of {name} must be a non-negative whole number");

        private static RawValue GroupId(RawValue group)
        {
            if (group.IsDocument && group.Fields.Count() == 2
                && group.Fields.TryFind("_id", out var id) && (id.IsNumber || id.Type == BsonType.Null)
                && group.Fields.TryFind("n", out var n) && n.IsDocument && n.Fields.Count() == 1
                && n.Fields.TryFind("$sum", out var one) && one.TryGetInteger(out var by) && by == 1)
            {
                return id;
            }

            throw MongoError.LeftOut("a $group other than {_id: 1, n: {$sum: 1}}");
        }
    }
}
