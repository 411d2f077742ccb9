using System.Text;

namespace Platform.Campaigns.Tests;

/// <summary>What a broker brings, read by the rules of HTTP.</summary>
public sealed class PublishedEventReaderTests
{
    private static readonly string Structured = Samples.AnEvent(more: ""","campaign":"one" """);

    private static readonly string Plain = $$"""
        {"campaign":"one","source":"/crm/eu","eventId":"e-1","recipient":"{{Samples.Recipient}}","subject":"customer-1",
         "facts":{"city":"Lisbon","miles":12},"occurredAt":"2026-05-04T12:30:15Z"}
        """;

    private static readonly (string, string?)[] Attributes =
    [
        ("specversion", "1.0"), ("type", CloudEventReader.Type), ("source", "/crm/eu"), ("id", "e-1"),
        ("time", "2026-05-04T12:30:15Z"), ("campaign", "one"),
    ];

    [Fact]
    public void One_event_is_the_same_in_every_mode()
    {
        var structured = Read(Structured, "application/cloudevents+json; charset=utf-8");
        var untold = Read(Structured, "text/plain"); // as Dapr sends it
        var binary = Read(Samples.Data(), "application/json", Attributes);
        var plain = Read(Plain, null);

        foreach (var each in new[] { structured, untold, binary, plain })
        {
            Assert.Equal(
                ("one", "/crm/eu", "e-1", Samples.Noon, Samples.Recipient, "customer-1", false),
                (each.Campaign, each.Source, each.Id, each.Time, each.Recipient, each.Subject, each.IsInteractive));
            Assert.Equal(structured.CanonicalData, each.CanonicalData); // so one's repetition in another mode is a repetition
        }
    }

    [Fact]
    public void A_message_id_is_the_id_of_plain_json_that_has_none()
    {
        var without = Plain.Replace("\"eventId\":\"e-1\",", "", StringComparison.Ordinal);

        Assert.Equal("m-7", Read(without, null, messageId: "m-7").Id);
        Assert.Equal("e-1", Read(Plain, null, messageId: "m-7").Id);
        Assert.Contains(Errors(without, null), error => error.Field == "eventId");
    }

    [Fact]
    public void Interactive_is_told_in_every_mode_and_nothing_else_is_taken()
    {
        Assert.True(Read(Plain.Replace("\"campaign\"", "\"priority\":\"interactive\",\"campaign\"", StringComparison.Ordinal), null).IsInteractive);
        Assert.True(Read(Samples.Data(), "application/json", [.. Attributes, ("priority", "interactive")]).IsInteractive);
        Assert.True(Read(Samples.AnEvent(more: ""","campaign":"one","priority":"interactive" """), null).IsInteractive);

        Assert.Contains(Errors(Samples.Data(), "application/json", [.. Attributes, ("priority", "high")]), error => error.Field == "priority");
        Assert.Contains(Errors(Samples.AnEvent(more: ""","campaign":"one","priority":1 """), null), error => error.Field == "priority");
    }

    [Theory]
    [InlineData("", null, "")]
    [InlineData("not json", null, "")]
    [InlineData("[1,2,3]", null, "")]
    [InlineData("{}", null, "source,eventId,recipient,subject,facts")]
    [InlineData("""{"campaign":1,"source":"/s","eventId":"e"}""", null, "campaign")]
    [InlineData("""{"campaign":"one","campaign":"two"}""", null, "")]
    [InlineData("[]", "application/cloudevents-batch+json", "content-type")]
    [InlineData("""{"specversion":"1.0"}""", "application/cloudevents+json", "data,type")]
    public void Says_what_is_wrong_and_where(string body, string? contentType, string fields)
    {
        var errors = Errors(body, contentType);

        Assert.NotEmpty(errors);
        Assert.All(fields.Split(','), field => Assert.Contains(errors, error => error.Field.StartsWith(field, StringComparison.Ordinal)));
    }

    [Fact]
    public void Names_no_campaign_of_its_own_accord()
    {
        Assert.Equal("campaign", Assert.Single(Errors(Samples.AnEvent(), "application/cloudevents+json")).Field);
        Assert.Equal("campaign", Assert.Single(Errors(Samples.Data(), "application/json", Attributes[..^1])).Field);
        Assert.Equal("two", Read(Samples.AnEvent(), "application/cloudevents+json", routingKey: "two").Campaign);
        Assert.Equal("one", Read(Structured, "application/cloudevents+json", routingKey: "two").Campaign); // the event's own word
    }

    [Fact]
    public void An_attribute_that_is_no_text_and_data_that_is_no_json_are_named()
    {
        Assert.Contains(Errors(Samples.Data(), "application/json", [.. Attributes, ("extra", null)]), error => error.Field == "extra");
        Assert.Equal("content-type", Assert.Single(Errors("<a/>", "application/xml", Attributes)).Field);
    }

    [Fact]
    public void Larger_than_an_event_may_be_is_refused()
    {
        var large = new string(' ', CloudEventReader.MaxEventBytes) + Plain;

        Assert.Contains("65536", Assert.Single(Errors(large, null)).Message, StringComparison.Ordinal);
    }

    private static IncomingEvent Read(
        string body, string? contentType, (string, string?)[]? attributes = null, string? messageId = null,
        string? routingKey = null)
    {
        var (read, errors) = PublishedEventReader.Read(
            new PublishedMessage(contentType, routingKey, attributes ?? [], messageId, Encoding.UTF8.GetBytes(body)));
        Assert.Empty(errors);
        return read!;
    }

    private static IReadOnlyList<FieldError> Errors(
        string body, string? contentType, (string, string?)[]? attributes = null)
    {
        var (read, errors) = PublishedEventReader.Read(
            new PublishedMessage(contentType, null, attributes ?? [], null, Encoding.UTF8.GetBytes(body)));
        Assert.Null(read);
        return errors;
    }
}
