namespace Platform.EmbeddedMongo;

/// <summary>`delete`: one document, or all a filter meets.</summary>
internal static class DeleteCommand
{
    public static async ValueTask RunAsync(Engine engine, Request request, BsonWriter reply)
    {
        var arguments = Arguments.Of(request, "deletes", "ordered");
        var name = request.Namespace;
        var statements = Parsed<Item>.All(request.Documents("deletes"), Item.Parse);
        var deadline = arguments.Deadline(engine.Clock);
        var deleted = 0L;
        WriteReply? result = null;
        await engine.Store.WriteAsync(session => result = WriteReply.Run(
            statements.Count,
            arguments.Flag("ordered", true),
            i =>
            {
                var item = statements[i].Get();
                if (session.Catalog.Find(name) is { } collection)
                {
                    foreach (var (rid, document) in session.Find(collection, item.Filter, null, item.One ? 1 : null, deadline))
                    {
                        session.Delete(collection, rid, document);
                        deleted++;
                    }
                }
            }));

        reply.Count("n"u8, deleted);
        result!.WriteTo(reply);
    }

    private sealed record Item(Filter Filter, bool One)
    {
        public static Item Parse(RawFields statement)
        {
            var arguments = new Arguments("delete.deletes", statement, ["q", "limit"]);
            arguments.Required("limit");
            return new Item(
                FilterParser.Parse(arguments.Required("q")),
                arguments.Number("limit") switch
                {
                    0 => false,
                    1 => true,
                    _ => throw MongoError.Unparsed("The limit field in delete objects must be 0 or 1"),
                });
        }
    }
}
