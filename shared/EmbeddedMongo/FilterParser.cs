namespace Platform.EmbeddedMongo;

/// <summary>Reads a query document into a <see cref="Filter"/>, refusing by name what it does not know.</summary>
internal static class FilterParser
{
    public static Filter Parse(RawValue query)
    {
        if (!query.IsDocument)
        {
            throw MongoError.WrongType($"a filter must be an object, not {BsonType.Name(query.Type)}");
        }

        var filters = new List<Filter>();
        foreach (var field in query.Fields)
        {
            Field(field, filters);
        }

        return filters.Count == 1 ? filters[0] : new AllOf(filters);
    }

    /// <summary>Whether a document is a list of operators rather than a value.</summary>
    public static bool IsOperators(RawValue value)
    {
        if (!value.IsDocument)
        {
            return false;
        }

        foreach (var field in value.Fields)
        {
            return field.NameBytes.Span is [(byte)'$', ..] and var name
                && !name.SequenceEqual("$ref"u8) && !name.SequenceEqual("$id"u8) && !name.SequenceEqual("$db"u8);
        }

        return false;
    }

    /// <summary>Conditions on a single value, as `$pull` and `$elemMatch` state them.</summary>
    public static Predicate ParseConditions(RawValue operators) => new AllConditions(Conditions(operators));

    private static void Field(RawField field, List<Filter> filters)
    {
        var name = field.Name;
        switch (name)
        {
            case "$and":
                filters.AddRange(Clauses(field.Value, name));
                break;
            case "$or":
                filters.Add(new AnyOf(Clauses(field.Value, name)));
                break;
            case "$nor":
                filters.Add(new Not(new AnyOf(Clauses(field.Value, name))));
                break;
            case "$comment":
                break;
            case ['$', ..]:
                throw Vocabulary.LeftOutQueryOperators.Contains(name)
                    ? MongoError.LeftOut($"the query operator {name}")
                    : MongoError.Bad($"unknown top level operator: {name}");
            default:
                Path(new FieldPath(name), field.Value, filters);
                break;
        }
    }

    private static List<Filter> Clauses(RawValue value, string name)
    {
        if (value.Type != BsonType.Array || value.Fields.IsEmpty)
        {
            throw MongoError.Bad($"{name} must be a nonempty array");
        }

        var clauses = new List<Filter>();
        foreach (var clause in value.Fields)
        {
            clauses.Add(clause.Value.IsDocument
                ? Parse(clause.Value)
                : throw MongoError.Bad($"{name} entries need to be full objects"));
        }

        return clauses;
    }

    private static void Path(FieldPath path, RawValue value, List<Filter> filters)
    {
        if (!IsOperators(value))
        {
            filters.Add(new PathFilter(path, Equal(value)));
            return;
        }

        foreach (var field in value.Fields)
        {
            if (field.Name == "$all")
            {
                filters.Add(All(path, field.Value));
            }
            else if (field.Name == "$not")
            {
                var negated = new List<Filter>();
                Path(path, NotArgument(field.Value), negated);
                filters.Add(new Not(new AllOf(negated)));
            }
            else if (Condition(field) is var (predicate, isNegated))
            {
                Filter filter = new PathFilter(path, predicate);
                filters.Add(isNegated ? new Not(filter) : filter);
            }
        }
    }

    private static List<(Predicate, bool)> Conditions(RawValue operators)
    {
        var conditions = new List<(Predicate, bool)>();
        foreach (var field in operators.Fields)
        {
            if (field.Name == "$not")
            {
                conditions.Add((new AllConditions(Conditions(NotArgument(field.Value))), true));
            }
            else if (Condition(field) is { } condition)
            {
                conditions.Add(condition);
            }
        }

        return conditions;
    }

