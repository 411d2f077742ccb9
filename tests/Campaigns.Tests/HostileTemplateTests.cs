using System.Diagnostics;

namespace Platform.Campaigns.Tests;

/// <summary>Templates that want our memory, our time or our stack.</summary>
public sealed class HostileTemplateTests
{
    public static TheoryData<string, string> Bombs() => new()
    {
        { "nested loops", Nest("{% for i# in (1..100) %}", "x", "{% endfor %}", 4) },
        { "nested loops of nothing", Nest("{% for i# in (1..100) %}", "", "{% endfor %}", 5) },
        { "nested loops of conditions", Nest("{% for i# in (1..100) %}", "{% if vip %}{% endif %}", "{% endfor %}", 3) },
        { "doubling by append", "{% assign x = 'aaaaaaaaaa' %}" + Repeat("{% assign x = x | append: x %}", 40) + "{{ x }}" },
        { "doubling by capture", "{% assign x = 'aaaaaaaaaa' %}" + Repeat("{% capture x %}{{ x }}{{ x }}{% endcapture %}", 40) + "{{ x }}" },
        { "multiplying by replace", "{% assign x = '" + new string('a', 400) + "' %}" + Repeat("{% assign x = x | replace: 'a', x %}", 10) },
        { "multiplying by join", "{% assign x = '" + new string('a', 90) + "' %}{% assign l = x | split: '' %}" + Repeat("{% assign x = l | join: x %}", 10) },
        { "much output", Repeat("{% for i in (1..100) %}" + new string('a', 200) + "{% endfor %}", 10) },
        { "much output in a capture", "{% for i in (1..100) %}{% capture x %}" + new string('a', 5000) + "{% endcapture %}{% endfor %}" },
        { "wide output", "{{ '" + new string('é', 3000) + "' }}" + new string('界', 2000) },
        { "long list", "{% assign l = '" + new string('a', 900) + "' | split: '' %}" },
        { "large numbers", "{% assign x = 9999999999 %}" + Repeat("{% assign x = x | times: x %}", 10) + "{{ x }}" },
        { "small numbers", "{{ 1 | divided_by: 0 }}" },
        { "modulo nothing", "{{ 1 | modulo: 0 }}" },
        { "many steps", Repeat("{{ 1 }}", 1500) },
    };

    public static TheoryData<string, string> Oversized() => new()
    {
        { "deep blocks", Nest("{% if vip %}", "x", "{% endif %}", 9) },
        { "very deep blocks", Nest("{%if vip%}", "x", "{%endif%}", 800) },
        { "deep blocks left open", Repeat("{%if vip%}", 1600) },
        { "deep captures", Nest("{% capture a# %}", "x", "{% endcapture %}", 200) },
        { "deep parentheses", "{{ " + new string('(', 1000) },
        { "deep brackets", "{{ city" + Repeat("[city", 200) },
        { "deep ranges", "{% for i in " + new string('(', 500) },
        { "a long chain of ands", "{% if vip" + Repeat(" and vip", 1000) + " %}x{% endif %}" },
        { "a long chain of filters", "{{ city" + Repeat("|upcase", 1000) + " }}" },
        { "a long chain of members", "{{ forloop" + Repeat(".a", 2000) + " }}" },
        { "a long name", "{{ " + new string('a', 5000) + " }}" },
        { "a giant string", "{{ '" + new string('a', 9000) + "' }}" },
        { "a giant source", new string('a', 17 * 1024) },
        { "a giant source of wide characters", new string('界', 6000) },
        { "a giant number", "{{ " + new string('9', 900) + " }}{{" },
        { "many braces", new string('{', 16_000) },
        { "many closers", Repeat("%}}}", 4000) + "{{" },
        { "many errors", Repeat("{{ nobody }}", 1300) },
        { "many quotes", Repeat("{{'", 5000) },
    };

    [Theory]
    [MemberData(nameof(Bombs))]
    public void Is_refused_or_cut_off(string what, string template)
    {
        var watch = Stopwatch.StartNew();
        var before = GC.GetAllocatedBytesForCurrentThread();

        var failure = Record.Exception(() => Samples.Render(template));

        Assert.True(failure is PromptTemplateException or PromptRenderException, $"{what}: {failure}");
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(2), $"{what} took {watch.Elapsed}");
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 64 << 20, $"{what} took much memory");
    }

    [Theory]
    [MemberData(nameof(Oversized))]
    public void Is_refused_before_it_runs(string what, string template)
    {
        var watch = Stopwatch.StartNew();

        var refused = Assert.Throws<PromptTemplateException>(() => PromptTemplate.Parse(template, Samples.Facts()));

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(2), $"{what} took {watch.Elapsed}");
        Assert.True(refused.Errors.Count <= 21, what);
        Assert.All(refused.Errors, error => Assert.True(error.Message.Length < 1_000, error.Message));
    }

    [Fact]
    public void The_largest_allowed_tag_fits_a_small_stack()
    {
        Exception? failure = null;
        var template = Nest("{% if vip %}", "{% if vip" + Repeat(" and vip", 120) + " %}x{% endif %}", "{% endif %}", 7);
        var thread = new Thread(() => failure = Record.Exception(() => Samples.Render(template)), 256 * 1024);
        thread.Start();
        thread.Join();

        Assert.Null(failure);
    }

    private static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));

    private static string Nest(string open, string inner, string close, int depth) =>
        string.Concat(Enumerable.Range(0, depth).Select(level => open.Replace("#", $"{level}", StringComparison.Ordinal)))
        + inner + Repeat(close, depth);
}
