namespace Platform.EmbeddedMongo;

/// <summary>Reads an update document into an <see cref="Update"/>, refusing by name what it does not know.</summary>
internal static class UpdateParser
{
    public static Update Parse(RawValue update, bool multi)
    {
        if (update.Type == BsonType.Array)
        {
            throw MongoError.LeftOut("an update with an aggregation pipeline");
        }

        if (!update.IsDocument)
        {
            throw MongoError.Unparsed("Update argument must be either an object or an array");
        }

        foreach (var field in update.Fields)
        {
            if (field.NameBytes.Span is [(byte)'$', ..])
            {
                return ParseModifiers(update);
            }

            break;
        }

        return multi
            ? throw MongoError.Unparsed("multi update is not supported for replacement-style update")
            : ParseReplacement(update);
    }

    private static Replacement ParseReplacement(RawValue document)
    {
        foreach (var field in document.Fields)
        {
            if (field.NameBytes.Span is [(byte)'$', ..])
            {
                throw new MongoError(
                    ErrorCode.DollarPrefixedFieldName,
                    $"The dollar ($) prefixed field '{field.Name}' is not allowed in the context of an "
                    + "update's replacement document");
            }
        }

        return new Replacement(document);
    }

    private static Modifiers ParseModifiers(RawValue update)
    {
        var modifiers = new List<Modifier>();
        var paths = new List<FieldPath>();
        foreach (var operation in update.Fields)
        {
            var name = operation.Name;
            if (!Vocabulary.UpdateOperators.Contains(name))
            {
                throw Vocabulary.LeftOutUpdateOperators.Contains(name)
                    ? MongoError.LeftOut($"the update operator {name}")
                    : MongoError.Unparsed($"Unknown modifier: {name}. Expected a valid update modifier");
            }

            if (!operation.Value.IsDocument)
            {
                throw MongoError.Unparsed($"Modifiers operate on fields but we found type "
                    + $"{BsonType.Name(operation.Value.Type)} instead in {name}");
            }

            foreach (var field in operation.Value.Fields)
            {
                var modifier = ParseModifier(name, Path(field.Name), field.Value);
                modifiers.Add(modifier);
                paths.Add(modifier.Path);
                if (modifier is Rename rename)
                {
                    paths.Add(rename.From);
                }
            }
        }

        RefuseConflicts(paths);
        modifiers.Sort(static (left, right) => FieldPath.CompareOrder(left.Path, right.Path));
        return new Modifiers(modifiers);
    }

    private static Modifier ParseModifier(string name, FieldPath path, RawValue value) => name switch
    {
        "$set" => new SetTo(path, value),
        "$setOnInsert" => new SetTo(path, value, onlyOnInsert: true),
        "$unset" => new Unset(path),
        "$inc" => value.IsNumber
            ? new Increment(path, value)
            : throw MongoError.WrongType($"Cannot increment with non-numeric argument: {{{path.Text}: ...}}"),
        "$min" => new Bound(path, value, keepGreater: false),
        "$max" => new Bound(path, value, keepGreater: true),
        "$rename" => value.Type == BsonType.String
            ? new Rename(path, Path(value.Text))
            : throw MongoError.Bad("The 'to' field for $rename must be a string"),
        "$push" => ParsePush(path, value),
        "$addToSet" => new AddToSet(path, Each(value) is { } each ? List(each, "$each") : [value]),
        "$pull" => new Pull(path, name, PullCondition(value)),
        "$pullAll" => new Pull(path, name, new OneOf(List(value, name))),
        _ => ParsePop(path, value),
    };

    private static Push ParsePush(FieldPath path, RawValue value)
    {
        if (Each(value) is not { } each)
        {
            return new Push(path, [value], null, null);
        }

        int? position = null;
        int? slice = null;
        foreach (var field in value.Fields)
        {
            switch (field.Name)
            {
                case "$each":
                    break;
                case "$position":
                    position = Whole(field);
                    break;
                case "$slice":
                    slice = Whole(field);
                    break;
                case "$sort":
                    throw MongoError.LeftOut("$push with $sort");
                default:
                    throw MongoError.Bad($"Unrecognized clause in $push: {field.Name}");
            }
        }

        return new Push(path, List(each, "$each"), position, slice);
    }

    private static Pop ParsePop(FieldPath path, RawValue value) =>
        value.TryGetInteger(out var end) && end is 1 or -1
            ? new Pop(path, first: end == -1)
            : throw MongoError.Unparsed("$pop expects 1 or -1");

    private static Predicate PullCondition(RawValue value)
    {
        if (value.Type == BsonType.Regex)
        {
            throw MongoError.LeftOut("$pull with a regular expression");
        }

        if (FilterParser.IsOperators(value))
        {
            return FilterParser.ParseConditions(value);
        }

        return value.IsDocument
            ? new IsDocumentLike(FilterParser.Parse(value))
            : new Compared(Relation.Equal, value);
    }

    private static RawValue? Each(RawValue value) =>
        value.IsDocument && value.Fields.TryFind("$each", out var each) ? each : null;

    private static List<RawValue> List(RawValue value, string name)
    {
        if (value.Type != BsonType.Array)
        {
            throw MongoError.Bad($"The argument to {name} must be an array");
        }

        var list = new List<RawValue>();
        foreach (var field in value.Fields)
        {
            list.Add(field.Value);
        }

        return list;
    }

    private static int Whole(RawField field) =>
        field.Value.TryGetInteger(out var number)
            ? (int)Math.Clamp(number, -int.MaxValue, int.MaxValue)
            : throw MongoError.Bad($"The value for {field.Name} must be a whole number");

    private static FieldPath Path(string text)
    {
        var path = new FieldPath(text);
        foreach (var part in path.Parts)
        {
            switch (part)
            {
                case []:
                    throw new MongoError(
                        ErrorCode.EmptyFieldName,
                        $"The update path '{text}' contains an empty field name, which is not allowed.");
                case [(byte)'$'] or [(byte)'$', (byte)'[', ..]:
                    throw MongoError.LeftOut("the positional operator in an update path");
                case [(byte)'$', ..]:
                    throw new MongoError(
                        ErrorCode.DollarPrefixedFieldName,
                        $"The dollar ($) prefixed field in '{text}' is not valid for storage.");
            }
        }

        return path.Count <= BsonValidator.MaxDepth
            ? path
            : throw new MongoError(ErrorCode.Overflow, $"nested deeper than {BsonValidator.MaxDepth} levels");
    }

    private static void RefuseConflicts(List<FieldPath> paths)
    {
        // In this order everything below a path follows it, so that neighbours suffice.
        paths.Sort(FieldPath.CompareOrder);
        for (var i = 1; i < paths.Count; i++)
        {
            if (paths[i - 1].Overlaps(paths[i]))
            {
                throw new MongoError(
                    ErrorCode.ConflictingUpdateOperators,
                    $"Updating the path '{paths[i].Text}' would create a conflict at '{paths[i - 1].Text}'");
            }
        }
    }
}
