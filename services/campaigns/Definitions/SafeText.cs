using System.Buffers;
using System.Globalization;
using System.Text;

namespace Platform.Campaigns;

/// <summary>Strangers' text as it may reach a prompt: NFKC, visible, one line, without template brackets.</summary>
internal static class SafeText
{
    private static readonly SearchValues<char> Plain = SearchValues.Create(
        [.. Enumerable.Range(0x20, 0x7F - 0x20).Select(code => (char)code).Except("{}")]);

    /// <summary>Cleaning a clean text changes nothing.</summary>
    public static string Clean(string text)
    {
        if (!text.AsSpan().ContainsAnyExcept(Plain))
        {
            return text;
        }

        // What is stripped may have kept two characters apart that now compose, and NFKC may bring forth brackets.
        var current = text;
        for (var pass = 0; pass < 4; pass++)
        {
            var next = Strip(current).Normalize(NormalizationForm.FormKC);
            if (next == current)
            {
                break;
            }

            current = next;
        }

        return Strip(current);
    }

    /// <summary>Whether a text has control characters, bidirectional overrides or halves of surrogate pairs.</summary>
    public static bool HasForbidden(string text, bool lineBreaks)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            var code = rune.Value;
            if (code is '\n' or '\r' or '\t' ? !lineBreaks : Rune.IsControl(rune) || IsBidirectional(code))
            {
                return true;
            }
        }

        return HasLoneSurrogate(text);
    }

    public static bool HasLoneSurrogate(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out _, out var consumed) != OperationStatus.Done)
            {
                return true;
            }

            text = text[consumed..];
        }

        return false;
    }

    public static int CodePoints(string text)
    {
        var count = 0;
        foreach (var _ in text.EnumerateRunes())
        {
            count++;
        }

        return count;
    }

    private static string Strip(string text)
    {
        var clean = new StringBuilder(text.Length);
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            // Half a surrogate pair is no character, and Normalize would throw on it.
            if (Rune.DecodeFromUtf16(rest, out var rune, out var consumed) == OperationStatus.Done)
            {
                if (rune.Value is '\t' or '\n' or '\v' or '\f' or '\r' or 0x85 or 0x2028 or 0x2029)
                {
                    clean.Append(' ');
                }
                else if (IsVisible(rune))
                {
                    clean.Append(rest[..consumed]);
                }
            }

            rest = rest[consumed..];
        }

        return clean.ToString();
    }

    private static bool IsVisible(Rune rune) => rune.Value switch
    {
        '{' or '}' => false,
        0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or 0x3164 or 0xFFA0 => false, // joiners and fillers without ink
        (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0000 and <= 0xE0FFF) => false, // variation selectors and tags carry messages
        (>= 0x180B and <= 0x180F) or 0x2800 => false,
        _ => Rune.GetUnicodeCategory(rune) is not (
            UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate),
    };

    private static bool IsBidirectional(int code) =>
        code is 0x061C or 0x200E or 0x200F or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069);
}
