using System.Collections.Frozen;

namespace Platform.Campaigns;

/// <summary>Changes a value; its result is bounded before it is made.</summary>
internal sealed class PromptFilter(int fewest, int most, Func<PromptValue, PromptValue[], PromptValue> apply)
{
    public int Fewest => fewest;

    public int Most => most;

    public PromptValue Apply(in PromptValue input, PromptValue[] arguments)
    {
        try
        {
            return apply(input, arguments);
        }
        catch (OverflowException)
        {
            throw new PromptRenderException("A number of the prompt became too large; keep numbers below 10^28.");
        }
    }

    /// <summary>By name; <c>date</c> is not among them, because it reads its format when the template is read.</summary>
    public static FrozenDictionary<string, PromptFilter> All { get; } = new Dictionary<string, PromptFilter>
    {
        ["append"] = Text(1, (text, given) => Join(text, given[0].ToString())),
        ["prepend"] = Text(1, (text, given) => Join(given[0].ToString(), text)),
        ["upcase"] = Text(0, (text, _) => text.ToUpperInvariant()),
        ["downcase"] = Text(0, (text, _) => text.ToLowerInvariant()),
        ["capitalize"] = Text(0, (text, _) => Capitalize(text)),
        ["strip"] = Text(0, (text, _) => text.Trim()),
        ["lstrip"] = Text(0, (text, _) => text.TrimStart()),
        ["rstrip"] = Text(0, (text, _) => text.TrimEnd()),
        ["remove"] = Text(1, (text, given) => Replace(text, given[0].ToString(), "")),
        ["replace"] = Text(2, (text, given) => Replace(text, given[0].ToString(), given[1].ToString())),
        ["replace_first"] = Text(2, (text, given) => ReplaceFirst(text, given[0].ToString(), given[1].ToString())),
        ["truncate"] = new(0, 2, (input, given) => PromptValue.Of(Truncate(
            input.ToString(), Whole(given, 0, 50), given.Length > 1 ? given[1].ToString() : "..."))),
        ["truncatewords"] = new(0, 2, (input, given) => PromptValue.Of(TruncateWords(
            input.ToString(), Whole(given, 0, 15), given.Length > 1 ? given[1].ToString() : "..."))),
        ["slice"] = new(1, 2, (input, given) => PromptValue.Of(
            Slice(input.ToString(), Whole(given, 0, 0), Whole(given, 1, 1)))),
        ["split"] = new(1, 1, (input, given) => PromptValue.Of(Split(input.ToString(), given[0].ToString()))),
        ["join"] = new(0, 1, (input, given) => PromptValue.Of(
            JoinAll(ItemsOf(input), given.Length == 0 ? " " : given[0].ToString()))),
        ["first"] = new(0, 0, (input, _) => input.Items is [var first, ..] ? PromptValue.Of(first) : PromptValue.Nil),
        ["last"] = new(0, 0, (input, _) => input.Items is [.., var last] ? PromptValue.Of(last) : PromptValue.Nil),
        ["reverse"] = new(0, 0, (input, _) => PromptValue.Of(Enumerable.Reverse(ItemsOf(input)).ToArray())),
        ["size"] = new(0, 0, (input, _) => PromptValue.Of((decimal)(input.Kind switch
        {
            PromptValueKind.List => input.Items.Length,
            PromptValueKind.Text => input.ToString().Length,
            _ => 0,
        }))),
        ["default"] = new(1, 1, (input, given) => !input.Holds || input.IsEmpty ? given[0] : input),
        ["plus"] = Number((left, right) => left + right),
        ["minus"] = Number((left, right) => left - right),
        ["times"] = Number((left, right) => left * right),
        ["divided_by"] = Number(Divide),
        ["modulo"] = Number(Remainder),
        ["at_least"] = Number(decimal.Max),
        ["at_most"] = Number(decimal.Min),
        ["abs"] = new(0, 0, (input, _) => PromptValue.Of(decimal.Abs(input.Number))),
        ["ceil"] = new(0, 0, (input, _) => PromptValue.Of(decimal.Ceiling(input.Number))),
        ["floor"] = new(0, 0, (input, _) => PromptValue.Of(decimal.Floor(input.Number))),
        ["round"] = new(0, 1, (input, given) => PromptValue.Of(decimal.Round(
            input.Number, Math.Clamp(Whole(given, 0, 0), 0, 28), MidpointRounding.AwayFromZero))),
    }.ToFrozenDictionary();

