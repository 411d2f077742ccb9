namespace Platform.EmbeddedMongo;

/// <summary>Runs the statements of a write command one after the other and says what became of each.</summary>
internal sealed class WriteReply
{
    public const int MaxStatements = 100_000;

    private readonly List<(int Index, MongoError Error)> _errors = [];

    /// <summary>A <see cref="MongoError"/> refuses one statement, and in order those behind it.</summary>
    public static WriteReply Run(int statements, bool ordered, Action<int> run)
    {
        var reply = new WriteReply();
        for (var i = 0; i < statements; i++)
        {
            try
            {
                run(i);
            }
            catch (MongoError error)
            {
                reply._errors.Add((i, error));
                if (ordered)
                {
                    break;
                }
            }
        }

        return reply;
    }

    public static void CheckCount(int statements)
    {
        if (statements is 0 or > MaxStatements)
        {
            throw new MongoError(
                ErrorCode.InvalidLength, $"Write batch sizes must be between 1 and {MaxStatements}. Got {statements}.");
        }
    }

    public void WriteTo(BsonWriter reply)
    {
        if (_errors.Count == 0)
        {
            return;
        }

        var errors = reply.BeginArray("writeErrors"u8);
        for (var i = 0; i < _errors.Count; i++)
        {
            reply.Name(BsonType.Document, i);
            var error = reply.Begin();
            _errors[i].Error.WriteTo(reply, _errors[i].Index);
            reply.End(error);
        }

        reply.End(errors);
    }
}

/// <summary>A statement as far as it could be read before the writer's turn.</summary>
internal readonly record struct Parsed<T>(T? Value, MongoError? Error)
    where T : class
{
    /// <summary>Reads outside the writer, so that a bad statement costs it nothing.</summary>
    public static List<Parsed<T>> All(List<ReadOnlyMemory<byte>> statements, Func<RawFields, T> parse)
    {
        WriteReply.CheckCount(statements.Count);
        var parsed = new List<Parsed<T>>(statements.Count);
        foreach (var statement in statements)
        {
            try
            {
                parsed.Add(new(parse(new RawFields(statement)), null));
            }
            catch (MongoError error) when (error.Code is not (ErrorCode.UnknownField or ErrorCode.MissingField))
            {
                parsed.Add(new(null, error));
            }
        }

        return parsed;
    }

    public T Get() => Value ?? throw Error!;
}
