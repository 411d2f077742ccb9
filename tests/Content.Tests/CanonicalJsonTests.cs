using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;

namespace Platform.Content.Tests;

public sealed class CanonicalJsonTests
{
    [Fact]
    public void Meets_the_example_of_the_rfc()
    {
        const string Source = """
            {
              "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
              "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
              "literals": [null, true, false]
            }
            """;

        const string Canonical =
            """{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27]"""
            + ""","string":"€$\u000f\nA'B\"\\\\\"/"}""";

        Assert.Equal(Canonical, Canonicalise(Source));
        Assert.Equal(Canonical, Encoding.UTF8.GetString(CanonicalJson.Serialize(JsonNode.Parse(Source))));
    }

    [Fact]
    public void Sorts_keys_as_the_rfc_does()
    {
        const string Source = """
            {
              "\u20ac": "Euro Sign",
              "\r": "Carriage Return",
              "\ufb33": "Hebrew Letter Dalet With Dagesh",
              "1": "One",
              "\ud83d\ude00": "Emoji: Grinning Face",
              "\u0080": "Control",
              "\u00f6": "Latin Small Letter O With Diaeresis"
            }
            """;

        var pairs = JsonDocument.Parse(Canonicalise(Source)).RootElement.EnumerateObject();
        var values = pairs.Select(pair => pair.Value.GetString());

        Assert.Equal(
            [
                "Carriage Return", "One", "Control", "Latin Small Letter O With Diaeresis", "Euro Sign",
                "Emoji: Grinning Face", "Hebrew Letter Dalet With Dagesh",
            ],
            values);
    }

    [Theory]
    [InlineData(0x0000000000000000, "0")]
    [InlineData(0x8000000000000000, "0")]
    [InlineData(0x0000000000000001, "5e-324")]
    [InlineData(0x8000000000000001, "-5e-324")]
    [InlineData(0x7fefffffffffffff, "1.7976931348623157e+308")]
    [InlineData(0xffefffffffffffff, "-1.7976931348623157e+308")]
    [InlineData(0x4340000000000000, "9007199254740992")]
    [InlineData(0xc340000000000000, "-9007199254740992")]
    [InlineData(0x4430000000000000, "295147905179352830000")]
    [InlineData(0x44b52d02c7e14af5, "9.999999999999997e+22")]
    [InlineData(0x44b52d02c7e14af6, "1e+23")]
    [InlineData(0x44b52d02c7e14af7, "1.0000000000000001e+23")]
    [InlineData(0x444b1ae4d6e2ef4e, "999999999999999700000")]
    [InlineData(0x444b1ae4d6e2ef4f, "999999999999999900000")]
    [InlineData(0x444b1ae4d6e2ef50, "1e+21")]
    [InlineData(0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7")]
    [InlineData(0x3eb0c6f7a0b5ed8d, "0.000001")]
    [InlineData(0x41b3de4355555553, "333333333.3333332")]
    [InlineData(0x41b3de4355555554, "333333333.33333325")]
    [InlineData(0x41b3de4355555555, "333333333.3333333")]
    [InlineData(0x41b3de4355555556, "333333333.3333334")]
    [InlineData(0x41b3de4355555557, "333333333.33333343")]
    [InlineData(0xbecbf647612f3696, "-0.0000033333333333333333")]
    [InlineData(0x43143ff3c1cb0959, "1424953923781206.2")]
    public void Writes_numbers_as_appendix_B_does(ulong bits, string text)
    {
        Assert.Equal(text, CanonicalJson.Format(BitConverter.UInt64BitsToDouble(bits)));
        Assert.Equal(text, Canonicalise(BitConverter.UInt64BitsToDouble(bits).ToString("R")));
    }

    [Theory]
    [InlineData(0x7fffffffffffffff)]
    [InlineData(0x7ff0000000000000)]
    [InlineData(0xfff0000000000000)]
    public void Refuses_numbers_that_are_not_finite_as_appendix_B_does(ulong bits)
    {
        var number = BitConverter.UInt64BitsToDouble(bits);

        Assert.Throws<CanonicalJsonException>(() => CanonicalJson.Format(number));
        Assert.Throws<CanonicalJsonException>(() => CanonicalJson.Serialize(JsonValue.Create(number)));
        Assert.Throws<CanonicalJsonException>(() => CanonicalJson.Serialize(JsonValue.Create((float)number)));
    }

    [Fact]
    public void Writes_numbers_as_a_javascript_engine_does()
    {
        var lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "vectors", "es6-numbers.csv"));

        Assert.Equal(800, lines.Length);
        Assert.All(lines, line =>
        {
            var bits = ulong.Parse(line.AsSpan(0, 16), NumberStyles.HexNumber);
            Assert.Equal(line[17..], CanonicalJson.Format(BitConverter.UInt64BitsToDouble(bits)));
        });
    }

