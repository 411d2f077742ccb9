using System.Net.Mime;
using System.Text.Json;
using System.Text.Json.Nodes;
using MassTransit;
using MassTransit.Serialization;
using Platform.Events;

namespace Platform.Contracts.Tests;

/// <summary>Messages as the last release wrote them, in <c>wire/</c>: today's records read them, and write what it reads.</summary>
/// <remarks>With PLATFORM_UPDATE_WIRE=1, at a release, they are written anew, by the bus itself.</remarks>
public sealed class WireTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "Contracts.Tests", "wire");

    public static TheoryData<string> Fixtures() =>
        [.. Directory.GetFiles(Folder, "*.json").Select(file => Path.GetFileNameWithoutExtension(file)).Order()];

    [Theory]
    [MemberData(nameof(Fixtures))]
    public void A_released_message_is_read_today(string fixture)
    {
        var (type, body) = Open(fixture);

        var message = Read(type, body);

        var released = JsonNode.Parse(body)!["message"]!;
        AssertSays(released, message, type.Name);
    }

    [Theory]
    [MemberData(nameof(Fixtures))]
    public void The_release_reads_what_is_written_today(string fixture)
    {
        var (type, body) = Open(fixture);
        var message = Read(type, body);

        var written = JsonNode.Parse(JsonSerializer.Serialize(message, type, SystemTextJsonMessageSerializer.Options))!;

        AssertHolds(JsonNode.Parse(body)!["message"]!, written, type.Name);
    }

    [Fact]
    public void Every_field_of_the_released_lock_is_in_a_fixture()
    {
        var paths = Fixtures().Select(row => row.Data).SelectMany(fixture =>
        {
            var (type, body) = Open(fixture);
            return Paths(JsonNode.Parse(body)!["message"]!.AsObject(), type);
        }).ToHashSet(StringComparer.OrdinalIgnoreCase);

        var missing = File.ReadAllLines(Path.Combine(Folder, "released.lock"))
            .Select(line => string.Join(' ', line.Split(':')[^1].Split(' ').Take(2)))
            .Where(field => !paths.Contains(field));

        Assert.Equal([], missing);
    }

    [Fact]
    public async Task Fixtures_are_written_at_a_release()
    {
        if (Environment.GetEnvironmentVariable("PLATFORM_UPDATE_WIRE") == "1")
        {
            Directory.CreateDirectory(Folder);
            File.Copy(Path.Combine(Repository.Root, "contracts/events/events.lock"), Path.Combine(Folder, "released.lock"), true);
            await WireFixtures.WriteAsync(Folder);
        }

        Assert.NotEmpty(Fixtures());
    }

    private static (Type Type, byte[] Body) Open(string fixture)
    {
        var body = File.ReadAllBytes(Path.Combine(Folder, $"{fixture}.json"));
        var urn = JsonNode.Parse(body)!["messageType"]![0]!.GetValue<string>();
        var type = typeof(TokenMinted).Assembly.GetType(urn["urn:message:".Length..].Replace(':', '.'))
            ?? throw new InvalidOperationException($"{urn} was taken back; hearers of the last release still wait for it.");
        return (type, body);
    }

    /// <summary>As a receive endpoint does: by the envelope's message types, with the bus's own reader.</summary>
    private static object Read(Type type, byte[] body)
    {
        var reader = new SystemTextJsonMessageSerializer(new ContentType("application/vnd.masstransit+json"));
        var context = reader.Deserialize(
            new BytesMessageBody(body), new DictionarySendHeaders(new Dictionary<string, object?>()), new Uri("loopback://localhost/x"));
        object?[] arguments = [null];
        var read = typeof(SerializerContext).GetMethods()
            .Single(each => each is { Name: nameof(SerializerContext.TryGetMessage), IsGenericMethod: true })
            .MakeGenericMethod(type)
            .Invoke(context, arguments);
        Assert.True((bool)read!, $"{type.Name} could not be read.");
        return arguments[0]!;
    }

    /// <summary>Each property says what the message's JSON said; a property that came later is empty.</summary>
    private static void AssertSays(JsonNode? released, object? value, string at)
    {
        switch (released)
        {
            case null:
                Assert.True(value is null, $"{at} says {value}, the message nothing.");
                break;
            case JsonObject fields when value is System.Collections.IDictionary entries:
                foreach (var (name, field) in fields)
                {
                    Assert.True(JsonNode.DeepEquals(field, JsonNode.Parse(((JsonElement)entries[name]!).GetRawText())), $"{at}[{name}]");
                }

                break;
            case JsonObject fields:
                foreach (var property in value!.GetType().GetProperties())
                {
                    var name = JsonNamingPolicy.CamelCase.ConvertName(property.Name);
                    var said = property.GetValue(value);
                    if (fields.ContainsKey(name) || said is not System.Collections.ICollection { Count: 0 })
                    {
                        AssertSays(fields[name], said, $"{at}.{property.Name}");
                    }
                }

                break;
            case JsonArray items:
                List<object?> values = [.. ((System.Collections.IEnumerable)value!).Cast<object?>()];
                Assert.Equal(items.Count, values.Count);
                foreach (var (item, each) in items.Zip(values))
                {
                    AssertSays(item, each, $"{at}[]");
                }

                break;
            default:
                var now = JsonSerializer.SerializeToNode(value, value!.GetType());
                Assert.True(JsonNode.DeepEquals(released, now), $"{at} says {value}, not {released}.");
                break;
        }
    }

    /// <summary>Everything that was there is there, as it was; more may be there.</summary>
    private static void AssertHolds(JsonNode? released, JsonNode? written, string at)
    {
        if (released is JsonObject fields && written is JsonObject now)
        {
            foreach (var (name, field) in fields)
            {
                AssertHolds(field, now[name], $"{at}.{name}");
            }
        }
        else if (released is JsonArray items && written is JsonArray others && items.Count == others.Count)
        {
            foreach (var (item, other) in items.Zip(others))
            {
                AssertHolds(item, other, $"{at}[]");
            }
        }
        else
        {
            Assert.True(JsonNode.DeepEquals(released, written), $"{at} was {released?.ToJsonString()}, is {written?.ToJsonString()}.");
        }
    }

    /// <summary>Record and property of everything that is said, down to the innermost record.</summary>
    private static IEnumerable<string> Paths(JsonObject fields, Type type)
    {
        foreach (var property in type.GetProperties())
        {
            if (fields[JsonNamingPolicy.CamelCase.ConvertName(property.Name)] is not { } field)
            {
                continue;
            }

            yield return $"{type.Name} {property.Name}";
            var leaf = property.PropertyType.IsGenericType ? property.PropertyType.GetGenericArguments()[^1] : property.PropertyType;
            var inner = field switch
            {
                JsonObject one => one,
                JsonArray { Count: > 0 } many => many[0] as JsonObject,
                _ => null,
            };
            if (leaf.Assembly == type.Assembly && inner is not null)
            {
                foreach (var path in Paths(inner, leaf))
                {
                    yield return path;
                }
            }
        }
    }
}
