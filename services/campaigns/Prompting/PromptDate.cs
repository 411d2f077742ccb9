using System.Globalization;
using System.Text;

namespace Platform.Campaigns;

/// <summary>A date's format in strftime's words, read when the template is.</summary>
internal sealed class PromptDate
{
    public const int MaxChars = 100;

    public static readonly PromptDate Default = new("%Y-%m-%d");

    private readonly string format;

    private PromptDate(string format) => this.format = format;

    /// <summary>Widths (<c>%1000000Y</c>) and zones are not among the words: neither has a use, one is a bomb.</summary>
    public static PromptDate? TryRead(string format)
    {
        if (format.Length > MaxChars)
        {
            return null;
        }

        for (var at = format.IndexOf('%'); at >= 0; at = at < format.Length ? format.IndexOf('%', at) : -1)
        {
            if (at + 1 >= format.Length || Word(format[at + 1], DateTimeOffset.UnixEpoch) is null)
            {
                return null;
            }

            at += 2;
        }

        return new PromptDate(format);
    }

    public string Format(DateTimeOffset time)
    {
        var utc = time.ToUniversalTime();
        var text = new StringBuilder();
        for (var at = 0; at < format.Length; at++)
        {
            if (format[at] == '%')
            {
                text.Append(Word(format[++at], utc));
            }
            else
            {
                text.Append(format[at]);
            }
        }

        return text.ToString();
    }

    private static string? Word(char word, DateTimeOffset time)
    {
        var pattern = word switch
        {
            'Y' => "yyyy",
            'y' => "yy",
            'm' => "MM",
            'd' => "dd",
            'e' => "%d",
            'B' => "MMMM",
            'b' => "MMM",
            'A' => "dddd",
            'a' => "ddd",
            'H' => "HH",
            'I' => "hh",
            'M' => "mm",
            'S' => "ss",
            'p' => "tt",
            'F' => "yyyy-MM-dd",
            'T' => "HH:mm:ss",
            _ => null,
        };

        return word switch
        {
            '%' => "%",
            'j' => time.DayOfYear.ToString("000", CultureInfo.InvariantCulture),
            'u' => ((((int)time.DayOfWeek + 6) % 7) + 1).ToString(CultureInfo.InvariantCulture),
            _ => pattern is null ? null : time.ToString(pattern, CultureInfo.InvariantCulture),
        };
    }
}
