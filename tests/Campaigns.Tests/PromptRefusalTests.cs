namespace Platform.Campaigns.Tests;

public sealed class PromptRefusalTests
{
    [Theory]
    [InlineData("", "Write")]
    [InlineData("   \n", "Write")]
    [InlineData("{{ city", "Line 1, column 1: This tag is not closed")]
    [InlineData("{{ city }", "not closed")]
    [InlineData("a\n{% if vip %}x", "'if' is not closed")]
    [InlineData("{% if vip %}x{% endunless %}", "'endunless' stands where 'endif' belongs")]
    [InlineData("{% endif %}", "closes nothing")]
    [InlineData("{% else %}x", "Line 1")]
    [InlineData("{% elsif vip %}x", "Line 1")]
    [InlineData("{% when 1 %}x", "Line 1")]
    [InlineData("{% if vip %}{% else %}{% else %}{% endif %}", "Line 1")]
    [InlineData("{% if vip %}{% else %}{% elsif vip %}{% endif %}", "Line 1")]
    [InlineData("{% if %}x{% endif %}", "Line 1")]
    [InlineData("{{ }}", "Line 1")]
    [InlineData("{{ | upcase }}", "Line 1")]
    [InlineData("{{ city | }}", "Line 1")]
    [InlineData("{{ city | upcase: }}", "Line 1")]
    [InlineData("{{ city city }}", "Line 1")]
    [InlineData("{{ 'a }}", "string is not closed")]
    [InlineData("{{ 'a\\'b' }}", "backslash")]
    [InlineData("{{ {{ city }} }}", "may not stand in a tag")]
    [InlineData("{% %}", "must start with its name")]
    [InlineData("{% # never closed", "not closed")]
    [InlineData("{% include 'x' %}", "'include' is not allowed")]
    [InlineData("{% render 'x' %}", "'render' is not allowed")]
    [InlineData("{% layout 'x' %}", "'layout' is not allowed")]
    [InlineData("{% macro f() %}{% endmacro %}", "'macro' is not allowed")]
    [InlineData("{% liquid\necho city\n%}", "'liquid' is not allowed")]
    [InlineData("{% echo city %}", "'echo' is not allowed")]
    [InlineData("{% raw %}{{ city }}{% endraw %}", "'raw' is not allowed")]
    [InlineData("{% comment %}x{% endcomment %}", "Write a comment as {% #")]
    [InlineData("{% cycle 'a', 'b' %}", "'cycle' is not allowed")]
    [InlineData("{% tablerow i in (1..2) %}{{ i }}{% endtablerow %}", "'tablerow' is not allowed")]
    [InlineData("{% increment x %}", "'increment' is not allowed")]
    [InlineData("{% decrement x %}", "'decrement' is not allowed")]
    [InlineData("{% ifchanged %}x{% endifchanged %}", "'ifchanged' is not allowed")]
    [InlineData("{% dothis %}", "'dothis' is not allowed")]
    [InlineData("x\n\n  {{ town }}", "Line 3, column 3: 'town' is not declared")]
    [InlineData("{{ CITY }}", "'CITY' is not declared")]
    [InlineData("{{ city.size }}", "has no parts")]
    [InlineData("{{ city.size.x }}", "has no parts")]
    [InlineData("{{ city['size'] }}", "'[' is not allowed")]
    [InlineData("{{ variant.size }}", "has no parts")]
    [InlineData("{{ (city) }}", "Parentheses")]
    [InlineData("{{ city(1) }}", "Parentheses")]
    [InlineData("{{ (1..3) }}", "Parentheses")]
    [InlineData("{% if (vip) %}x{% endif %}", "Parentheses")]
    [InlineData("{{ city | base64_encode }}", "'base64_encode' is not known")]
    [InlineData("{{ city | Upcase }}", "'Upcase' is not known")]
    [InlineData("{{ city | json }}", "'json' is not known")]
    [InlineData("{{ city | append }}", "takes 1 arguments, not 0")]
    [InlineData("{{ city | upcase: 1 }}", "takes 0 arguments, not 1")]
    [InlineData("{{ city | append: text: 'x' }}", "no argument named 'text'")]
    [InlineData("{{ city | date: '%Y' }}", "formats the event's time only")]
    [InlineData("{{ '10:30' | date: '%Y' }}", "formats the event's time only")]
    [InlineData("{{ now | date: '%100000000Y' }}", "takes one format")]
    [InlineData("{{ now | date: '%' }}", "takes one format")]
    [InlineData("{{ now | date: city }}", "takes one format")]
    [InlineData("{{ now | date }}", "takes one format")]
    [InlineData("{% for i in (1..101) %}x{% endfor %}", "a range may have 100 numbers")]
    [InlineData("{% for i in (1..1000000000) %}x{% endfor %}", "a range may have 100 numbers")]
    [InlineData("{% for i in (-2147483648..2147483647) %}x{% endfor %}", "whole numbers")]
    [InlineData("{% for i in (1..99999999999999999999) %}x{% endfor %}", "")]
    [InlineData("{% for i in (1..miles) %}x{% endfor %}", "whole numbers written in the template")]
    [InlineData("{% for i in (1..3) limit: miles %}x{% endfor %}", "'limit' must be a whole number")]
    [InlineData("{% for i in (1..3) offset: -1 %}x{% endfor %}", "'offset' must be a whole number")]
    [InlineData("{% for i in (1..3) offset: continue %}x{% endfor %}", "'offset' must be")]
    [InlineData("{% for city in (1..3) %}x{% endfor %}", "has a meaning already")]
    [InlineData("{% for i in (1..3) %}{% for i in (1..3) %}x{% endfor %}{% endfor %}", "'i'")]
    [InlineData("{% for i in (1..3) %}{% assign i = 2 %}{% endfor %}", "is a loop's variable")]
    [InlineData("{% for i in (1..3) %}{% endfor %}{{ i }}", "not assigned on every way")]
    [InlineData("{% for i in (1..3) %}{% assign a = 1 %}{% endfor %}{{ a }}", "not assigned on every way")]
    [InlineData("{% if vip %}{% assign a = 1 %}{% endif %}{{ a }}", "not assigned on every way")]
    [InlineData("{{ a }}{% assign a = 1 %}", "'a' is not declared")]
    [InlineData("{% assign a = a %}", "'a' is not declared")]
    [InlineData("{% assign city = 'x' %}", "has a meaning already")]
    [InlineData("{% assign variant = 'x' %}", "has a meaning already")]
    [InlineData("{% assign now = 'x' %}", "has a meaning already")]
    [InlineData("{% assign forloop = 'x' %}", "has a meaning already")]
    [InlineData("{% assign a-b = 'x' %}", "is no name for a variable")]
    [InlineData("{% assign a %}", "Line 1")]
    [InlineData("{% assign a = %}", "Line 1")]
    [InlineData("{% capture city %}x{% endcapture %}", "has a meaning already")]
    [InlineData("{% capture %}x{% endcapture %}", "Line 1")]
    [InlineData("{% break %}", "outside of any 'for'")]
    [InlineData("{% continue %}", "outside of any 'for'")]
    [InlineData("{{ forloop.index }}", "only known inside of a 'for'")]
    [InlineData("{% for i in (1..2) %}{{ forloop }}{% endfor %}", "'forloop' has index")]
    [InlineData("{% for i in (1..2) %}{{ forloop.parentloop }}{% endfor %}", "'forloop' has index")]
    [InlineData("{% case city %}lost text{% when 'a' %}x{% endcase %}", "never shown")]
    [InlineData("{% if miles == '1200' %}x{% endif %}", "is a number and is compared with something else")]
    [InlineData("{% if vip > 3 %}x{% endif %}", "is a boolean")]
    [InlineData("{% if miles contains 1 %}x{% endif %}", "is a number")]
    [InlineData("{% if age == 'old' %}x{% endif %}", "'age' is a number")]
    [InlineData("a\u202Eb", "bidirectional")]
    [InlineData("a\u0000b", "control")]
    public void Refuses_and_says_where(string template, string because)
    {
        var refused = Assert.Throws<PromptTemplateException>(() => PromptTemplate.Parse(template, Samples.Facts()));

        Assert.NotEmpty(refused.Errors);
        Assert.All(refused.Errors, error => Assert.Equal("prompt", error.Field));
        Assert.Contains(because, string.Join(" ", refused.Errors.Select(error => error.Message)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{{ name }}")]
    [InlineData("{{ name | size }}")]
    [InlineData("{{ age | plus: 1 }}")]
    [InlineData("{{ city | append: name }}")]
    [InlineData("{{ city | replace: 'x', name }}")]
    [InlineData("{{ nickname | default: name }}")]
    [InlineData("{{ name == 'x' }}")]
    [InlineData("{{ name.size }}")]
    [InlineData("{{ name.first }}")]
    [InlineData("{{ adult }}")]
    [InlineData("{% assign x = name %}")]
    [InlineData("{% assign x = name == 'a' %}{{ x }}")]
    [InlineData("{% assign x = city | append: name %}")]
    [InlineData("{% capture x %}{{ name }}{% endcapture %}")]
    [InlineData("{% for c in name %}x{% endfor %}")]
    [InlineData("{% for i in (1..age) %}x{% endfor %}")]
    [InlineData("{% for i in (1..3) limit: age %}x{% endfor %}")]
    [InlineData("{% if name == city %}x{% endif %}")]
    [InlineData("{% if city == name %}x{% endif %}")]
    [InlineData("{% if name == age %}x{% endif %}")]
    [InlineData("{% if city contains name %}x{% endif %}")]
    [InlineData("{% if name contains 'a' %}x{% endif %}")]
    [InlineData("{% if name startswith 'a' %}x{% endif %}")]
    [InlineData("{% if name endswith 'a' %}x{% endif %}")]
    [InlineData("{% if 'Otto' contains name %}x{% endif %}")]
    [InlineData("{% if name.size > 3 %}x{% endif %}")]
    [InlineData("{% case city %}{% when name %}x{% endcase %}")]
    [InlineData("{% case name %}{% when city %}x{% endcase %}")]
    [InlineData("{% case name %}{% when 'a' %}{{ name }}{% endcase %}")]
    [InlineData("{% for c in (1..9) %}{% if age == c %}{{ c }}{% endif %}{% endfor %}")]
    [InlineData("{% assign l = 'a,b' | split: ',' %}{% for c in l %}{% if name == c %}{{ c }}{% endif %}{% endfor %}")]
    [InlineData("{% assign l = 'a' %}{% if name > l %}{% endif %}")]
    [InlineData("{% if name == variant %}x{% endif %}")]
    [InlineData("{% if name == now %}x{% endif %}")]
    [InlineData("{% for i in (1..3) %}{% if age == forloop.index %}x{% endif %}{% endfor %}")]
    [InlineData("{% if vip %}ok{% else %}{{ name }}{% endif %}")]
    [InlineData("{% unless vip %}{% if vip %}{% for i in (1..2) %}{{ name | upcase }}{% endfor %}{% endif %}{% endunless %}")]
    public void A_personal_fact_enters_no_value(string template)
    {
        var refused = Assert.Throws<PromptTemplateException>(() => PromptTemplate.Parse("first line\n" + template, Samples.Facts()));

        Assert.Contains(refused.Errors, error => error.Message.StartsWith("Line 2, ", StringComparison.Ordinal)
            && (error.Message.Contains("'name'", StringComparison.Ordinal)
                || error.Message.Contains("'age'", StringComparison.Ordinal)
                || error.Message.Contains("'adult'", StringComparison.Ordinal)
                || template.Contains("(1..age)", StringComparison.Ordinal)
                || template.Contains("limit: age", StringComparison.Ordinal)));
    }

    [Fact]
    public void Half_a_surrogate_pair_is_no_template() =>
        Assert.Throws<PromptTemplateException>(() => PromptTemplate.Parse("a\uD800b", []));

    [Fact]
    public void Tells_several_errors_at_once()
    {
        var refused = Assert.Throws<PromptTemplateException>(
            () => PromptTemplate.Parse("{{ name }}\n{{ town }}\n{{ city | json }}", Samples.Facts()));

        Assert.Equal(["Line 1", "Line 2", "Line 3"], refused.Errors.Select(error => error.Message[..6]));
    }

    [Fact]
    public void A_fact_declared_twice_is_personal_if_either_is()
    {
        Assert.Throws<PromptTemplateException>(
            () => PromptTemplate.Parse("{{ a }}", [Samples.Text("a", personal: true), Samples.Text("a")]));
    }
}
