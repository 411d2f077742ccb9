namespace Platform.EmbeddedMongo;

/// <summary>`update`: one, many or a replacement, with or without upsert.</summary>
internal static class UpdateCommand
{
    public static async ValueTask RunAsync(Engine engine, Request request, BsonWriter reply)
    {
        var arguments = Arguments.Of(request, "updates", "ordered", "bypassDocumentValidation");
        var name = request.Namespace;
        var statements = Parsed<Item>.All(request.Documents("updates"), Item.Parse);
        var deadline = arguments.Deadline(engine.Clock);
        var totals = new Totals();
        WriteReply? result = null;
        await engine.Store.WriteAsync(session => result = WriteReply.Run(
            statements.Count,
            arguments.Flag("ordered", true),
            i => Run(engine, session, name, statements[i].Get(), i, deadline, totals)));

        reply.Count("n"u8, totals.Matched + totals.Upserted.Count);
        if (totals.Upserted.Count > 0)
        {
            WriteUpserted(reply, totals.Upserted);
        }

        reply.Count("nModified"u8, totals.Modified);
        result!.WriteTo(reply);
    }

    private static void Run(
        Engine engine, WriteSession session, Namespace name, Item item, int position, Deadline deadline, Totals totals)
    {
        var collection = session.Catalog.Find(name);
        var found = collection is null ? [] : session.Find(collection, item.Filter, null, item.Multi ? null : 1, deadline);
        foreach (var (rid, document) in found)
        {
            var changed = item.Update.Apply(document);
            if (changed is not null)
            {
                session.Update(collection!, rid, document, changed);
                totals.Modified++;
            }

            totals.Matched++;
        }

        if (found.Count == 0 && item.Upsert)
        {
            var document = item.Update.Create(item.Filter, engine.Ids.Next);
            session.Insert(session.GetOrCreate(name), document);
            new RawFields(document).TryFind("_id", out var id);
            totals.Upserted.Add((position, id));
        }
    }

    private static void WriteUpserted(BsonWriter reply, List<(int Index, RawValue Id)> upserted)
    {
        var list = reply.BeginArray("upserted"u8);
        for (var i = 0; i < upserted.Count; i++)
        {
            reply.Name(BsonType.Document, i);
            var one = reply.Begin();
            reply.Int32("index"u8, upserted[i].Index);
            reply.Value("_id"u8, upserted[i].Id);
            reply.End(one);
        }

        reply.End(list);
    }

    private sealed record Item(Filter Filter, Update Update, bool Multi, bool Upsert)
    {
        public static Item Parse(RawFields statement)
        {
            var arguments = new Arguments("update.updates", statement, ["q", "u", "multi", "upsert"]);
            var multi = arguments.Flag("multi");
            return new Item(
                FilterParser.Parse(arguments.Required("q")),
                UpdateParser.Parse(arguments.Required("u"), multi),
                multi,
                arguments.Flag("upsert"));
        }
    }

    private sealed class Totals
    {
        public long Matched { get; set; }

        public long Modified { get; set; }

        public List<(int Index, RawValue Id)> Upserted { get; } = [];
    }
}
