using System.Globalization;
using System.Text;

namespace Platform.Moderation;

/// <summary>
/// Text as a person reads it who is not fooled: one alphabet, no accents, nothing invisible.
/// </summary>
internal static class FoldedText
{
    private const int ShortestSpelling = 3;

    /// <summary>
    /// As it stands, with digits and symbols read as letters, and with spaced-out words closed up.
    /// </summary>
    public static IEnumerable<string> Readings(string text)
    {
        var kept = Fold(text, keepSymbols: true);
        var plain = Spaced(kept);
        return Readings(kept, plain)
            .Concat(CloseUp(kept) is { } closed ? Readings(closed, Spaced(closed)) : [])
            .Concat(CloseUp(plain) is { } closedPlain ? [closedPlain] : [])
            .Distinct(StringComparer.Ordinal);
    }

    /// <summary>Lower-case letters and digits, words apart by one space.</summary>
    public static string Plain(string text) => Spaced(Fold(text, keepSymbols: false));

    private static string Fold(string text, bool keepSymbols)
    {
        var decomposed = WellFormed(text).Normalize(NormalizationForm.FormKD);
        var folded = new StringBuilder(decomposed.Length);
        var isMarkDropped = true;
        for (var index = 0; index < decomposed.Length; index++)
        {
            var next = decomposed[index];
            if (char.IsAsciiLetterOrDigit(next))
            {
                folded.Append(char.ToLowerInvariant(next));
                isMarkDropped = true;
                continue;
            }

            if (IsInvisible(next))
            {
                continue;
            }

            switch (CharUnicodeInfo.GetUnicodeCategory(decomposed, index))
            {
                case UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
                    or UnicodeCategory.EnclosingMark:
                    // An accent on ours, but a vowel or a tone in scripts that write them as marks.
                    folded.Append(isMarkDropped ? "" : next.ToString());
                    break;
                case UnicodeCategory.DecimalDigitNumber:
                    folded.Append((char)('0' + CharUnicodeInfo.GetDecimalDigitValue(decomposed, index)));
                    index += char.IsHighSurrogate(next) ? 1 : 0;
                    break;
                case UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter
                    or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter
                    or UnicodeCategory.OtherLetter:
                    isMarkDropped = next < '\u0530';
                    folded.Append(Confusables.Of(next));
                    if (char.IsHighSurrogate(next))
                    {
                        folded.Append(decomposed[++index]);
                    }

                    break;
                case UnicodeCategory.Format:
                    break;
                default:
                    isMarkDropped = true;
                    folded.Append(keepSymbols && IsLeetSymbol(next) ? next : ' ');
                    break;
            }
        }

        return folded.ToString();
    }

    /// <summary>A lone surrogate becomes U+FFFD: normalization refuses it.</summary>
    private static string WellFormed(string text) =>
        text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') ? string.Concat(text.EnumerateRunes()) : text;

    // Joiners and fillers that are letters or marks by category, and variation selectors.
    private static bool IsInvisible(char next) =>
        next is '\u034F' or '\u115F' or '\u1160' or '\u3164' or '\uFFA0' or (>= '\u180B' and <= '\u180F')
            or (>= '\uFE00' and <= '\uFE0F');

    private static bool IsLeetSymbol(char next) => next is '@' or '$' or '!' or '|' or '+' or '€';

    private static string Spaced(string folded)
    {
        var spaced = new StringBuilder(folded.Length);
        foreach (var next in folded)
        {
            var isSpace = next == ' ' || IsLeetSymbol(next);
            if (!isSpace)
            {
                spaced.Append(next);
            }
            else if (spaced.Length > 0 && spaced[^1] != ' ')
            {
                spaced.Append(' ');
            }
        }

        return spaced.ToString().TrimEnd();
    }

    // 1 and its like stand for i and for l, so there are two readings.
    private static IEnumerable<string> Readings(string kept, string plain)
    {
        var read = ReadLeet(kept, 'i');
        return read == plain ? [plain] : [plain, read, ReadLeet(kept, 'l')];
    }

    private static string ReadLeet(string kept, char one) => string.Join(' ', kept
        .Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Select(word => IsLeet(word) ? string.Concat(word.Select(next => ReadLeet(next, one))) : Spaced(word))
        .Where(word => word.Length > 0));

    // A word with more digits than letters is a number, a model or a road: A55, 1980s, H264.
    private static bool IsLeet(string word)
    {
        var letters = word.Count(char.IsLetter);
        return letters > 0 && letters < word.Length && word.Count(char.IsAsciiDigit) <= letters;
    }

    private static char ReadLeet(char next, char one) => next switch
    {
        '1' or '!' or '|' => one,
        '0' => 'o',
        '3' or '€' => 'e',
        '4' or '@' => 'a',
        '5' or '$' => 's',
        '7' or '+' => 't',
        '8' => 'b',
        '9' or '6' => 'g',
        '2' => 'z',
        _ => next,
    };

    /// <summary>Closes up words spelled with spaces, <c>b a d</c>; null when there are none.</summary>
    private static string? CloseUp(string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var closed = new StringBuilder(text.Length);
        var found = false;
        for (var index = 0; index < words.Length;)
        {
            var end = index;
            while (end < words.Length && words[end].Length == 1)
            {
                end++;
            }

            var isSpelling = end - index >= ShortestSpelling;
            found |= isSpelling;
            var count = isSpelling ? end - index : 1;
            closed.Append(closed.Length > 0 ? " " : "").Append(string.Join("", words, index, count));
            index += count;
        }

        return found ? closed.ToString() : null;
    }
}
