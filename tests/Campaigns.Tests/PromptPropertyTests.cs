using CsCheck;

namespace Platform.Campaigns.Tests;

/// <summary>Random templates of a small grammar, half of them wrong: refused, or the secret does not come out.</summary>
public sealed class PromptPropertyTests
{
    private static readonly Gen<string> Literal = Gen.OneOfConst(
        "'a'", "'Lisbon'", "'Zq'", "1", "2", "41", "41.5", "true", "false", "nil", "blank", "empty", "''");

    private static readonly Gen<string> Open = Gen.OneOfConst("city", "miles", "vip", "nickname", "variant", "now", "x", "y", "i", "forloop.index");

    private static readonly Gen<string> Secret = Gen.OneOfConst("name", "age", "adult", "name.size", "name.first");

    private static readonly Gen<string> Operand = Gen.Frequency((4, Literal), (4, Open), (1, Secret));

    private static readonly Gen<string> Filter = Gen.Frequency(
        (3, Gen.OneOfConst("upcase", "size", "first", "last", "strip", "capitalize", "reverse", "split: ''", "join: '-'", "slice: 0, 3", "truncate: 4", "round")),
        (2, Gen.Select(Gen.OneOfConst("append", "prepend", "default", "plus", "times", "split", "remove", "at_least"), Operand, (name, operand) => $"{name}: {operand}")),
        (1, Gen.Select(Operand, Operand, (what, by) => $"replace: {what}, {by}")));

    private static readonly Gen<string> Value = Gen.Select(
        Operand, Filter.Array[0, 2], (operand, filters) => string.Join(" | ", [operand, .. filters]));

    private static readonly Gen<string> Test = Gen.Frequency(
        (4, Gen.Select(Gen.OneOfConst("name", "age", "adult"), Gen.OneOfConst("==", "!=", "<", ">", "<=", ">="), Literal, (fact, op, literal) => $"{fact} {op} {literal}")),
        (3, Gen.Select(Operand, Gen.OneOfConst("==", "!=", "<", ">", "contains", "startswith"), Operand, (left, op, right) => $"{left} {op} {right}")),
        (2, Gen.OneOf(Open, Gen.OneOfConst("name", "age", "adult"))));

    private static readonly Gen<string> Condition = Gen.Frequency(
        (4, Test), (1, Gen.Select(Test, Gen.OneOfConst("and", "or"), Test, (left, op, right) => $"{left} {op} {right}")));

    private static readonly Gen<string> Body = Block(3);

    private static readonly Gen<string> Template = Gen.Select(
        Body, body => $"{{% assign x = 'ex' %}}{{% assign y = 7 %}}{body}");

    [Fact]
    public void A_secret_never_comes_out()
    {
        var accepted = 0;
        var all = 0;
        Template.Sample(
            template =>
            {
                Interlocked.Increment(ref all);
                var first = Try(template, "Zqxjkvbnw1", 41.137m, true);
                var second = Try(template, "Zqxjkvbnw2", 41.138m, true);
                if (first.Accepted)
                {
                    Interlocked.Increment(ref accepted);
                }

                // No literal lies between the two persons' values: they are the same person to every test that
                // may be asked, so whatever differs between their prompts has flowed from the values themselves.
                Assert.Equal(first, second);
                Assert.DoesNotContain("xjk", first.Text, StringComparison.OrdinalIgnoreCase);
                Assert.DoesNotContain("1.13", first.Text, StringComparison.Ordinal);
            },
            iter: 30_000,
            threads: 2);

        Assert.True(accepted > all / 20, $"Only {accepted} of {all} templates were accepted: the grammar tests little.");
    }

    [Fact]
    public void Random_text_meets_typed_exceptions_only() =>
        Gen.String.Sample(source => Try(source, "Zqxjkvbnw1", 41, false), iter: 5_000, threads: 2);

