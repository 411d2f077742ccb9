namespace Platform.EmbeddedMongo;

/// <summary>The error codes of MongoDB that this server answers with.</summary>
internal enum ErrorCode
{
    InternalError = 1,
    BadValue = 2,
    FailedToParse = 9,
    TypeMismatch = 14,
    Overflow = 15,
    InvalidLength = 16,
    IllegalOperation = 20,
    InvalidBson = 22,
    NamespaceNotFound = 26,
    IndexNotFound = 27,
    PathNotViable = 28,
    ConflictingUpdateOperators = 40,
    CursorNotFound = 43,
    NamespaceExists = 48,
    MaxTimeMsExpired = 50,
    DollarPrefixedFieldName = 52,
    NotSingleValueField = 54,
    EmptyFieldName = 56,
    CommandNotFound = 59,
    ImmutableField = 66,
    CannotCreateIndex = 67,
    InvalidOptions = 72,
    InvalidNamespace = 73,
    IndexOptionsConflict = 85,
    IndexKeySpecsConflict = 86,
    ShutdownInProgress = 91,
    CommandNotSupported = 115,
    CannotIndexParallelArrays = 171,
    QueryPlanKilled = 175,
    InvalidIndexSpecificationOption = 197,
    QueryExceededMemoryLimit = 292,
    BsonObjectTooLarge = 10334,
    DuplicateKey = 11000,
    InvalidSortValue = 15975,
    InclusionInExclusion = 31253,
    ExclusionInInclusion = 31254,
    UnknownField = 40415,
    MissingField = 40414,
}

/// <summary>A refusal with MongoDB's code, told to the client.</summary>
internal sealed class MongoError(ErrorCode code, string message) : Exception(message)
{
    public ErrorCode Code { get; } = code;

    /// <summary>For a duplicate key: the index's pattern and the offending values, each a document.</summary>
    public byte[]? KeyPattern { get; init; }

    public byte[]? KeyValue { get; init; }

    public string CodeName => Code switch
    {
        ErrorCode.InvalidBson => "InvalidBSON",
        ErrorCode.MaxTimeMsExpired => "MaxTimeMSExpired",
        ErrorCode.BsonObjectTooLarge => "BSONObjectTooLarge",
        ErrorCode.QueryExceededMemoryLimit => "QueryExceededMemoryLimitNoDiskUseAllowed",
        ErrorCode.InvalidSortValue => "Location15975",
        ErrorCode.InclusionInExclusion => "Location31253",
        ErrorCode.ExclusionInInclusion => "Location31254",
        ErrorCode.UnknownField => "IDLUnknownField",
        ErrorCode.MissingField => "IDLFailedToParse",
        _ => Code.ToString(),
    };

    public static MongoError Bad(string message) => new(ErrorCode.BadValue, message);

    public static MongoError Unparsed(string message) => new(ErrorCode.FailedToParse, message);

    public static MongoError WrongType(string message) => new(ErrorCode.TypeMismatch, message);

    /// <summary>MongoDB has it, this server does not.</summary>
    public static MongoError LeftOut(string what) =>
        new(ErrorCode.CommandNotSupported, $"{what} is not served by EmbeddedMongo");

    public void WriteTo(BsonWriter reply)
    {
        reply.Double("ok"u8, 0);
        reply.String("errmsg"u8, Message);
        reply.Int32("code"u8, (int)Code);
        reply.String("codeName"u8, CodeName);
        WriteKeys(reply);
    }

    /// <summary>As an item of `writeErrors`.</summary>
    public void WriteTo(BsonWriter reply, int index)
    {
        reply.Int32("index"u8, index);
        reply.Int32("code"u8, (int)Code);
        WriteKeys(reply);
        reply.String("errmsg"u8, Message);
    }

    private void WriteKeys(BsonWriter reply)
    {
        if (KeyPattern is not null)
        {
            reply.Value("keyPattern"u8, BsonType.Document, KeyPattern);
            reply.Value("keyValue"u8, BsonType.Document, KeyValue);
        }
    }
}
