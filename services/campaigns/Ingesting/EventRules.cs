using System.Buffers;
using System.Text.Json;

namespace Platform.Campaigns;

/// <summary>The form of an event's parts, however the event came.</summary>
internal static class EventRules
{
    public const int MaxSource = 512;
    public const int MaxId = 256;
    public const int MaxSubject = 256;
    public const int MaxFacts = 64;

    /// <summary>The one value of the extension attribute <c>priority</c>.</summary>
    public const string Interactive = "interactive";

    // RFC 3986: unreserved, gen-delims, sub-delims and the percent sign.
    private static readonly SearchValues<char> UriCharacters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?#[]@!$&'()*+,;=%");

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    public static string? CheckSource(string? source) =>
        string.IsNullOrEmpty(source) ? "Send 'source', a URI reference that names the sender."
        : source.Length > MaxSource ? $"May have {MaxSource} characters at most."
        : !IsUriReference(source) ? "Must be a URI reference (RFC 3986); percent-encode other characters."
        : null;

    public static string? CheckId(string? id) => CheckText(id, "id", "a text that names the event for its source", MaxId);

    public static string? CheckSubject(string? subject) =>
        CheckText(subject, "subject", "your name for the customer", MaxSubject);

    /// <param name="priority">Null where the event has none.</param>
    public static string? CheckPriority(string? priority) =>
        priority is null or Interactive ? null : $"Must be '{Interactive}', or not be there.";

    public static bool IsUriReference(string text)
    {
        if (text.AsSpan().ContainsAnyExcept(UriCharacters))
        {
            return false;
        }

        for (var at = text.IndexOf('%'); at >= 0; at = text.IndexOf('%', at + 1))
        {
            if (at + 2 >= text.Length || !char.IsAsciiHexDigit(text[at + 1]) || !char.IsAsciiHexDigit(text[at + 2]))
            {
                return false;
            }
        }

        // Only an authority has more grammar than characters: a path of its own needs no Uri to be built.
        return text.IndexOf('#') == text.LastIndexOf('#')
            && (!(text.Contains(':', StringComparison.Ordinal) || text.StartsWith("//", StringComparison.Ordinal))
                || Uri.TryCreate(text, UriKind.RelativeOrAbsolute, out _));
    }

    /// <summary>W3C trace context, version 00 or a later one that begins as 00 does.</summary>
    public static bool IsTraceParent(string? text)
    {
        if (text is null || text.Length < 55 || text[2] != '-' || text[35] != '-' || text[52] != '-')
        {
            return false;
        }

        var version = text.AsSpan(0, 2);
        return IsHex(version) && IsHex(text.AsSpan(3, 32)) && IsHex(text.AsSpan(36, 16)) && IsHex(text.AsSpan(53, 2))
            && !version.SequenceEqual("ff")
            && (text.Length == 55 || (!version.SequenceEqual("00") && text.Length <= 256 && text[55] == '-'))
            && text.AsSpan(3, 32).ContainsAnyExcept('0') && text.AsSpan(36, 16).ContainsAnyExcept('0');
    }

    /// <summary>A JSON string's text; null where it escapes half of a surrogate pair.</summary>
    public static string? TextOf(in JsonElement element)
    {
        try
        {
            var text = element.GetString();
            return text is not null && SafeText.HasLoneSurrogate(text) ? null : text;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>A stranger's name for something, fit for a message.</summary>
    public static string Shown(string name)
    {
        var text = SafeText.Clean(name.Length <= 128 ? name : name[..128]);
        return text.Length <= 64 ? text : text[..(char.IsHighSurrogate(text[63]) ? 63 : 64)] + "…";
    }

    private static string? CheckText(string? text, string name, string meaning, int longest) =>
        string.IsNullOrWhiteSpace(text) ? $"Send '{name}', {meaning}."
        : text.Length > longest ? $"May have {longest} characters at most."
        : SafeText.HasForbidden(text, lineBreaks: false) ? "Has control or bidirectional characters; remove them."
        : null;

    private static bool IsHex(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(HexDigits);
}
