namespace Platform.EmbeddedMongo;

/// <summary>The fields of a command or of one of its statements, all of them known.</summary>
internal sealed class Arguments
{
    private readonly List<(string Name, RawValue Value)> _fields = [];
    private readonly string _owner;

    /// <summary>Reads what is known to the owner, and what any command may carry; refuses the rest by name.</summary>
    public Arguments(string owner, RawFields fields, ReadOnlySpan<string> known)
    {
        _owner = owner;
        foreach (var field in fields)
        {
            var name = field.Name;
            if (known.Contains(name))
            {
                _fields.Add((name, field.Value));
            }
            else if (Vocabulary.GenericFields.Contains(name))
            {
                Generic(name, field.Value);
            }
            else
            {
                Refuse(name, field.Value);
            }
        }
    }

    public static Arguments Of(Request request, params ReadOnlySpan<string> known) =>
        new(request.Command, request.Body, [request.Command, .. known]);

    /// <summary>How long the command may take.</summary>
    public TimeSpan? MaxTime { get; private set; }

    public RawValue? this[string name]
    {
        get
        {
            foreach (var (candidate, value) in _fields)
            {
                if (candidate == name)
                {
                    return value.Type == BsonType.Null ? null : value;
                }
            }

            return null;
        }
    }

    public bool Flag(string name, bool otherwise = false) => this[name]?.IsTrue ?? otherwise;

    public long? Number(string name) => this[name] is not { } value
        ? null
        : value.TryGetInteger(out var number)
            ? number
            : throw MongoError.WrongType($"BSON field '{_owner}.{name}' is not a whole number");

    public RawValue Required(string name) => this[name]
        ?? throw new MongoError(ErrorCode.MissingField, $"BSON field '{_owner}.{name}' is missing but a required field");

    public Filter Filter(string name) =>
        this[name] is { } value ? FilterParser.Parse(value) : EmbeddedMongo.Filter.Everything;

    /// <summary>Null without fields to sort by.</summary>
    public IReadOnlyList<KeyField>? Sort(string name)
    {
        if (this[name] is not { } value || !value.IsDocument || value.Fields.IsEmpty)
        {
            return null;
        }

        var fields = new List<KeyField>();
        foreach (var field in value.Fields)
        {
            var path = new FieldPath(field.Name);
            if (field.Value.IsDocument || path.HasArrayIndex || field.Name == "$natural")
            {
                throw MongoError.LeftOut($"a sort by {field.Name} of that kind");
            }

            fields.Add(field.Value.TryGetInteger(out var direction) && direction is 1 or -1
                ? new KeyField(path, direction < 0)
                : throw new MongoError(
                    ErrorCode.InvalidSortValue,
                    "$sort key ordering must be 1 (for ascending) or -1 (for descending)"));
        }

        return fields;
    }

    public Deadline Deadline(TimeProvider clock) => new(clock, MaxTime);

    private void Generic(string name, RawValue value)
    {
        switch (name)
        {
            case "maxTimeMS" when value.TryGetInteger(out var milliseconds) && milliseconds >= 0:
                MaxTime = milliseconds == 0 ? null : TimeSpan.FromMilliseconds(milliseconds);
                break;
            case "maxTimeMS":
                throw MongoError.Bad("maxTimeMS must be a non-negative whole number");
            case "collation":
                Collation.RequireSimple(value);
                break;
            case "writeConcern" when value.IsDocument && value.Fields.TryFind("w", out var nodes)
                && nodes.TryGetInteger(out var count) && count > 1:
                throw MongoError.Bad("cannot use 'w' > 1 when a host is not replicated");
            case "readConcern" when value.IsDocument && value.Fields.TryFind("level", out var level)
                && !(level.Type == BsonType.String && level.Text is "local" or "available" or "majority"):
                throw MongoError.LeftOut("a read concern other than local, available and majority");
        }
    }

    private void Refuse(string name, RawValue value)
    {
        if (name is "txnNumber" or "startTransaction" or "autocommit")
        {
            throw new MongoError(
                ErrorCode.IllegalOperation,
                "Transaction numbers are only allowed on a replica set member or mongos");
        }

        if (!Vocabulary.LeftOutOptions.Contains(name))
        {
            throw new MongoError(ErrorCode.UnknownField, $"BSON field '{_owner}.{name}' is an unknown field.");
        }

        var isEmpty = value.Type is BsonType.Document or BsonType.Array ? value.Fields.IsEmpty : !value.IsTrue;
        if (!isEmpty)
        {
            throw MongoError.LeftOut($"the option {name} of {_owner}");
        }
    }
}
