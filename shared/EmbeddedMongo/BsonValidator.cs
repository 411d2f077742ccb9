using System.Text.Unicode;

namespace Platform.EmbeddedMongo;

/// <summary>Checks bytes from outside once, so that everything behind the door may trust its lengths.</summary>
internal static class BsonValidator
{
    /// <summary>MongoDB's own limit on nesting; recursion behind the door is bounded by it.</summary>
    public const int MaxDepth = 100;

    public static void Check(ReadOnlySpan<byte> document)
    {
        if (document.Length < 5 || Bson.Int32(document) != document.Length)
        {
            throw Invalid("a document's length does not fit");
        }

        Document(document, 1);
    }

    private static void Document(ReadOnlySpan<byte> document, int depth)
    {
        if (depth > MaxDepth)
        {
            throw Invalid($"nested deeper than {MaxDepth} levels");
        }

        if (document.Length < 5 || Bson.Int32(document) != document.Length || document[^1] != 0)
        {
            throw Invalid("a document's length does not fit");
        }

        var rest = document[4..^1];
        while (!rest.IsEmpty)
        {
            var type = rest[0];
            var end = rest[1..].IndexOf((byte)0);
            if (type == 0 || end < 0)
            {
                throw Invalid("a field's name does not end");
            }

            CheckText(rest.Slice(1, end));
            rest = rest[(end + 2)..];
            rest = rest[Value(type, rest, depth)..];
        }
    }

    private static int Value(byte type, ReadOnlySpan<byte> rest, int depth)
    {
        switch (type)
        {
            case BsonType.Double or BsonType.DateTime or BsonType.Timestamp or BsonType.Int64:
                return Fits(8, rest);
            case BsonType.Int32:
                return Fits(4, rest);
            case BsonType.ObjectId:
                return Fits(12, rest);
            case BsonType.Decimal128:
                return Fits(16, rest);
            case BsonType.Boolean:
                return Fits(1, rest) == 1 && rest[0] <= 1 ? 1 : throw Invalid("a boolean is neither 0 nor 1");
            case BsonType.String or BsonType.Code or BsonType.Symbol:
                return Text(rest);
            case BsonType.DbPointer:
                return Fits(Text(rest) + 12, rest);
            case BsonType.Binary:
                return Fits(5 + Length(rest, 0), rest);
            case BsonType.Document or BsonType.Array:
                var length = Length(rest, 5);
                Document(rest[..Fits(length, rest)], depth + 1);
                return length;
            case BsonType.CodeWithScope:
                return CodeWithScope(rest, depth);
            case BsonType.Regex:
                var pattern = rest.IndexOf((byte)0);
                var flags = pattern < 0 ? -1 : rest[(pattern + 1)..].IndexOf((byte)0);
                if (flags < 0)
                {
                    throw Invalid("a regular expression does not end");
                }

                CheckText(rest[..(pattern + flags + 1)]);
                return pattern + flags + 2;
            case BsonType.Null or BsonType.Undefined or BsonType.MinKey or BsonType.MaxKey:
                return 0;
            default:
                throw Invalid($"unknown type {type}");
        }
    }

    private static int CodeWithScope(ReadOnlySpan<byte> rest, int depth)
    {
        var length = Fits(Length(rest, 14), rest);
        var code = Text(rest[4..length]);
        var scope = rest[(4 + code)..length];
        Document(scope, depth + 1);
        return length;
    }

    private static int Text(ReadOnlySpan<byte> rest)
    {
        var length = Length(rest, 1) + 4;
        if (rest[Fits(length, rest) - 1] != 0)
        {
            throw Invalid("a string does not end");
        }

        CheckText(rest[4..length]);
        return length;
    }

    /// <summary>Stricter than MongoDB: what a driver could not read back is not taken in.</summary>
    private static void CheckText(ReadOnlySpan<byte> text)
    {
        if (!Utf8.IsValid(text))
        {
            throw Invalid("a text is not UTF-8");
        }
    }

    private static int Length(ReadOnlySpan<byte> rest, int atLeast)
    {
        var length = rest.Length < 4 ? -1 : Bson.Int32(rest);

        // Under a document's limit, so that adding a header to it cannot overflow.
        return length >= atLeast && length < 1 << 30 ? length : throw Invalid("a length does not fit");
    }

    private static int Fits(int length, ReadOnlySpan<byte> rest) =>
        length <= rest.Length ? length : throw Invalid("a value reaches beyond its document");

    private static MongoError Invalid(string why) => new(ErrorCode.InvalidBson, $"Invalid BSON: {why}");
}