    private static PromptFilter Text(int arguments, Func<string, PromptValue[], string> apply) =>
        new(arguments, arguments, (input, given) => PromptValue.Of(apply(input.ToString(), given)));

    private static PromptFilter Number(Func<decimal, decimal, decimal> apply) =>
        new(1, 1, (input, given) => PromptValue.Of(apply(input.Number, given[0].Number)));

    /// <summary>Liquid: two whole numbers divide to a whole number, downwards.</summary>
    private static decimal Divide(decimal left, decimal right) => right == 0 ? throw ByZero()
        : decimal.IsInteger(left) && decimal.IsInteger(right) ? decimal.Floor(left / right)
        : left / right;

    /// <summary>Of the divisor's sign.</summary>
    private static decimal Remainder(decimal left, decimal right) =>
        right == 0 ? throw ByZero() : left - (right * decimal.Floor(left / right));

    private static PromptRenderException ByZero() => new("The prompt divides by zero; guard the divisor with 'if'.");

    private static int Whole(PromptValue[] given, int index, int otherwise) => index >= given.Length
        ? otherwise
        : (int)decimal.Clamp(decimal.Truncate(given[index].Number), -PromptLimits.ValueChars, PromptLimits.ValueChars);

    private static string[] ItemsOf(in PromptValue input) => input.Kind switch
    {
        PromptValueKind.List => input.Items,
        PromptValueKind.Nil => [],
        _ => [input.ToString()],
    };

    private static string Join(string left, string right)
    {
        Bound(left.Length + (long)right.Length);
        return left + right;
    }

    private static string JoinAll(string[] items, string separator)
    {
        Bound(items.Sum(item => (long)item.Length) + (separator.Length * (items.Length - 1L)));
        return string.Join(separator, items);
    }

    private static string Capitalize(string text) =>
        text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];

    private static string Replace(string text, string what, string by)
    {
        if (what.Length == 0)
        {
            return text;
        }

        var times = text.AsSpan().Count(what);
        Bound(text.Length + ((long)times * (by.Length - what.Length)));
        return text.Replace(what, by, StringComparison.Ordinal);
    }

    private static string ReplaceFirst(string text, string what, string by)
    {
        var at = text.IndexOf(what, StringComparison.Ordinal);
        if (at < 0)
        {
            return text;
        }

        Bound(text.Length + (long)by.Length);
        return string.Concat(text.AsSpan(0, at), by, text.AsSpan(at + what.Length));
    }

    private static string Truncate(string text, int length, string ellipsis) => text.Length <= length
        ? text
        : Join(Whole(text, 0, Math.Max(0, length - ellipsis.Length)), ellipsis);

    private static string TruncateWords(string text, int words, string ellipsis)
    {
        var all = text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return all.Length <= Math.Max(1, words)
            ? text
            : Join(string.Join(' ', all.AsSpan(0, Math.Max(1, words))!), ellipsis);
    }

    private static string Slice(string text, int start, int length)
    {
        var from = start < 0 ? text.Length + start : start;
        return from < 0 || from >= text.Length || length <= 0
            ? ""
            : Whole(text, from, Math.Min(text.Length, from + length));
    }

    /// <summary>From here to there, without the half of a surrogate pair at either end.</summary>
    private static string Whole(string text, int from, int to)
    {
        from = from < to && char.IsLowSurrogate(text[from]) ? from + 1 : from;
        to = to > from && char.IsHighSurrogate(text[to - 1]) ? to - 1 : to;
        return text[from..to];
    }

    private static string[] Split(string text, string separator)
    {
        var items = separator.Length == 0
            ? [.. text.EnumerateRunes().Take(PromptLimits.Items + 1).Select(rune => rune.ToString())]
            : text.Split(separator, PromptLimits.Items + 1, StringSplitOptions.RemoveEmptyEntries);
        return items.Length <= PromptLimits.Items
            ? items
            : throw new PromptRenderException(
                $"A list of the prompt has more than {PromptLimits.Items} items; split less.");
    }

    private static void Bound(long length)
    {
        if (length > PromptLimits.ValueChars)
        {
            throw PromptRun.ValueTooLong();
        }
    }
}
