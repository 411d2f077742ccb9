using System.Text;

namespace Platform.Storage.Tests;

public sealed class MediaTypeSnifferTests
{
    [Theory]
    [InlineData("{\"a\":1}", null, "application/json")]
    [InlineData("  [\"a\"]", null, "application/json")]
    [InlineData("1", "0.json", "application/json")]
    [InlineData("{not json", null, "text/plain; charset=utf-8")]
    [InlineData("<svg onload=alert(1)>", "a.svg", "text/plain; charset=utf-8")]
    [InlineData("<!doctype html><script>", "index.html", "text/plain; charset=utf-8")]
    [InlineData("", null, "text/plain; charset=utf-8")]
    [InlineData("a\0b", null, "application/octet-stream")]
    [InlineData("a\0b", "b.json", "application/octet-stream")]
    public void Tells_a_type_by_the_bytes(string text, string? name, string type)
    {
        Assert.Equal(type, MediaTypeSniffer.Sniff(Encoding.UTF8.GetBytes(text), name));
    }

    [Fact]
    public void A_character_cut_off_by_the_window_is_still_text()
    {
        var text = Encoding.UTF8.GetBytes(new string('a', MediaTypeSniffer.Needed - 1) + "ä")[..MediaTypeSniffer.Needed];

        Assert.Equal("text/plain; charset=utf-8", MediaTypeSniffer.Sniff(text, null));
        Assert.Equal("application/octet-stream", MediaTypeSniffer.Sniff(text.AsSpan(500), null));
    }
}
