namespace Platform.Campaigns.Tests;

public sealed class PromptTemplateTests
{
    [Theory]
    [InlineData("plain words", "plain words")]
    [InlineData("A { brace } stays", "A { brace } stays")]
    [InlineData("{{ city }}, {{ miles }}, {{ vip }}", "Lisbon, 1200, true")]
    [InlineData("{{ city | upcase | append: '!' }}", "LISBON!")]
    [InlineData("a  {{- city -}}  b", "aLisbonb")]
    [InlineData("{% # a comment, it's fine %}x", "x")]
    [InlineData("{{ 'quoted }} braces' }}", "quoted }} braces")]
    [InlineData("{{ nickname }}|{{ nickname | default: 'friend' }}", "|friend")]
    [InlineData("{{ variant }}", "gold")]
    [InlineData("{{ now }} {{ now | date: '%Y/%m/%d %H:%M %B %A %j%%' }}", "2026-05-04 2026/05/04 12:30 May Monday 124%")]
    [InlineData("{{ 'now' | date: '%e %u' }}", "4 1")]
    [InlineData("{% if city == 'Lisbon' %}a{% elsif vip %}b{% else %}c{% endif %}", "a")]
    [InlineData("{% if city == 'Porto' %}a{% elsif vip %}b{% else %}c{% endif %}", "b")]
    [InlineData("{% if city contains 'isb' and miles > 1000 or vip == false %}a{% endif %}", "a")]
    [InlineData("{% if 5 < miles %}a{% endif %}{% if 5 >= miles %}b{% endif %}", "a")]
    [InlineData("{% unless vip %}a{% else %}b{% endunless %}", "b")]
    [InlineData("{% case city %}\n{% when 'Porto' %}p{% when 'Lisbon', 'Faro' %}l{% else %}e{% endcase %}", "l")]
    [InlineData("{% case city %}{% when 'Porto' or 'Lisbon' %}l{% endcase %}", "l")]
    [InlineData("{% for i in (1..3) %}{{ i }}{% endfor %}", "123")]
    [InlineData("{% for i in (1..9) limit: 2 offset: 3 %}{{ i }}{% endfor %}", "45")]
    [InlineData("{% for i in (1..3) reversed %}{{ i }}{% endfor %}", "321")]
    [InlineData("{% for i in (3..1) %}{{ i }}{% endfor %}", "")]
    [InlineData("{% for i in (1..5) %}{% if i == 2 %}{% continue %}{% endif %}{% if i == 4 %}{% break %}{% endif %}{{ i }}{% endfor %}", "13")]
    [InlineData("{% for i in (1..2) %}{{ forloop.index }}/{{ forloop.length }}{{ forloop.last }} {% endfor %}", "1/2false 2/2true ")]
    [InlineData("{% for i in (1..2) %}{% for j in (1..2) %}{{ forloop.index }}{% endfor %}{{ forloop.index0 }}{% endfor %}", "120121")]
    [InlineData("{% assign all = 'red,green' | split: ',' %}{% for c in all %}[{{ c }}]{% else %}none{% endfor %}", "[red][green]")]
    [InlineData("{% assign all = '' | split: ',' %}{% for c in all %}[{{ c }}]{% else %}none{% endfor %}", "none")]
    [InlineData("{% capture x %}<{{ city }}>{% endcapture %}{{ x }}{{ x }}", "<Lisbon><Lisbon>")]
    [InlineData("{% if vip %}{% assign a = 1 %}{% else %}{% assign a = 2 %}{% endif %}{{ a }}", "1")]
    [InlineData("{% assign a = city == 'Lisbon' %}{{ a }}", "true")]
    [InlineData("{{ 7 | divided_by: 2 }} {{ 7 | divided_by: 2.0 }} {{ 7.5 | divided_by: 2 }} {{ -7 | modulo: 3 }}", "3 3 3.75 2")]
    [InlineData("{{ 1.50 | plus: 0 }} {{ miles | times: 2 | minus: 1 }} {{ 2.5 | round }} {{ 2.345 | round: 2 }}", "1.5 2399 3 2.35")]
    [InlineData("{{ 1 | at_least: 3 | at_most: 2 }} {{ -1.2 | abs | ceil }} {{ 1.9 | floor }}", "2 2 1")]
    [InlineData("{{ 'a-b-c' | replace: '-', '+' | remove: 'b' | prepend: '>' }}", ">a++c")]
    [InlineData("{{ 'one two three' | truncatewords: 2 }} {{ 'abcdef' | truncate: 5, '…' }}", "one two... abcd…")]
    [InlineData("{{ 'abc' | slice: 1, 5 }}{{ 'abc' | slice: -2 }}{{ 'abc' | slice: 9 }}", "bcb")]
    [InlineData("{{ 'a,b' | split: ',' | reverse | join: '/' }} {{ 'a,b' | split: ',' | first }} {{ 'ab' | size }}", "b/a a 2")]
    [InlineData("{% if nickname %}a{% else %}b{% endif %}{% if nickname == nil %}c{% endif %}{% if nickname == blank %}d{% endif %}", "bcd")]
    [InlineData("{% if '' == empty %}e{% endif %}{% if city != blank %}f{% endif %}", "ef")]
    public void Renders(string template, string prompt) => Assert.Equal(prompt, Samples.Render(template));

