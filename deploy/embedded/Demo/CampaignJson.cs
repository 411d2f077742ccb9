using System.Text.Json;
using Google.Protobuf.Reflection;

namespace Platform.Embedded;

/// <summary>Walks a campaign's JSON beside its message's declaration, and says line and field of what does not fit.</summary>
/// <remarks>Protobuf's own parser stops at the first fault and names neither.</remarks>
internal sealed class CampaignJson
{
    private const int MostErrors = 20;

    private readonly byte[] json;

    private CampaignJson(byte[] json) => this.json = json;

    /// <summary>Line of each field, such as <c>facts[2].name</c>.</summary>
    public Dictionary<string, int> Lines { get; } = new(StringComparer.Ordinal);

    public List<(int Line, string Field, string Message)> Errors { get; } = [];

    /// <exception cref="JsonException">Not JSON; line and column are with it.</exception>
    public static CampaignJson Read(byte[] json, MessageDescriptor message)
    {
        var walk = new CampaignJson(json);
        var reader = new Utf8JsonReader(json);
        reader.Read();
        walk.Message(ref reader, message, "");
        reader.Read(); // throws where something follows
        return walk;
    }

    private void Message(ref Utf8JsonReader reader, MessageDescriptor message, string path)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            Fail(ref reader, path, "must be an object { … }");
            return;
        }

        var fields = message.Fields.InDeclarationOrder();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            var at = path.Length == 0 ? name : $"{path}.{name}";
            var line = Line(ref reader);
            var field = fields.FirstOrDefault(each => each.JsonName == name);
            reader.Read();
            if (at == "$schema")
            {
                reader.Skip();
            }
            else if (field is null)
            {
                Add(line, at, Unknown(name, path, [.. fields.Select(each => each.JsonName)]));
                reader.Skip();
            }
            else if (!seen.Add(name))
            {
                Add(line, at, "is there twice; write it once.");
                reader.Skip();
            }
            else
            {
                Lines[at] = line;
                Field(ref reader, field, at);
            }
        }
    }

    private void Field(ref Utf8JsonReader reader, FieldDescriptor field, string path)
    {
        if (!field.IsRepeated)
        {
            Value(ref reader, field, path);
            return;
        }

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            Fail(ref reader, path, "must be a list [ … ]");
            return;
        }

        for (var index = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; index++)
        {
            Lines[$"{path}[{index}]"] = Line(ref reader);
            Value(ref reader, field, $"{path}[{index}]");
        }
    }

    private void Value(ref Utf8JsonReader reader, FieldDescriptor field, string path)
    {
        if (field.FieldType == FieldType.Message)
        {
            Message(ref reader, field.MessageType, path);
        }
        else if (field.FieldType == FieldType.Enum)
        {
            var names = field.EnumType.Values.Where(each => each.Number != 0).Select(each => each.Name).ToList();
            if (reader.TokenType != JsonTokenType.String || !names.Contains(reader.GetString()!))
            {
                Fail(ref reader, path, $"must be {Either([.. names.Select(name => $"\"{name}\"")])}", quote: true);
            }
        }
        else if (Expected(ref reader, field.FieldType) is { } expected)
        {
            Fail(ref reader, path, expected);
        }
    }

    private static string? Expected(ref Utf8JsonReader reader, FieldType type) => (type, reader.TokenType) switch
    {
        (FieldType.String, JsonTokenType.String) => null,
        (FieldType.String, _) => "must be a text in \"…\"",
        (FieldType.Bool, JsonTokenType.True or JsonTokenType.False) => null,
        (FieldType.Bool, _) => "must be true or false",
        (FieldType.Double, JsonTokenType.Number) => null,
        (FieldType.Double, _) => "must be a number",
        (FieldType.Int64, JsonTokenType.String) when long.TryParse(reader.GetString(), out _) => null, // as protobuf writes it
        (FieldType.Int64, JsonTokenType.Number) when reader.TryGetInt64(out _) => null,
        (FieldType.Int32, JsonTokenType.Number) when reader.TryGetInt32(out _) => null,
        _ => "must be a whole number",
    };

    private void Fail(ref Utf8JsonReader reader, string path, string expected, bool quote = false)
    {
        var found = reader.TokenType switch
        {
            JsonTokenType.String when quote => $"\"{Plain.Of(reader.GetString()!)}\"",
            JsonTokenType.String => "a text",
            JsonTokenType.Number => "the number " + System.Text.Encoding.UTF8.GetString(reader.ValueSpan),
            JsonTokenType.True => "true",
            JsonTokenType.False => "false",
            JsonTokenType.StartArray => "a list",
            JsonTokenType.StartObject => "an object",
            _ => "null: leave out what you do not have",
        };
        Add(Line(ref reader), path, $"{expected}, and this is {found}.");
        reader.Skip();
    }

    private void Add(int line, string field, string message)
    {
        if (Errors.Count < MostErrors)
        {
            Errors.Add((line, field, message));
        }
    }

    private int Line(ref Utf8JsonReader reader) =>
        json.AsSpan(0, (int)reader.TokenStartIndex).Count((byte)'\n') + 1;

    private static string Unknown(string name, string path, string[] known) =>
        TextFile.Nearest(name, known) is { } near
            ? $"is not known; did you mean '{near}'?"
            : $"is not known; {(path.Length == 0 ? "a campaign" : "it")} has {string.Join(", ", known)}.";

    private static string Either(IReadOnlyList<string> words) => $"{string.Join(", ", words.SkipLast(1))} or {words[^1]}";
}
