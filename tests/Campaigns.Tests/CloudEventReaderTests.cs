using System.Text;
using System.Text.Json;
using CsCheck;

namespace Platform.Campaigns.Tests;

public sealed class CloudEventReaderTests
{
    private const string Structured = "application/cloudevents+json";
    private const string Batch = "application/cloudevents-batch+json";

    private static readonly Dictionary<string, string> NoHeaders = [];

    [Theory]
    [InlineData("application/cloudevents+json")]
    [InlineData("application/cloudevents+json; charset=utf-8")]
    [InlineData("Application/CloudEvents+JSON; charset=\"UTF-8\"")]
    public void Reads_a_structured_event(string contentType)
    {
        var reading = CloudEventReader.Read(contentType, NoHeaders, Samples.Utf8(Samples.AnEvent(
            more: ""","subject":"x","dataschema":"https://a.example/s","traceparent":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01","flag":true,"n":3,"gone":null""")));

        var read = AnEvent(reading);
        Assert.Equal(("/crm/eu", "e-1", "customer-1", Samples.Recipient), (read.Source, read.Id, read.Subject, read.Recipient));
        Assert.Equal(new DateTimeOffset(2026, 5, 4, 12, 30, 15, TimeSpan.Zero), read.Time);
        Assert.Equal("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", read.TraceParent);
        Assert.Equal(["city", "miles"], read.Facts.Keys);
        Assert.Equal(12, read.Facts["miles"].GetInt32());
        Assert.False(reading.IsBatch);
    }

    [Fact]
    public void Canonical_data_does_not_depend_on_spelling()
    {
        var first = AnEvent(Read(Samples.AnEvent(Samples.Data("""{"b":1.0,"a":"\u00e9"}"""))));
        var second = AnEvent(Read(Samples.AnEvent(
            $$""" { "facts" : { "a":"é" , "b": 1 } , "subject":"customer-1","recipient":"{{Samples.Recipient}}" } """)));

        Assert.Equal(first.CanonicalData, second.CanonicalData);
        Assert.Equal(
            $$"""{"facts":{"a":"é","b":1},"recipient":"{{Samples.Recipient}}","subject":"customer-1"}""",
            Encoding.UTF8.GetString(first.CanonicalData));
    }

    [Fact]
    public void Nothing_of_the_body_is_kept()
    {
        var body = Samples.Utf8(Samples.AnEvent());
        var read = AnEvent(CloudEventReader.Read(Structured, NoHeaders, body));
        Array.Fill(body, (byte)'x');

        Assert.Equal("Lisbon", read.Facts["city"].GetString());
    }

    [Fact]
    public void Reads_a_batch_in_order_and_each_event_for_itself()
    {
        var body = $"[{Samples.AnEvent(id: "a")}, 7, {Samples.AnEvent("{}", id: "b")},\n{Samples.AnEvent(id: "c")}]";
        var reading = CloudEventReader.Read(Batch, NoHeaders, Samples.Utf8(body));

        Assert.True(reading.IsBatch);
        Assert.Null(reading.StatusCode);
        Assert.Empty(reading.Errors);
        Assert.Equal(["a", null, null, "c"], reading.Events.Select(each => each.Event?.Id));
        Assert.Equal("An event must be a JSON object.", Assert.Single(reading.Events[1].Errors).Message);
        Assert.Equal(["data.recipient", "data.subject", "data.facts"], reading.Events[2].Errors.Select(error => error.Field));
    }

    [Fact]
    public void An_empty_batch_has_no_events() =>
        Assert.Empty(CloudEventReader.Read(Batch, NoHeaders, Samples.Utf8(" [ ] ")).Events);

    [Fact]
    public void A_batch_has_a_thousand_events_at_most()
    {
        var thousand = "[" + string.Join(",", Enumerable.Range(0, 1000).Select(i => Samples.AnEvent(id: $"{i}"))) + "]";
        var more = thousand[..^1] + "," + Samples.AnEvent() + "]";

        Assert.Equal(1000, CloudEventReader.Read(Batch, NoHeaders, Samples.Utf8(thousand)).Events.Count(each => each.Event is not null));
        Assert.Equal(413, CloudEventReader.Read(Batch, NoHeaders, Samples.Utf8(more)).StatusCode);
    }