    [Fact]
    public void Random_tokens_meet_typed_exceptions_only() => Gen.OneOfConst(
            "{{", "}}", "{%", "%}", "{%-", "-%}", "if", "endif", "for", "in", "(1..3)", "endfor", "case", "when", "endcase",
            "assign", "=", "capture", "endcapture", "city", "name", "|", "append", ":", "'a'", "\"", "'", ",", ".", "1", "-1",
            "==", "<", "contains", "and", "or", "else", "elsif", "unless", "endunless", "break", "#", " ", "\n", "[", "(", "..", "é", "\0")
        .Array[0, 40].Select(tokens => string.Join(" ", tokens))
        .Sample(source => Try(source, "Zqxjkvbnw1", 41, false), iter: 20_000, threads: 2);

    [Fact]
    public void Broken_templates_meet_typed_exceptions_only() => Gen.Select(Template, Gen.Int[0, 400], Gen.Char, (template, at, with) =>
            at < template.Length ? string.Concat(template.AsSpan(0, at), with.ToString(), template.AsSpan(at + 1)) : template[..(template.Length / 2)])
        .Sample(source => Try(source, "Zqxjkvbnw1", 41, false), iter: 10_000, threads: 2);

    [Fact]
    public void Text_is_clean_for_ever() => Gen.String.Sample(
        text =>
        {
            var clean = SafeText.Clean(text);

            Assert.Equal(clean, SafeText.Clean(clean));
            Assert.False(SafeText.HasForbidden(clean, lineBreaks: false));
            Assert.DoesNotContain('{', clean);
            Assert.DoesNotContain('}', clean);
        },
        iter: 20_000);

    [Fact]
    public void A_public_fact_is_rendered_as_it_was_cleaned() => Gen.String[0, 100].Sample(
        text =>
        {
            var values = Samples.Values();
            values["city"] = FactValue.Of(text);

            Assert.Equal($"<{SafeText.Clean(text)}>", Samples.Render("<{{ city }}>", values));
        },
        iter: 5_000);

    private static (bool Accepted, string Text) Try(string source, string name, decimal age, bool adult)
    {
        try
        {
            var values = Samples.Values(name, age);
            values["adult"] = FactValue.Of(adult);
            return (true, Samples.Render(source, values));
        }
        catch (PromptTemplateException exception)
        {
            return (false, exception.Message);
        }
        catch (PromptRenderException exception)
        {
            return (true, exception.Message);
        }
    }

    private static Gen<string> Block(int depth) => Statement(depth).Array[1, 3].Select(string.Concat);

    private static Gen<string> Statement(int depth)
    {
        var simple = Gen.Frequency(
            (2, Gen.OneOfConst("text ", "- ", "\n")),
            (3, Value.Select(value => $"{{{{ {value} }}}}")),
            (2, Gen.Select(Gen.OneOfConst("x", "y"), Value, (name, value) => $"{{% assign {name} = {value} %}}")));
        if (depth == 0)
        {
            return simple;
        }

        var inner = Block(depth - 1);
        return Gen.Frequency(
            (4, simple),
            (3, Gen.Select(Condition, inner, inner, (test, yes, no) => $"{{% if {test} %}}{yes}{{% else %}}{no}{{% endif %}}")),
            (1, Gen.Select(Condition, Condition, inner, (test, other, body) => $"{{% if {test} %}}{body}{{% elsif {other} %}}{body}{{% endif %}}")),
            (1, Gen.Select(Condition, inner, (test, body) => $"{{% unless {test} %}}{body}{{% endunless %}}")),
            (1, Gen.Select(Gen.OneOfConst("name", "age", "city", "x"), Operand, inner, (what, option, body) => $"{{% case {what} %}}{{% when {option} %}}{body}{{% else %}}-{{% endcase %}}")),
            (1, inner.Select(body => $"{{% capture x %}}{body}{{% endcapture %}}")),
            (1, Gen.Select(Gen.OneOfConst("(1..3)", "x", "y", "city", "name", "(1..age)"), inner, (items, body) => $"{{% for i in {items} %}}{body}{{% endfor %}}")));
    }
}
