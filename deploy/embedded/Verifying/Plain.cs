using System.Globalization;
using System.Text;

namespace Platform.Embedded;

/// <summary>Makes a stranger's words safe to show on a terminal: a name on chain may hold escape sequences.</summary>
internal static class Plain
{
    private const int Longest = 2_000;

    public static string Of(string text)
    {
        var plain = new StringBuilder(Math.Min(text.Length, Longest));
        foreach (var rune in text.EnumerateRunes())
        {
            if (plain.Length >= Longest)
            {
                return plain.Append('…').ToString();
            }

            // Control characters move the cursor; format characters turn the reading direction.
            _ = Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
                ? plain.Append('\uFFFD')
                : plain.Append(rune);
        }

        return plain.ToString();
    }
}