    /// <returns>Nothing for what only comments.</returns>
    private static (Predicate Predicate, bool Negated)? Condition(RawField field)
    {
        var value = field.Value;
        return field.Name switch
        {
            "$eq" => (Equal(value), false),
            "$ne" => (Equal(value), true),
            "$gt" => (new Compared(Relation.Greater, NoRegex(value)), false),
            "$gte" => (new Compared(Relation.GreaterOrEqual, NoRegex(value)), false),
            "$lt" => (new Compared(Relation.Less, NoRegex(value)), false),
            "$lte" => (new Compared(Relation.LessOrEqual, NoRegex(value)), false),
            "$in" => (new OneOf(List(value, "$in")), false),
            "$nin" => (new OneOf(List(value, "$nin")), true),
            "$exists" => (new Exists(), !value.IsTrue),
            "$type" => (new HasType(Types(value)), false),
            "$size" => (new HasSize(Size(value)), false),
            "$elemMatch" => (ElementMatch(value), false),
            "$comment" => null,
            var name when Vocabulary.LeftOutQueryOperators.Contains(name) =>
                throw MongoError.LeftOut($"the query operator {name}"),
            var name => throw MongoError.Bad($"unknown operator: {name}"),
        };
    }

    private static Compared Equal(RawValue value) => new(Relation.Equal, NoRegex(value));

    private static RawValue NotArgument(RawValue value) => NoRegex(value) is var argument && IsOperators(argument)
        ? argument
        : throw MongoError.Bad("$not needs a regex or a document");

    private static RawValue NoRegex(RawValue value) => value.Type != BsonType.Regex
        ? value
        : throw MongoError.LeftOut("matching a regular expression");

    private static AllOf All(FieldPath path, RawValue value)
    {
        var filters = new List<Filter>();
        foreach (var one in List(value, "$all"))
        {
            if (IsOperators(one))
            {
                Path(path, one, filters);
            }
            else
            {
                filters.Add(new PathFilter(path, Equal(one)));
            }
        }

        return filters.Count > 0 ? new AllOf(filters) : new AllOf([new AnyOf([])]);
    }

    private static List<RawValue> List(RawValue value, string name)
    {
        if (value.Type != BsonType.Array)
        {
            throw MongoError.Bad($"{name} needs an array");
        }

        var list = new List<RawValue>();
        foreach (var field in value.Fields)
        {
            if (name != "$all" && IsOperators(field.Value))
            {
                throw MongoError.Bad($"cannot nest $ under {name}");
            }

            list.Add(NoRegex(field.Value));
        }

        return list;
    }

    private static Predicate ElementMatch(RawValue value)
    {
        if (!value.IsDocument)
        {
            throw MongoError.Bad("$elemMatch needs an Object");
        }

        foreach (var field in value.Fields)
        {
            if (IsOperators(value) && field.Name is not ("$and" or "$or" or "$nor"))
            {
                return new HasElement(ParseConditions(value));
            }

            break;
        }

        return new HasElementLike(Parse(value));
    }

    private static long Size(RawValue value) => value.TryGetInteger(out var size) && size >= 0
        ? size
        : throw MongoError.Bad("$size must be a non-negative whole number");

    private static HashSet<byte> Types(RawValue value)
    {
        var types = new HashSet<byte>();
        if (value.Type != BsonType.Array)
        {
            AddType(value, types);
            return types;
        }

        foreach (var field in value.Fields)
        {
            AddType(field.Value, types);
        }

        return types.Count > 0 ? types : throw MongoError.Unparsed("$type must match at least one type");
    }

    private static void AddType(RawValue value, HashSet<byte> types)
    {
        if (value.Type == BsonType.String && value.Text == "number")
        {
            types.UnionWith([BsonType.Double, BsonType.Int32, BsonType.Int64, BsonType.Decimal128]);
        }
        else if (value.Type == BsonType.String)
        {
            types.Add(BsonType.TryParse(value.Text, out var type)
                ? type
                : throw MongoError.Bad($"Unknown type name alias: {value.Text}"));
        }
        else
        {
            types.Add(value.TryGetInteger(out var number) && number is -1 or 127 or (>= 1 and <= 19)
                ? (byte)number
                : throw MongoError.Bad("Invalid numerical type code"));
        }
    }
}
