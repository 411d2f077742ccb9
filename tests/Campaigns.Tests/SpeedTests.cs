using System.Diagnostics;
using System.Text.Json;

namespace Platform.Campaigns.Tests;

/// <summary>What the hot paths cost; run with <c>-explicit only</c> and a release build.</summary>
public sealed class SpeedTests(ITestOutputHelper output)
{
    private const string Prompt = """
        {% assign place = city | upcase | append: ' skyline' %}A {{ place }} in {{ variant }} light,
        {% if age >= 60 %}calm, {% elsif age >= 30 %}bold, {% else %}wild, {% endif %}{% if vip %}with a gold frame{% endif %}
        {% case miles %}{% when 100, 200 %}near{% else %}far{% endcase %}{% for i in (1..3) %} star {{ i }}{% endfor %}
        {{ nickname | default: 'friend' }} {{ now | date: '%B %Y' }}
        """;

    [Fact(Explicit = true)]
    public void Renders_a_prompt_in_microseconds()
    {
        var template = PromptTemplate.Parse(Prompt, Samples.Facts());
        var values = Samples.Values();

        Measure("render", 20_000, () => template.Render(values, "gold", Samples.Noon).Length);
        Measure("parse", 500, () => PromptTemplate.Parse(Prompt, Samples.Facts()).GetHashCode());
    }

    [Fact(Explicit = true)]
    public void Reads_two_thousand_events()
    {
        var batch = Samples.Utf8("[" + string.Join(",", Enumerable.Range(0, 1000).Select(i => Samples.AnEvent(id: $"e-{i}"))) + "]");
        var facts = CloudEventReader.Read("application/cloudevents-batch+json", new Dictionary<string, string>(), batch)
            .Events[0].Event!.Facts;
        var declared = Samples.Facts().Take(2).ToArray();

        Measure("batch of 1,000", 30, () =>
            CloudEventReader.Read("application/cloudevents-batch+json", new Dictionary<string, string>(), batch).Events.Count);
        var data = Samples.Utf8(Samples.Data());
        var element = JsonElement.Parse(data);
        Measure("address", 20_000, () => Platform.Chain.Address.TryParse(Samples.Recipient, out _, out _) ? 1 : 0);
        Measure("canonical", 20_000, () => Platform.Content.CanonicalJson.Serialize(element).Length);
        Measure("data", 20_000, () => (int)JsonElement.Parse(data, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 16 }).ValueKind);
        Measure("dataread", 20_000, () => EventDataReader.Read(data, new EventAttributes()) is null ? 1 : 0);
        Measure("source", 20_000, () => EventRules.CheckSource("/crm/eu") is null ? 1 : 0);
        Measure("one", 20_000, () => StructuredEvent.Read(Samples.Utf8(Samples.AnEvent())).Errors.Count);
        Measure("facts", 20_000, () => FactRules.Read(facts, declared).Values.Count);
    }

    private void Measure(string what, int times, Func<int> work)
    {
        for (var turn = 0; turn < times; turn++)
        {
            work();
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        var watch = Stopwatch.StartNew();
        for (var turn = 0; turn < times; turn++)
        {
            work();
        }

        output.WriteLine($"{what}: {watch.Elapsed.TotalMicroseconds / times:F2} µs, "
            + $"{(GC.GetAllocatedBytesForCurrentThread() - before) / times} bytes");
    }
}
