using System.Globalization;
using System.Text;

namespace Platform.Composer;

/// <summary>Makes a campaign's words fit to be drawn.</summary>
/// <remarks>
/// Invisible and decorative characters without a glyph are dropped; a letter or digit without one is refused, because
/// a word with a hole in it is worse than no picture.
/// </remarks>
internal static class Words
{
    public static string? Clean(string? text, string field, int limit)
    {
        if (text is null)
        {
            return null;
        }

        string composed;
        try
        {
            composed = text.Normalize(NormalizationForm.FormC);
        }
        catch (ArgumentException)
        {
            throw new ArgumentException($"{field} is not well-formed Unicode.");
        }

        var cleaned = new StringBuilder(composed.Length);
        foreach (var rune in composed.EnumerateRunes())
        {
            Append(cleaned, rune, field);
        }

        var result = cleaned.ToString().Trim();
        if (result.Length > limit)
        {
            throw new ArgumentException($"{field} has {result.Length} characters; {limit} fit.");
        }

        return result.Length == 0 ? null : result;
    }

    private static void Append(StringBuilder cleaned, Rune rune, string field)
    {
        var category = Rune.GetUnicodeCategory(rune);
        if (Rune.IsWhiteSpace(rune))
        {
            if (cleaned.Length > 0 && cleaned[^1] != ' ')
            {
                cleaned.Append(' ');
            }

            return;
        }

        // Marks that did not compose would need shaping; the rest are letters and digits nobody may lose.
        var refused = category is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
            or UnicodeCategory.EnclosingMark;
        var selector = rune.Value is >= 0xFE00 and <= 0xFE0F;
        var invisible = selector || category is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse
            or UnicodeCategory.Surrogate or UnicodeCategory.OtherNotAssigned;
        if (invisible)
        {
            return;
        }

        if (!refused && Typefaces.CanDraw(rune))
        {
            cleaned.Append(rune.ToString());
        }
        else if (refused || category is <= UnicodeCategory.OtherLetter or UnicodeCategory.DecimalDigitNumber
            or UnicodeCategory.LetterNumber)
        {
            throw new ArgumentException($"{field} contains U+{rune.Value:X4}, which no typeface of ours can draw.");
        }
    }
}
