using System.Text.Json;
using CsCheck;
using Platform.Grpc.Campaigns;

namespace Platform.Campaigns.Tests;

public sealed class FactRulesTests
{
    private static readonly FactDeclaration[] Declared =
    [
        new() { Name = "city", Type = FactDeclaration.Types.Type.Text, MaxLength = 6 },
        new() { Name = "tier", Type = FactDeclaration.Types.Type.Text, Optional = true, Values = { "gold", "é" } },
        new() { Name = "age", Type = FactDeclaration.Types.Type.Number, Personal = true, Minimum = 18, Maximum = 120 },
        new() { Name = "miles", Type = FactDeclaration.Types.Type.Number, Optional = true },
        new() { Name = "vip", Type = FactDeclaration.Types.Type.Boolean, Optional = true },
        new() { Name = "name", Type = FactDeclaration.Types.Type.Text, Personal = true, Optional = true, Values = { "Zora" } },
    ];

    [Fact]
    public void Reads_what_is_declared()
    {
        var (values, errors) = FactRules.Read(
            Samples.FactsOf("""{"city":"Faro","tier":"e\u0301","age":18.50,"miles":1e3,"vip":false,"name":"Zora"}"""), Declared);

        Assert.Empty(errors);
        Assert.Equal("18.5", values["age"].ToCanonicalText());
        Assert.Equal("1000", values["miles"].ToCanonicalText());
        Assert.Equal("é", values["tier"].Text);
        Assert.False(values["vip"].Boolean);
        Assert.Equal(("Faro", "Zora"), (values["city"].Text, values["name"].Text));
    }

    [Fact]
    public void An_optional_fact_may_be_left_out()
    {
        var (values, errors) = FactRules.Read(Samples.FactsOf("""{"city":"Faro","age":40}"""), Declared);

        Assert.Empty(errors);
        Assert.Equal(["age", "city"], values.Keys.Order());
    }

    [Theory]
    [InlineData("""{"age":40}""", "data.facts.city", "must be there: a text")]
    [InlineData("""{"city":"Faro"}""", "data.facts.age", "must be there: a number")]
    [InlineData("""{"city":"Faro","age":40,"shoe":9}""", "data.facts.shoe", "is not declared")]
    [InlineData("""{"city":1,"age":40}""", "data.facts.city", "must be a text")]
    [InlineData("""{"city":null,"age":40}""", "data.facts.city", "must be a text")]
    [InlineData("""{"city":["Faro"],"age":40}""", "data.facts.city", "must be a text")]
    [InlineData("""{"city":"Faroese","age":40}""", "data.facts.city", "may have 6 characters at most")]
    [InlineData("""{"city":"\ufdfa","age":40}""", "data.facts.city", "may have 6 characters at most")]
    [InlineData("""{"city":"","age":40}""", "data.facts.city", "must have visible characters")]
    [InlineData("""{"city":" \u200b\u202e","age":40}""", "data.facts.city", "must have visible characters")]
    [InlineData("""{"city":"\ud800","age":40}""", "data.facts.city", "must be valid Unicode")]
    [InlineData("""{"city":"Faro","age":40,"tier":"Gold"}""", "data.facts.tier", "must be one of the values")]
    [InlineData("""{"city":"Faro","age":"40"}""", "data.facts.age", "must be a number")]
    [InlineData("""{"city":"Faro","age":17.999}""", "data.facts.age", "must be 18 or more")]
    [InlineData("""{"city":"Faro","age":121}""", "data.facts.age", "must be 120 or less")]
    [InlineData("""{"city":"Faro","age":40,"miles":1e30}""", "data.facts.miles", "between -10^28 and 10^28")]
    [InlineData("""{"city":"Faro","age":40,"miles":1e999}""", "data.facts.miles", "between -10^28 and 10^28")]
    [InlineData("""{"city":"Faro","age":40,"vip":1}""", "data.facts.vip", "must be true or false")]
    [InlineData("""{"city":"Faro","age":40,"vip":"true"}""", "data.facts.vip", "must be true or false")]
    [InlineData("""{"city":"Faro","age":40,"name":"Zoran"}""", "data.facts.name", "must be one of the values")]
    [InlineData("""{"City":"Faro","city":"Faro","age":40}""", "data.facts.City", "is not declared")]
    public void Names_the_field_and_the_rule(string facts, string field, string rule)
    {
        var (_, errors) = FactRules.Read(Samples.FactsOf(facts), Declared);

        var error = Assert.Single(errors);
        Assert.Equal(field, error.Field);
        Assert.Contains(rule, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_value_is_told() => Gen.Select(Gen.Int[100_000, 999_999], Gen.Int[0, 3]).Sample((secret, shape) =>
    {
        var text = shape switch { 0 => $"{secret}", 1 => $"\"q{secret}q\"", 2 => $"[{secret}]", _ => $"{{\"a\":{secret}}}" };
        var facts = new Dictionary<string, JsonElement>
        {
            ["city"] = Samples.Json(text),
            ["age"] = Samples.Json(text),
            ["name"] = Samples.Json(text),
            ["vip"] = Samples.Json(text),
        };

        var (values, errors) = FactRules.Read(facts, Declared);

        Assert.Contains(errors, error => error.Field == "data.facts.age");
        Assert.Contains(errors, error => error.Field == "data.facts.name");
        Assert.All(errors, error => Assert.DoesNotContain($"{secret}", error.ToString(), StringComparison.Ordinal));
        Assert.All(values.Values, value => Assert.DoesNotContain($"{secret}", value.ToString(), StringComparison.Ordinal));
    });

    [Theory]
    [InlineData("0", "0")]
    [InlineData("-0.0", "0")]
    [InlineData("1.500", "1.5")]
    [InlineData("-12.25e1", "-122.5")]
    [InlineData("100", "100")]
    [InlineData("0.0000000001", "0.0000000001")]
    public void A_number_has_one_text(string json, string canonical)
    {
        var (values, _) = FactRules.Read(
            Samples.FactsOf($$"""{"miles":{{json}}}"""), [new() { Name = "miles", Type = FactDeclaration.Types.Type.Number }]);

        Assert.Equal(canonical, values["miles"].ToCanonicalText());
    }
}