    [Theory]
    [InlineData("{% if name == 'Ottilie' %}yes{% endif %}", "yes")]
    [InlineData("{% if 'Ottilie' == name and city == 'Lisbon' %}yes{% endif %}", "yes")]
    [InlineData("{% if age >= 40 and age < 50 %}forties{% endif %}", "forties")]
    [InlineData("{% if 40 < age %}yes{% endif %}{% if 41 < age %}no{% endif %}", "yes")]
    [InlineData("{% unless name != 'Otto' %}no{% else %}yes{% endunless %}", "yes")]
    [InlineData("{% if vip == false %}no{% elsif age > 40 %}yes{% endif %}", "yes")]
    [InlineData("{% case age %}{% when 40, 41 %}yes{% endcase %}", "yes")]
    [InlineData("{% case 'Ottilie' %}{% when name %}yes{% endcase %}", "yes")]
    [InlineData("{% if adult %}no{% elsif adult == nil %}yes{% endif %}", "yes")]
    [InlineData("{% if name == blank %}no{% elsif name != empty %}yes{% endif %}", "yes")]
    [InlineData("{% for i in (1..2) %}{% if name %}y{% break %}{% endif %}{% endfor %}", "y")]
    public void Lets_a_personal_fact_steer(string template, string prompt) => Assert.Equal(prompt, Samples.Render(template));

    [Fact]
    public void A_facts_text_adds_no_syntax()
    {
        var values = Samples.Values();
        values["city"] = FactValue.Of("{{ miles }}{% if vip %}x{% endif %} ｛｛miles｝｝ \u202Eabc\u200B\u0007d\ne");

        Assert.Equal(" miles % if vip %x% endif % miles abcd e", Samples.Render("{{ city }}", values));
    }

    [Fact]
    public void A_text_fact_is_normalised()
    {
        var values = Samples.Values();
        values["city"] = FactValue.Of("Ｌｉｓｂｏａ e\u0301 ﬁ");

        Assert.Equal("Lisboa é fi", Samples.Render("{{ city }}", values));
    }

    [Fact]
    public void A_missing_fact_is_named()
    {
        var values = Samples.Values();
        values.Remove("city");

        var refused = Assert.Throws<PromptRenderException>(() => Samples.Render("x", values));

        Assert.Contains("'city' is missing", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fact_of_another_kind_is_refused_without_its_value()
    {
        var values = Samples.Values();
        values["age"] = FactValue.Of("forty-one");

        var refused = Assert.Throws<PromptRenderException>(() => Samples.Render("x", values));

        Assert.Contains("'age' must be a number", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("forty", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Asks_no_clock_but_the_events()
    {
        var template = PromptTemplate.Parse("{{ now | date: '%F %T' }}", []);
        var there = new DateTimeOffset(2026, 1, 1, 0, 30, 0, TimeSpan.FromHours(5));

        Assert.Equal("2025-12-31 19:30:00", template.Render(new Dictionary<string, FactValue>(), "default", there));
    }

    [Fact]
    public void Renders_alike_in_every_culture()
    {
        var before = Thread.CurrentThread.CurrentCulture;
        try
        {
            Thread.CurrentThread.CurrentCulture = new System.Globalization.CultureInfo("tr-TR");

            Assert.Equal("LISBON TITLE 1.5 May", Samples.Render("{{ city | upcase }} {{ 'title' | upcase }} {{ 1.5 }} {{ now | date: '%B' }}"));
        }
        finally
        {
            Thread.CurrentThread.CurrentCulture = before;
        }
    }

    [Fact]
    public async Task One_template_serves_many_threads()
    {
        var template = PromptTemplate.Parse(
            "{% assign x = 'a-b' | replace: '-', city %}{% for i in (1..3) %}{{ x | append: city }}{% endfor %}", Samples.Facts());

        var wrong = await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Factory.StartNew(() =>
        {
            var wrong = 0;
            for (var turn = 0; turn < 2_000; turn++)
            {
                var values = Samples.Values();
                var city = $"c{worker}t{turn}";
                values["city"] = FactValue.Of(city);
                wrong += template.Render(values, "v", Samples.Noon) == string.Concat(Enumerable.Repeat($"a{city}b{city}", 3)) ? 0 : 1;
            }

            return wrong;
        }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

        Assert.Equal(0, wrong.Sum());
    }
}
