using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Platform.Events;
using static Platform.Storage.Tests.Situations;

namespace Platform.Storage.Tests;

public sealed class CustodySchemaTests
{
    private static readonly JsonObject Schema = JsonNode.Parse(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "custody.schema.json")))!.AsObject();

    [Fact]
    public void Describes_every_record()
    {
        Assert.Empty(Faults(Record(APin()), Schema, "$"));
        Assert.Empty(Faults(Record(APin() with { Custody = new CustodyFacts { EventDigest = Digest("e"), PromptDigest = Digest("p") } }), Schema, "$"));
    }

    [Theory]
    [InlineData("recipient", "0x12", "$.recipient")]
    [InlineData("digitalSourceType", "painted", "$.digitalSourceType")]
    [InlineData("nickname", "x", "$.nickname")]
    [InlineData("asset", "x", "$.asset")]
    public void Refuses_what_is_no_record(string field, string value, string where)
    {
        var record = Record(APin());
        record[field] = value;

        Assert.Equal([where], Faults(record, Schema, "$"));
    }

    [Fact]
    public void Misses_what_is_not_there()
    {
        var record = Record(APin());
        record.Remove("rights");

        Assert.Equal(["$.rights"], Faults(record, Schema, "$"));
    }

    [Fact]
    public void Describes_no_field_that_no_record_has()
    {
        var record = Record(APin());

        Assert.Equal(Schema["properties"]!.AsObject().Select(each => each.Key).Order(), record.Select(each => each.Key));
    }

    private static JsonObject Record(PinnedAsset pin) =>
        JsonNode.Parse(CustodyRecord.Of(pin, ADefinition(), ABatchId(), 0).ToBytes())!.AsObject();

    /// <summary>Where a value is not as its schema says: the words of JSON Schema that ours uses, and no other.</summary>
    private static IEnumerable<string> Faults(JsonNode? value, JsonObject schema, string path) =>
        schema.SelectMany(word => (word.Key, word.Value) switch
        {
            ("$ref", var target) => Faults(value, Schema["$defs"]![target!.GetValue<string>()["#/$defs/".Length..]]!.AsObject(), path),
            ("const", var constant) => Unless(JsonNode.DeepEquals(value, constant), path),
            ("enum", var options) => Unless(options!.AsArray().Any(option => JsonNode.DeepEquals(value, option)), path),
            ("type", var type) => Unless(IsOf(value, type!.GetValue<string>()), path),
            ("minimum", var minimum) => Unless(value!.GetValue<long>() >= minimum!.GetValue<long>(), path),
            ("pattern", var pattern) => Unless(Regex.IsMatch(value!.GetValue<string>(), pattern!.GetValue<string>()), path),
            ("required", var names) when value is JsonObject members => names!.AsArray()
                .Select(name => name!.GetValue<string>()).Where(name => !members.ContainsKey(name)).Select(name => $"{path}.{name}"),
            ("properties", var properties) when value is JsonObject members => members
                .Where(member => properties![member.Key] is not null)
                .SelectMany(member => Faults(member.Value, properties![member.Key]!.AsObject(), $"{path}.{member.Key}")),
            ("additionalProperties", _) when value is JsonObject members => members
                .Where(member => schema["properties"]![member.Key] is null).Select(member => $"{path}.{member.Key}"),
            ("items", var items) when value is JsonArray array => array
                .SelectMany((item, index) => Faults(item, items!.AsObject(), $"{path}[{index}]")),
            ("required" or "properties" or "additionalProperties" or "items", _) => [],
            ("$schema" or "$id" or "$defs" or "title" or "description", _) => [],
            var (other, _) => throw new NotSupportedException($"The schema uses '{other}'."),
        });

    private static bool IsOf(JsonNode? value, string type) => (value?.GetValueKind(), type) switch
    {
        (JsonValueKind.Object, "object") or (JsonValueKind.Array, "array") or (JsonValueKind.String, "string") => true,
        (JsonValueKind.Number, "integer") => value!.AsValue().TryGetValue<long>(out _),
        _ => false,
    };

    private static IEnumerable<string> Unless(bool holds, string path) => holds ? [] : [path];
}
