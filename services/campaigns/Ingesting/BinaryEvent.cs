using System.Text;

namespace Platform.Campaigns;

/// <summary>Reads one event whose attributes are headers and whose data is the body.</summary>
internal static class BinaryEvent
{
    private const string Prefix = "ce-";

    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>An HTTP request's attributes: its <c>ce-</c> headers, decoded; null where one is not encoded as it should be.</summary>
    public static IEnumerable<(string Name, string? Value)> AttributesOf(IReadOnlyDictionary<string, string> headers) =>
        headers.Where(header => header.Key.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(header => (header.Key[Prefix.Length..], Decode(header.Value)));

    /// <param name="named">Attributes as the protocol brought them, in their own names.</param>
    /// <param name="notText">What to say of a value that is null.</param>
    public static EventReading Read(IEnumerable<(string Name, string? Value)> named, ReadOnlySpan<byte> body, string notText)
    {
        var attributes = new EventAttributes();
        foreach (var (name, value) in named)
        {
            if (!EventAttributes.IsName(name))
            {
                attributes.Fail(EventRules.Shown(name), "An attribute's name must be of lower-case letters and digits.");
            }
            else if (name == "datacontenttype")
            {
                attributes.Fail(name, "Send it as the header content-type.");
            }
            else if (value is null)
            {
                attributes.Fail(name, notText);
            }
            else if (attributes.See(name))
            {
                attributes.Set(name, value);
            }
        }

        attributes.See("data");
        return attributes.Finish(EventDataReader.Read(body, attributes));
    }

    /// <summary>HTTP binding 3.1.3.2: quoted strings are unquoted, then percent signs decoded, once.</summary>
    private static string? Decode(string value)
    {
        var text = value.Length >= 2 && value[0] == '"' && value[^1] == '"' ? Unquote(value[1..^1]) : value;
        if (text is null || !text.Contains('%', StringComparison.Ordinal))
        {
            return text;
        }

        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        var length = 0;
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] != '%')
            {
                var run = text.IndexOf('%', at) is var end and >= 0 ? end : text.Length;
                length += Encoding.UTF8.GetBytes(text.AsSpan(at, run - at), bytes.AsSpan(length));
                at = run - 1;
            }
            else if (at + 2 < text.Length && char.IsAsciiHexDigit(text[at + 1]) && char.IsAsciiHexDigit(text[at + 2]))
            {
                bytes[length++] = Convert.FromHexString(text.AsSpan(at + 1, 2))[0];
                at += 2;
            }
            else
            {
                return null;
            }
        }

        try
        {
            return Utf8.GetString(bytes.AsSpan(0, length));
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static string? Unquote(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
        {
            return text.Contains('"', StringComparison.Ordinal) ? null : text;
        }

        var plain = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '"' || (text[at] == '\\' && ++at == text.Length))
            {
                return null;
            }

            plain.Append(text[at]);
        }

        return plain.ToString();
    }
}
