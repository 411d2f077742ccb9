namespace Platform.EmbeddedMongo;

/// <summary>An index: its definition, and whether an array was ever seen on its paths.</summary>
/// <remarks>
/// The flag is raised in memory before the write that needs it commits, and read after a snapshot was taken: too
/// early makes a reader slow, too late would make it wrong.
/// </remarks>
internal sealed class Index
{
    private volatile bool _multikey;

    public required int Id { get; init; }

    public required string Name { get; init; }

    public required KeyPattern Pattern { get; init; }

    /// <summary>The `key` document as it was given.</summary>
    public required RawValue Key { get; init; }

    public bool Unique { get; init; }

    public bool Sparse { get; init; }

    public RawValue? PartialExpression { get; init; }

    public Filter? Partial { get; init; }

    public long? ExpireAfterSeconds { get; init; }

    public bool IsId => Id == 0;

    public bool Multikey
    {
        get => _multikey;
        set => _multikey = value;
    }

    public static Index ForId() => Parse(0, SpecificationOf("_id_", "_id"));

    /// <summary>The keys of a document in this index; none if it is not in it.</summary>
    public KeySet Keys(ReadOnlySpan<byte> document) =>
        Partial is null || Partial.Matches(document) ? Pattern.Keys(document, Sparse) : new KeySet();

    /// <summary>Reads what `createIndexes` sends and the catalog stores.</summary>
    public static Index Parse(int id, RawValue specification)
    {
        RawValue? key = null;
        RawValue? partial = null;
        string? name = null;
        long? expires = null;
        var (unique, sparse) = (false, false);
        foreach (var field in specification.Fields)
        {
            switch (field.Name)
            {
                case "key" when field.Value.IsDocument:
                    key = field.Value;
                    break;
                case "name" when field.Value.Type == BsonType.String:
                    name = field.Value.Text;
                    break;
                case "unique":
                    unique = field.Value.IsTrue;
                    break;
                case "sparse":
                    sparse = field.Value.IsTrue;
                    break;
                case "partialFilterExpression":
                    partial = field.Value;
                    break;
                case "expireAfterSeconds":
                    expires = Seconds(field.Value);
                    break;
                case "background" or "v" or "ns":
                    break;
                case "hidden" when !field.Value.IsTrue:
                    break;
                case "collation":
                    Collation.RequireSimple(field.Value);
                    break;
                case var option when LeftOutOptions.Contains(option):
                    throw MongoError.LeftOut($"the index option {option}");
                case var option:
                    throw new MongoError(
                        ErrorCode.InvalidIndexSpecificationOption,
                        $"The field '{option}' is not valid for an index specification");
            }
        }

        if (key is not { } pattern || name is null)
        {
            throw MongoError.Unparsed("An index specification needs 'key' and 'name'");
        }

        if (sparse && partial is not null)
        {
            throw new MongoError(
                ErrorCode.CannotCreateIndex, "cannot mix \"partialFilterExpression\" and \"sparse\" options");
        }

        var index = new Index
        {
            Id = id,
            Name = name,
            Key = pattern,
            Pattern = ParsePattern(pattern),
            Unique = unique || id == 0,
            Sparse = sparse,
            PartialExpression = partial,
            Partial = partial is { } expression ? FilterParser.Parse(expression) : null,
            ExpireAfterSeconds = expires,
        };
        return expires is not null && index.Pattern.Fields.Count > 1
            ? throw new MongoError(
                ErrorCode.CannotCreateIndex, "TTL indexes are single-field indexes, compound indexes do not support TTL")
            : index;
    }

    /// <summary>As `listIndexes` tells it and the catalog stores it.</summary>
    public void WriteTo(BsonWriter writer)
    {
        writer.Int32("v"u8, 2);
        writer.Value("key"u8, Key);
        writer.String("name"u8, Name);
        if (Unique && !IsId)
        {
            writer.Boolean("unique"u8, true);
        }

        if (Sparse)
        {
            writer.Boolean("sparse"u8, true);
        }

        if (PartialExpression is { } partial)
        {
            writer.Value("partialFilterExpression"u8, partial);
        }

        if (ExpireAfterSeconds is { } seconds)
        {
            writer.Count("expireAfterSeconds"u8, seconds);
        }
    }

    public byte[] ToDocument()
    {
        var writer = new BsonWriter();
        var start = writer.Begin();
        WriteTo(writer);
        writer.End(start);
        return writer.ToArray();
    }

    private static readonly HashSet<string> LeftOutOptions =
    [
        "hidden", "weights", "default_language", "language_override", "textIndexVersion", "2dsphereIndexVersion",
        "bits", "min", "max", "bucketSize", "storageEngine", "wildcardProjection", "prepareUnique", "clustered",
    ];

    private static KeyPattern ParsePattern(RawValue key)
    {
        var fields = new List<KeyField>();
        foreach (var field in key.Fields)
        {
            var path = new FieldPath(field.Name);
            if (field.Value.Type == BsonType.String || field.Name.Contains("$**", StringComparison.Ordinal))
            {
                throw MongoError.LeftOut($"an index of the kind {field.Name}: {field.Value.Text}");
            }

            if (path.HasArrayIndex)
            {
                throw MongoError.LeftOut($"an index on a position in an array ({path.Text})");
            }

            if (!field.Value.IsNumber || !(double.Abs(field.Value.ToDouble()) > 0))
            {
                throw new MongoError(
                    ErrorCode.CannotCreateIndex, "Values in the index key pattern must be non-zero numbers");
            }

            if (path.Parts.Any(static part => part is [] or [(byte)'$', ..]))
            {
                throw new MongoError(
                    ErrorCode.CannotCreateIndex, $"Index keys cannot contain the field name '{path.Text}'");
            }

            fields.Add(new KeyField(path, field.Value.ToDouble() < 0));
        }

        return fields.Count is > 0 and <= 32
            ? new KeyPattern(fields)
            : throw new MongoError(ErrorCode.CannotCreateIndex, "Index keys must have between 1 and 32 fields");
    }

    private static long Seconds(RawValue value) =>
        value.TryGetInteger(out var seconds) && seconds is >= 0 and <= int.MaxValue
            ? seconds
            : throw new MongoError(
                ErrorCode.InvalidOptions, "TTL index 'expireAfterSeconds' option must be within 0 and 2147483647");

    private static RawValue SpecificationOf(string name, string field)
    {
        var writer = new BsonWriter();
        var start = writer.Begin();
        var key = writer.BeginDocument("key"u8);
        writer.Int32(System.Text.Encoding.UTF8.GetBytes(field), 1);
        writer.End(key);
        writer.String("name"u8, name);
        writer.End(start);
        return new RawValue(BsonType.Document, writer.ToArray());
    }
}

/// <summary>The one collation there is: plain byte order.</summary>
internal static class Collation
{
    public static void RequireSimple(RawValue collation)
    {
        if (!collation.IsDocument || (!collation.Fields.IsEmpty
            && !(collation.Fields.TryFind("locale", out var locale)
                && locale.Type == BsonType.String && locale.Text == "simple")))
        {
            throw MongoError.LeftOut("a collation other than simple");
        }
    }
}