    [Fact]
    public void A_number_written_reads_back_as_itself()
    {
        Gen.Double.Where(double.IsFinite).Sample(
            number => Assert.Equal(number, double.Parse(CanonicalJson.Format(number))), iter: 5000);
    }

    [Fact]
    public void Canonical_text_stays_as_it_is()
    {
        Gen.Select(Gen.String, Gen.Double, Gen.String.Array[0, 5]).Where((text, number, keys) =>
            double.IsFinite(number) && keys.Append(text).All(IsWellFormed)).Sample((text, number, keys) =>
            {
                var source = new JsonObject { ["text"] = text, ["number"] = number };
                source["inner"] = new JsonArray(1, null, "x");

                foreach (var key in keys)
                {
                    source[key] = new JsonObject { [key] = true };
                }

                var canonical = CanonicalJson.Serialize(source);
                var read = JsonDocument.Parse(canonical).RootElement;

                Assert.Equal(canonical, CanonicalJson.Serialize(read));
                Assert.True(keys.Contains("text") || read.GetProperty("text").GetString() == text);
            }, iter: 500);
    }

    [Theory]
    [InlineData("""{"a":1,"a":1}""", "'a' twice")]
    [InlineData("""{"a":1,"\u0061":2}""", "'a' twice")]
    [InlineData("\"\\ud800\"", "lone surrogate")]
    [InlineData("""{"\udc00":1}""", "lone surrogate")]
    [InlineData("1e400", "finite")]
    [InlineData("[-1e400]", "finite")]
    public void Refuses_what_has_no_canonical_form(string source, string reason)
    {
        Assert.Contains(reason, Assert.Throws<CanonicalJsonException>(() => Canonicalise(source)).Message);
        Assert.Throws<CanonicalJsonException>(() => CanonicalJson.Serialize(JsonNode.Parse(source)));
    }

    [Fact]
    public void Refuses_a_lone_surrogate_made_in_memory()
    {
        Assert.Throws<CanonicalJsonException>(() => CanonicalJson.Serialize(JsonValue.Create("\ud800")));
        Assert.Throws<CanonicalJsonException>(() =>
            CanonicalJson.Serialize(new JsonObject { ["\udc00"] = 1 }));
    }

    [Fact]
    public void Refuses_nesting_without_end()
    {
        JsonNode node = new JsonArray();

        for (var level = 1; level < CanonicalJson.MaximumDepth; level++)
        {
            node = new JsonArray(node);
        }

        Assert.Equal(2 * CanonicalJson.MaximumDepth, CanonicalJson.Serialize(node).Length);
        Assert.Throws<CanonicalJsonException>(() => CanonicalJson.Serialize(new JsonArray(node)));
    }

    [Fact]
    public void Writes_values_of_every_kind_a_node_may_hold()
    {
        var id = Guid.Parse("0197a7a1-0000-7000-8000-000000000000");
        var node = new JsonObject
        {
            ["decimal"] = 1.10m,
            ["float"] = 0.5f,
            ["guid"] = id,
            ["int"] = 1,
            ["long"] = 1L << 53,
            ["nothing"] = null,
            ["when"] = DateTimeOffset.UnixEpoch,
            ["yes"] = true,
        };

        Assert.Equal(
            """{"decimal":1.1,"float":0.5,"guid":"0197a7a1-0000-7000-8000-000000000000","int":1"""
            + ""","long":9007199254740992,"nothing":null,"when":"1970-01-01T00:00:00+00:00","yes":true}""",
            Encoding.UTF8.GetString(CanonicalJson.Serialize(node)));
        Assert.Equal("null"u8, CanonicalJson.Serialize((JsonNode?)null));
        Assert.Throws<CanonicalJsonException>(() => CanonicalJson.Serialize(default(JsonElement)));
    }

    private static string Canonicalise(string source)
    {
        return Encoding.UTF8.GetString(CanonicalJson.Serialize(JsonDocument.Parse(source).RootElement));
    }

    private static bool IsWellFormed(string text)
    {
        return !text.EnumerateRunes().Contains(Rune.ReplacementChar);
    }
}
