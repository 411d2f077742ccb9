namespace Platform.EmbeddedMongo;

/// <summary>`findAndModify`: changes or removes one document and gives it back, as it was or as it is.</summary>
internal static class FindAndModifyCommand
{
    public static async ValueTask RunAsync(Engine engine, Request request, BsonWriter reply)
    {
        var arguments = Arguments.Of(
            request, "query", "sort", "remove", "update", "new", "fields", "upsert", "bypassDocumentValidation");
        var name = request.Namespace;
        var removes = arguments.Flag("remove");
        var update = arguments["update"] is { } specification ? UpdateParser.Parse(specification, multi: false) : null;
        if (removes == update is not null || (removes && (arguments.Flag("new") || arguments.Flag("upsert"))))
        {
            throw MongoError.Unparsed(
                "Either an update or remove=true must be specified, without new or upsert for the latter");
        }

        var filter = arguments.Filter("query");
        var sort = arguments.Sort("sort");
        var deadline = arguments.Deadline(engine.Clock);
        var result = new Result();
        await engine.Store.WriteAsync(session =>
        {
            var collection = session.Catalog.Find(name);
            var found = collection is null ? [] : session.Find(collection, filter, sort, first: 1, deadline);
            if (found is [var (rid, document)])
            {
                result.Found = true;
                result.Before = document;
                if (removes)
                {
                    session.Delete(collection!, rid, document);
                }
                else if (update!.Apply(document) is { } changed)
                {
                    session.Update(collection!, rid, document, changed);
                    result.After = changed;
                }
                else
                {
                    result.After = document;
                }
            }
            else if (arguments.Flag("upsert"))
            {
                result.After = update!.Create(filter, engine.Ids.Next);
                session.Insert(session.GetOrCreate(name), result.After);
            }
        });

        Write(reply, result, removes, arguments);
    }

    private static void Write(BsonWriter reply, Result result, bool removes, Arguments arguments)
    {
        var projection = Projection.Parse(arguments["fields"]);
        var last = reply.BeginDocument("lastErrorObject"u8);
        reply.Int32("n"u8, result.Found || result.After is not null ? 1 : 0);
        if (!removes)
        {
            reply.Boolean("updatedExisting"u8, result.Found);
            if (!result.Found && result.After is not null)
            {
                new RawFields(result.After).TryFind("_id", out var id);
                reply.Value("upserted"u8, id);
            }
        }

        reply.End(last);
        if ((arguments.Flag("new") ? result.After : result.Before) is not { } document)
        {
            reply.Null("value"u8);
        }
        else if (projection is null)
        {
            reply.Value("value"u8, BsonType.Document, document);
        }
        else
        {
            reply.Name(BsonType.Document, "value"u8);
            projection.Write(reply, document);
        }
    }

    private sealed class Result
    {
        public bool Found { get; set; }

        public byte[]? Before { get; set; }

        public byte[]? After { get; set; }
    }
}
