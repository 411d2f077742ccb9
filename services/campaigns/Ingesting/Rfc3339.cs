using System.Globalization;

namespace Platform.Campaigns;

/// <summary>Reads RFC 3339 times; .NET's own parser takes far more than that.</summary>
internal static class Rfc3339
{
    /// <summary>The instant, in UTC. A leap second is the second after it; beyond 100 ns digits are cut.</summary>
    public static bool TryRead(ReadOnlySpan<char> text, out DateTimeOffset time)
    {
        time = default;
        if (text.Length is < 20 or > 64
            || text[4] != '-' || text[7] != '-' || text[10] is not ('T' or 't') || text[13] != ':' || text[16] != ':'
            || !TryDigits(text[..4], out var year) || !TryDigits(text[5..7], out var month)
            || !TryDigits(text[8..10], out var day) || !TryDigits(text[11..13], out var hour)
            || !TryDigits(text[14..16], out var minute) || !TryDigits(text[17..19], out var second))
        {
            return false;
        }

        var rest = text[19..];
        var ticks = 0L;
        if (rest[0] == '.')
        {
            var digits = rest[1..].IndexOfAnyExceptInRange('0', '9');
            if (digits <= 0)
            {
                return false;
            }

            for (var at = 0; at < 7; at++)
            {
                ticks = (ticks * 10) + (at < digits ? rest[1 + at] - '0' : 0);
            }

            rest = rest[(1 + digits)..];
        }

        if (!TryOffset(rest, out var offset)
            || year < 1 || month is < 1 or > 12 || hour > 23 || minute > 59 || second > 60 || day < 1 || day > DateTime.DaysInMonth(year, month))
        {
            return false;
        }

        var instant = new DateTime(year, month, day, hour, minute, 0, DateTimeKind.Utc).Ticks
            + (second * TimeSpan.TicksPerSecond) + ticks - offset.Ticks;
        if (instant < DateTime.MinValue.Ticks || instant > DateTime.MaxValue.Ticks)
        {
            return false;
        }

        time = new DateTimeOffset(instant, TimeSpan.Zero);
        return true;
    }

    private static bool TryOffset(ReadOnlySpan<char> text, out TimeSpan offset)
    {
        offset = default;
        if (text is "Z" or "z")
        {
            return true;
        }

        if (text.Length != 6 || text[0] is not ('+' or '-') || text[3] != ':'
            || !TryDigits(text[1..3], out var hours) || hours > 23
            || !TryDigits(text[4..], out var minutes) || minutes > 59)
        {
            return false;
        }

        offset = new TimeSpan(hours, minutes, 0) * (text[0] == '-' ? -1 : 1);
        return true;
    }

    private static bool TryDigits(ReadOnlySpan<char> text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