    [Fact]
    public void An_event_has_64_KiB_at_most()
    {
        var large = Samples.AnEvent(more: $",\"ext\":\"{new string('a', 65_536)}\"");

        Assert.Equal(413, Read(large).StatusCode);
        Assert.Equal(413, CloudEventReader.Read("application/json", Headers(), new byte[65_537]).StatusCode);
        var batch = CloudEventReader.Read(Batch, NoHeaders, Samples.Utf8($"[{large},{Samples.AnEvent()}]"));
        Assert.Contains("65536 bytes", Assert.Single(batch.Events[0].Errors).Message, StringComparison.Ordinal);
        Assert.NotNull(batch.Events[1].Event);
    }

    [Fact]
    public void Reads_a_binary_event()
    {
        var headers = Headers();
        headers["ce-source"] = "/crm/%65u";
        headers["ce-id"] = "\"caf%C3%A9 \\\"1\\\"\"";
        headers["ce-traceparent"] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        headers["host"] = "example.org";

        var read = AnEvent(CloudEventReader.Read("application/json; charset=utf-8", headers, Samples.Utf8(Samples.Data())));

        Assert.Equal(("/crm/eu", "café \"1\""), (read.Source, read.Id));
        Assert.Equal("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", read.TraceParent);
        Assert.Equal(["city", "miles"], read.Facts.Keys);
    }

    [Theory]
    [InlineData("ce-id", "a%", "id")]
    [InlineData("ce-id", "a%zz", "id")]
    [InlineData("ce-id", "%C3", "id")]
    [InlineData("ce-id", "\"a\"b\"", "id")]
    [InlineData("ce-id", "\"a\\\"", "id")]
    [InlineData("ce-id", "a%00b", "id")]
    [InlineData("ce-id", "", "id")]
    [InlineData("ce-source", "", "source")]
    [InlineData("ce-specversion", "0.3", "specversion")]
    [InlineData("ce-type", "other", "type")]
    [InlineData("ce-time", "yesterday", "time")]
    [InlineData("ce-datacontenttype", "application/json", "datacontenttype")]
    [InlineData("ce-bad_name", "x", "bad_name")]
    public void Refuses_a_binary_event(string header, string value, string field)
    {
        var headers = Headers();
        headers[header] = value;

        var reading = CloudEventReader.Read("application/json", headers, Samples.Utf8(Samples.Data()));

        Assert.Contains(Assert.Single(reading.Events).Errors, error => error.Field == field);
        Assert.Null(reading.Events[0].Event);
    }

    [Theory]
    [InlineData(null, 415)]
    [InlineData("", 415)]
    [InlineData("nonsense", 415)]
    [InlineData("text/plain", 415)]
    [InlineData("application/json", 415)]
    [InlineData("application/cloudevents", 415)]
    [InlineData("application/cloudevents+avro", 415)]
    [InlineData("application/cloudevents-batch", 415)]
    [InlineData("application/cloudevents+json; charset=utf-16", 415)]
    public void Refuses_a_content_type(string? contentType, int status)
    {
        var reading = CloudEventReader.Read(contentType, NoHeaders, Samples.Utf8(Samples.AnEvent()));

        Assert.Equal(status, reading.StatusCode);
        Assert.Equal("content-type", Assert.Single(reading.Errors).Field);
    }

