namespace Platform.EmbeddedMongo;

/// <summary>`insert`: all documents of a command are one turn of the writer.</summary>
internal static class InsertCommand
{
    public static async ValueTask RunAsync(Engine engine, Request request, BsonWriter reply)
    {
        var arguments = Arguments.Of(request, "documents", "ordered", "bypassDocumentValidation");
        var name = request.Namespace;
        var ordered = arguments.Flag("ordered", true);
        var documents = request.Documents("documents");
        WriteReply.CheckCount(documents.Count);
        for (var i = 0; i < documents.Count; i++)
        {
            documents[i] = WithId(engine, documents[i]);
        }

        var inserted = 0;
        WriteReply? result = null;
        await engine.Store.WriteAsync(session => result = WriteReply.Run(documents.Count, ordered, i =>
        {
            session.Insert(session.GetOrCreate(name), documents[i].Span);
            inserted++;
        }));
        reply.Int32("n"u8, inserted);
        result!.WriteTo(reply);
    }

    private static ReadOnlyMemory<byte> WithId(Engine engine, ReadOnlyMemory<byte> document) =>
        Bson.TryFind(document.Span, "_id"u8, out _)
            ? Documents.WithId(document, default)
            : Documents.WithId(document, engine.Ids.Next());
}
