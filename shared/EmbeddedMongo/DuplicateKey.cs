using System.Globalization;
using System.Text;

namespace Platform.EmbeddedMongo;

/// <summary>Says which key of which index was there already.</summary>
internal static class DuplicateKey
{
    public static MongoError Of(Namespace collection, Index index, byte[] key, ReadOnlySpan<byte> document)
    {
        var values = index.Pattern.ValuesOf(key, document);
        return new MongoError(
            ErrorCode.DuplicateKey,
            $"E11000 duplicate key error collection: {collection} index: {index.Name} dup key: {Show(values)}")
        {
            KeyPattern = index.Key.Bytes.ToArray(),
            KeyValue = values.Bytes.ToArray(),
        };
    }

    private static string Show(RawValue value)
    {
        switch (value.Type)
        {
            case BsonType.Document:
                var text = new StringBuilder("{");
                foreach (var field in value.Fields)
                {
                    text.Append(text.Length > 1 ? ", " : " ").Append(field.Name).Append(": ").Append(Show(field.Value));
                }

                return text.Append(" }").ToString();
            case BsonType.String:
                return $"\"{value.Text}\"";
            case BsonType.Int32 or BsonType.Int64 or BsonType.Double:
                return value.TryGetInteger(out var whole)
                    ? whole.ToString(CultureInfo.InvariantCulture)
                    : value.ToDouble().ToString(CultureInfo.InvariantCulture);
            case BsonType.Boolean:
                return value.IsTrue ? "true" : "false";
            case BsonType.Null:
                return "null";
            case BsonType.ObjectId:
                return $"ObjectId('{Convert.ToHexStringLower(value.Span)}')";
            case BsonType.Binary:
                return $"BinData({value.Span[4]}, {Convert.ToHexString(value.Span[5..])})";
            default:
                return BsonType.Name(value.Type);
        }
    }
}