    [Fact]
    public void Binary_data_must_be_json()
    {
        Assert.Equal(415, CloudEventReader.Read("application/xml", Headers(), Samples.Utf8("<a/>")).StatusCode);
        Assert.NotNull(CloudEventReader.Read("application/vnd.acme+json", Headers(), Samples.Utf8(Samples.Data())).Events[0].Event);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("nope")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("{\"a\":1,}")]
    [InlineData("{\"a\":1} {}")]
    [InlineData("{'a':1}")]
    [InlineData("{\"a\":01}")]
    [InlineData("{} // comment")]
    [InlineData("{\"a\":NaN}")]
    public void Refuses_what_is_no_object(string body)
    {
        var reading = Read(body);

        Assert.Equal(400, reading.StatusCode);
        Assert.Single(reading.Errors);
        Assert.Empty(reading.Events);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[1")]
    [InlineData("[{},]")]
    [InlineData("[] []")]
    [InlineData("7")]
    public void Refuses_what_is_no_batch(string body)
    {
        var reading = CloudEventReader.Read(Batch, NoHeaders, Samples.Utf8(body));

        Assert.Equal(400, reading.StatusCode);
        Assert.Single(reading.Errors);
    }

    [Fact]
    public void Refuses_what_is_not_utf8()
    {
        byte[] body = [.. Samples.Utf8("{\"id\":\""), 0xC3, 0x28, .. Samples.Utf8("\"}")];

        Assert.Equal("The body is not UTF-8.", Assert.Single(CloudEventReader.Read(Structured, NoHeaders, body).Errors).Message);
    }

    public static TheoryData<string, string> BadEvents()
    {
        var good = Samples.AnEvent();
        var data = new TheoryData<string, string>();
        void Add(string field, string find, string put)
        {
            Assert.Contains(find, good, StringComparison.Ordinal);
            data.Add(field, good.Replace(find, put, StringComparison.Ordinal));
        }

        Add("specversion", "\"1.0\"", "\"0.3\"");
        Add("specversion", "\"1.0\"", "1.0");
        Add("specversion", "\"specversion\":\"1.0\",", "");
        Add("specversion", "\"1.0\"", "null");
        Add("type", CloudEventReader.Type, "com.example.other");
        Add("type", $"\"type\":\"{CloudEventReader.Type}\",", "");
        Add("source", "/crm/eu", "");
        Add("source", "\"source\":\"/crm/eu\",", "");
        Add("source", "/crm/eu", "a b");
        Add("source", "/crm/eu", "caf\\u00e9");
        Add("source", "/crm/eu", "a%2");
        Add("source", "/crm/eu", "a#b#c");
        Add("source", "/crm/eu", "http://[oops");
        Add("source", "/crm/eu", new string('a', 513));
        Add("source", "\"/crm/eu\"", "7");
        Add("source", "\"/crm/eu\"", "{\"a\":1}");
        Add("id", "e-1", "");
        Add("id", "e-1", " ");
        Add("id", "e-1", "a\\u0000");
        Add("id", "e-1", "a\\u202e");
        Add("id", "e-1", "\\ud800");
        Add("id", "e-1", new string('a', 257));
        Add("id", "\"e-1\"", "1");
        Add("id", "\"id\":\"e-1\"", "\"id\":\"e-1\",\"id\":\"e-1\"");
        Add("type", "\"source\"", "\"type\":\"x\",\"source\"");
        Add("time", "2026-05-04T12:30:15Z", "2026-05-04");
        Add("time", "2026-05-04T12:30:15Z", "2026-05-04 12:30:15Z");
        Add("time", "2026-05-04T12:30:15Z", "2026-05-04T12:30:15");
        Add("time", "2026-05-04T12:30:15Z", "2026-02-30T12:30:15Z");
        Add("time", "\"2026-05-04T12:30:15Z\"", "1777897815");
        Add("datacontenttype", "application/json", "text/xml");
        Add("datacontenttype", "application/json", "");
        Add("data", $",\"data\":{Samples.Data()}", "");
        Add("data", Samples.Data(), "null");
        Add("data", Samples.Data(), "[]");
        Add("data", Samples.Data(), "\"text\"");
        Add("data", Samples.Data(), "{\"a\":" + new string('[', 17) + new string(']', 17) + "}");
        Add("data", "\"subject\":\"customer-1\"", "\"subject\":\"customer-1\",\"subject\":\"customer-1\"");
        Add("data", "\"miles\":12", "\"miles\":12,\"city\":\"Faro\"");
        Add("data", "\"data\":", "\"data\":{},\"data\":");
        Add("data_base64", "\"data\":", "\"data_base64\":\"e30=\",\"data\":");
        Add("data.extra", "\"subject\"", "\"extra\":1,\"subject\"");
        Add("data.recipient", $"\"recipient\":\"{Samples.Recipient}\",", "");
        Add("data.recipient", Samples.Recipient, "0x12");
        Add("data.recipient", Samples.Recipient, Samples.Recipient[2..]);
        Add("data.recipient", Samples.Recipient, Samples.Recipient.Replace('a', 'A'));
        Add("data.recipient", Samples.Recipient, "vitalik.eth");
        Add("data.recipient", $"\"{Samples.Recipient}\"", "12");
        Add("data.subject", "\"customer-1\"", "\"\"");
        Add("data.subject", "\"customer-1\"", "17");
        Add("data.subject", "customer-1", new string('s', 257));
        Add("data.subject", "customer-1", "a\\nb");
        Add("data.subject", "customer-1", "\\udc00");
        Add("data.facts", "\"facts\":{", "\"fakts\":{");
        Add("data.facts", """{"city":"Lisbon","miles":12}""", "[]");
        Add("data.facts", """{"city":"Lisbon","miles":12}""", "{" + string.Join(",", Enumerable.Range(0, 65).Select(i => $"\"f{i}\":1")) + "}");
        Add("data.facts.miles", "\"miles\":12", "\"miles\":null");
        Add("data.facts.miles", "\"miles\":12", "\"miles\":[1]");
        Add("data.facts.miles", "\"miles\":12", "\"miles\":{}");
        Add("data.facts.miles", "\"miles\":12", "\"miles\":1e999");
        Add("data.facts.miles", "\"miles\":12", "\"miles\":\"\\ud800\"");
        Add("Bad-Name", "\"data\":", "\"Bad-Name\":\"x\",\"data\":");
        Add("", "\"data\":", "\"\\ud800\":\"x\",\"data\":");
        Add("ext", "\"data\":", "\"ext\":{\"a\":1},\"data\":");
        Add("ext", "\"data\":", "\"ext\":\"a\",\"ext\":\"b\",\"data\":");
        return data;
    }

    [Theory]
    [MemberData(nameof(BadEvents), DisableDiscoveryEnumeration = true)]
    public void Refuses_a_bad_event_at_its_field(string field, string body)
    {
        var reading = Read(body);

        var read = Assert.Single(reading.Events);
        Assert.Null(read.Event);
        Assert.Contains(read.Errors, error => error.Field == field);
        Assert.All(read.Errors, error => Assert.EndsWith(".", error.Message, StringComparison.Ordinal));
        Assert.All(read.Errors, error => Assert.True(error.Field.Length + error.Message.Length < 400, error.ToString()));
    }

    [Theory]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0")]
    [InlineData("ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")]
    [InlineData("00-00000000000000000000000000000000-b7ad6b7169203331-01")]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01")]
    [InlineData("00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01")]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-extra")]
    [InlineData("nonsense")]
    public void An_invalid_trace_is_left_aside(string trace) =>
        Assert.Null(AnEvent(Read(Samples.AnEvent(more: $",\"traceparent\":\"{trace}\""))).TraceParent);

    [Theory]
    [InlineData("2026-05-04T12:30:15Z", "2026-05-04T12:30:15.0000000Z")]
    [InlineData("2026-05-04t12:30:15.5z", "2026-05-04T12:30:15.5000000Z")]
    [InlineData("2026-05-04T12:30:15.123456789+02:00", "2026-05-04T10:30:15.1234567Z")]
    [InlineData("2026-05-04T00:00:00-23:59", "2026-05-04T23:59:00.0000000Z")]
    [InlineData("2016-12-31T23:59:60Z", "2017-01-01T00:00:00.0000000Z")]
    [InlineData("2024-02-29T00:00:00-00:00", "2024-02-29T00:00:00.0000000Z")]
    public void Reads_times(string text, string utc)
    {
        Assert.True(Rfc3339.TryRead(text, out var time));
        Assert.Equal(utc, time.UtcDateTime.ToString("O"));
    }

    [Theory]
    [InlineData("2026-05-04T12:30Z")]
    [InlineData("2026-05-04T12:30:15.Z")]
    [InlineData("2026-05-04T24:00:00Z")]
    [InlineData("2026-05-04T12:60:00Z")]
    [InlineData("2026-05-04T12:00:61Z")]
    [InlineData("2026-13-04T12:00:00Z")]
    [InlineData("2026-00-04T12:00:00Z")]
    [InlineData("2023-02-29T12:00:00Z")]
    [InlineData("0000-01-01T00:00:00Z")]
    [InlineData("0001-01-01T00:00:00+01:00")]
    [InlineData("9999-12-31T23:59:60Z")]
    [InlineData("2026-05-04T12:00:00+2:00")]
    [InlineData("2026-05-04T12:00:00+24:00")]
    [InlineData("2026-05-04T12:00:00+0200")]
    [InlineData("2026-05-04T12:00:00ZZ")]
    [InlineData("2026-05-04T12:00:00.1")]
    [InlineData("+026-05-04T12:00:00Z")]
    [InlineData("2026-05-04T1 :00:00Z")]
    [InlineData("２０２６-05-04T12:00:00Z")]
    public void Refuses_times(string text) => Assert.False(Rfc3339.TryRead(text, out _));

    [Fact]
    public void Random_bytes_meet_errors_only() => Gen.Byte.Array[0, 300].Sample(
        bytes =>
        {
            Check(CloudEventReader.Read(Structured, NoHeaders, bytes));
            Check(CloudEventReader.Read(Batch, NoHeaders, bytes));
            Check(CloudEventReader.Read("application/json", Headers(), bytes));
        },
        iter: 5_000);

    [Fact]
    public void Broken_events_meet_errors_only()
    {
        var good = Samples.Utf8(Samples.AnEvent(Samples.Data("""{"city":"\u00e9\ud83d\ude00","miles":-1.5e3,"vip":true}""")));
        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte, Gen.Int[0, good.Length - 1], Gen.Byte).Sample(
            (first, put, second, other) =>
            {
                var bytes = good.ToArray();
                bytes[first] = put;
                bytes[second] = other;
                Check(CloudEventReader.Read(Structured, NoHeaders, bytes));
                Check(CloudEventReader.Read(Batch, NoHeaders, (byte[])[(byte)'[', .. bytes, (byte)']']));
            },
            iter: 20_000);
    }

    [Fact]
    public void Random_headers_meet_errors_only() => Gen.Select(Gen.String[0, 40], Gen.String[0, 80]).Sample(
        (name, value) =>
        {
            var headers = Headers();
            headers["ce-" + name.ToLowerInvariant()] = value;
            headers["ce-id"] = value;
            Check(CloudEventReader.Read(value, headers, Samples.Utf8(Samples.Data())));
            Check(CloudEventReader.Read("application/json", headers, Samples.Utf8(Samples.Data())));
        },
        iter: 10_000);

    [Fact]
    public void Every_good_event_is_read_back() => Gen.Select(
            Gen.Char.AlphaNumeric.Array[1, 40], Gen.String[1, 60], Gen.Double[-1e20, 1e20], Gen.Bool)
        .Sample((id, text, number, flag) =>
        {
            text = new string([.. text.Where(c => !char.IsSurrogate(c))]);
            var facts = JsonSerializer.Serialize(new { text, number, flag });
            var read = AnEvent(Read(Samples.AnEvent(Samples.Data(facts), new string(id))));

            Assert.Equal(new string(id), read.Id);
            Assert.Equal(text, read.Facts["text"].GetString());
            Assert.Equal(number, read.Facts["number"].GetDouble());
            Assert.Equal(flag, read.Facts["flag"].GetBoolean());
            Assert.Equal(JsonElement.Parse(read.CanonicalData).GetRawText().Length, Encoding.UTF8.GetString(read.CanonicalData).Length);
        });

    private static void Check(IngestReading reading)
    {
        Assert.Equal(reading.Errors.Count > 0, reading.StatusCode is not null);
        Assert.All(reading.Events, each => Assert.True(each.Event is null ? each.Errors.Count > 0 : each.Errors.Count == 0));
    }

    private static IngestReading Read(string body) => CloudEventReader.Read(Structured, NoHeaders, Samples.Utf8(body));

    private static IncomingEvent AnEvent(IngestReading reading)
    {
        Assert.Empty(reading.Errors);
        var read = Assert.Single(reading.Events);
        Assert.Empty(read.Errors);
        return read.Event!;
    }

    private static Dictionary<string, string> Headers() => new()
    {
        ["ce-specversion"] = "1.0",
        ["ce-type"] = CloudEventReader.Type,
        ["ce-source"] = "/crm/eu",
        ["ce-id"] = "e-1",
        ["ce-time"] = "2026-05-04T12:30:15Z",
    };
}
