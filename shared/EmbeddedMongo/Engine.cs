using System.Collections.Frozen;

namespace Platform.EmbeddedMongo;

/// <summary>Finds the command a request names, runs it, and turns what it throws into an answer.</summary>
internal sealed class Engine(Store store, TimeProvider clock)
{
    /// <summary>Every command that is served.</summary>
    public static readonly FrozenDictionary<string, CommandHandler> Commands =
        new Dictionary<string, CommandHandler>
        {
            ["hello"] = SessionCommands.Hello,
            ["isMaster"] = SessionCommands.Hello,
            ["ismaster"] = SessionCommands.Hello,
            ["ping"] = SessionCommands.Ping,
            ["buildInfo"] = SessionCommands.BuildInfo,
            ["endSessions"] = SessionCommands.Ping,
            ["insert"] = InsertCommand.RunAsync,
            ["update"] = UpdateCommand.RunAsync,
            ["delete"] = DeleteCommand.RunAsync,
            ["findAndModify"] = FindAndModifyCommand.RunAsync,
            ["find"] = FindCommands.Find,
            ["getMore"] = FindCommands.GetMore,
            ["killCursors"] = FindCommands.KillCursors,
            ["count"] = CountCommands.Count,
            ["aggregate"] = CountCommands.Aggregate,
            ["create"] = CatalogCommands.CreateAsync,
            ["drop"] = CatalogCommands.DropAsync,
            ["dropDatabase"] = CatalogCommands.DropDatabaseAsync,
            ["listCollections"] = CatalogCommands.ListCollections,
            ["listDatabases"] = CatalogCommands.ListDatabases,
            ["createIndexes"] = IndexCommands.CreateAsync,
            ["dropIndexes"] = IndexCommands.DropAsync,
            ["listIndexes"] = IndexCommands.List,
        }.ToFrozenDictionary();

    public Store Store => store;

    public TimeProvider Clock => clock;

    public Cursors Cursors { get; } = new(clock);

    public ObjectIds Ids { get; } = new(clock);

    public async ValueTask AnswerAsync(Request request, BsonWriter reply)
    {
        var start = reply.Length;
        MongoError refusal;
        try
        {
            if (!Commands.TryGetValue(request.Command, out var command))
            {
                throw new MongoError(ErrorCode.CommandNotFound, $"no such command: '{request.Command}'");
            }

            await command(this, request, reply);
            reply.Double("ok"u8, 1);
            return;
        }
        catch (MongoError error)
        {
            refusal = error;
        }
        catch (Exception error)
        {
            // A client must hear of a full disk or of a fault of ours; the connection and the process go on.
            refusal = new MongoError(ErrorCode.InternalError, $"{error.GetType().Name}: {error.Message}");
        }

        reply.Truncate(start);
        refusal.WriteTo(reply);
    }
}

/// <summary>Writes the answer to a request, all but its `ok`.</summary>
internal delegate ValueTask CommandHandler(Engine engine, Request request, BsonWriter reply);
