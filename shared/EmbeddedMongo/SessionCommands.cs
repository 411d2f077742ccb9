namespace Platform.EmbeddedMongo;

/// <summary>What a driver asks before and after its work: who are you, are you there.</summary>
internal static class SessionCommands
{
    /// <summary>MongoDB 7.0: high enough for every driver that is supported, without what came later.</summary>
    private const int WireVersion = 21;

    /// <summary>A standalone without sessions, so that drivers send neither session ids nor transaction numbers.</summary>
    public static ValueTask Hello(Engine engine, Request request, BsonWriter reply)
    {
        reply.Boolean("helloOk"u8, true);
        reply.Boolean(request.Command == "hello" ? "isWritablePrimary"u8 : "ismaster"u8, true);
        reply.Int32("maxBsonObjectSize"u8, Documents.MaxLength);
        reply.Int32("maxMessageSizeBytes"u8, Wire.MaxMessageLength);
        reply.Int32("maxWriteBatchSize"u8, WriteReply.MaxStatements);
        reply.Date("localTime"u8, engine.Clock.GetUtcNow());
        reply.Int32("connectionId"u8, request.ConnectionId);
        reply.Int32("minWireVersion"u8, 0);
        reply.Int32("maxWireVersion"u8, WireVersion);
        reply.Boolean("readOnly"u8, false);
        return ValueTask.CompletedTask;
    }

    public static ValueTask Ping(Engine engine, Request request, BsonWriter reply) => ValueTask.CompletedTask;

    public static ValueTask BuildInfo(Engine engine, Request request, BsonWriter reply)
    {
        reply.String("version"u8, "7.0.0");
        var version = reply.BeginArray("versionArray"u8);
        reply.Int32("0"u8, 7);
        reply.Int32("1"u8, 0);
        reply.Int32("2"u8, 0);
        reply.Int32("3"u8, 0);
        reply.End(version);
        var modules = reply.BeginArray("modules"u8);
        reply.String("0"u8, "EmbeddedMongo");
        reply.End(modules);
        reply.Int32("maxBsonObjectSize"u8, Documents.MaxLength);
        return ValueTask.CompletedTask;
    }
}
