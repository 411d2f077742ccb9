using System.Buffers;

namespace Platform.Campaigns;

/// <summary>A tag's name (<c>{{</c> for an output) and where it stands in the source.</summary>
internal readonly record struct PromptTag(string Name, int Start, int End, int Line, int Column);

/// <summary>Finds a template's tags before the parser sees them.</summary>
/// <remarks>
/// The parser recurses for nested blocks, brackets and parentheses, and keeps no positions: here depth is bounded
/// while nothing has been parsed yet, unproven tags are turned away, and each tag learns its line.
/// </remarks>
internal sealed class PromptTags
{
    private static readonly SearchValues<char> Whitespace = SearchValues.Create(" \t\r\n");

    private readonly string source;
    private readonly List<FieldError> errors = [];
    private readonly List<PromptTag> tags = [];
    private readonly Stack<string> open = new();
    private int line = 1;
    private int lineStart;
    private int counted;

    private PromptTags(string source) => this.source = source;

    /// <exception cref="PromptTemplateException">A tag is unknown, unproven, too long, unclosed or too deep.</exception>
    public static IReadOnlyList<PromptTag> Find(string source)
    {
        var scan = new PromptTags(source);
        scan.Run();
        return scan.errors.Count == 0 ? scan.tags : throw new PromptTemplateException(scan.errors);
    }

    public static FieldError Error(int line, int column, string message) =>
        new("prompt", $"Line {line}, column {column}: {message}");

    private void Run()
    {
        var position = 0;
        while (position >= 0 && position < source.Length && errors.Count < PromptLimits.Errors)
        {
            var brace = source.IndexOf('{', position);
            if (brace < 0 || brace + 1 >= source.Length)
            {
                break;
            }

            position = source[brace + 1] switch
            {
                '{' => Output(brace),
                '%' => Tag(brace),
                _ => brace + 1,
            };
        }

        if (errors.Count == 0 && open.TryPeek(out var block))
        {
            Add(source.Length, $"'{block}' is not closed; write {{% end{block} %}}.");
        }
    }

    private int Output(int start)
    {
        var end = CloseOf(start, "}}", parentheses: 0);
        return end < 0 ? -1 : Keep("{{", start, end);
    }

    private int Tag(int start)
    {
        var nameStart = start + 2;
        if (nameStart < source.Length && source[nameStart] == '-')
        {
            nameStart++;
        }

        while (nameStart < source.Length && Whitespace.Contains(source[nameStart]))
        {
            nameStart++;
        }

        var nameEnd = nameStart;
        while (nameEnd < source.Length && (char.IsAsciiLetterOrDigit(source[nameEnd]) || source[nameEnd] == '_'))
        {
            nameEnd++;
        }

        if (nameStart < source.Length && source[nameStart] == '#')
        {
            var close = source.IndexOf("%}", nameStart, StringComparison.Ordinal);
            return close < 0 ? Fail(start, "This comment is not closed; write %}.") : Keep("#", start, close + 2);
        }

        var name = source[nameStart..nameEnd];
        if (!Know(name, start))
        {
            return -1;
        }

        var end = CloseOf(start, "%}", parentheses: name == "for" ? 1 : 0);
        return end < 0 ? -1 : Keep(name, start, end);
    }

    private bool Know(string name, int start)
    {
        switch (name)
        {
            case "if" or "unless" or "case" or "for" or "capture":
                open.Push(name);
                if (open.Count > PromptLimits.Depth)
                {
                    Fail(start, $"Blocks stand more than {PromptLimits.Depth} deep; say it in fewer.");
                    return false;
                }

                return true;
            case "endif" or "endunless" or "endcase" or "endfor" or "endcapture":
                if (open.TryPop(out var block) && name.AsSpan(3).SequenceEqual(block))
                {
                    return true;
                }

                Fail(start, block is null
                    ? $"'{name}' closes nothing."
                    : $"'{name}' stands where 'end{block}' belongs.");
                return false;
            case "elsif" or "else" or "when" or "assign" or "break" or "continue":
                return true;
            case "comment":
                Fail(start, "Write a comment as {% # … %}; 'comment' is not allowed.");
                return false;
            default:
                Fail(start, name.Length is 0 or > 40
                    ? "A tag must start with its name."
                    : $"'{name}' is not allowed; use if, unless, case, for, assign, capture, break and continue.");
                return false;
        }
    }

    /// <summary>Just after the closing delimiter, past any strings; -1 when there is none.</summary>
    private int CloseOf(int start, string delimiter, int parentheses)
    {
        for (var at = start + 2; at < source.Length; at++)
        {
            switch (source[at])
            {
                case '"' or '\'':
                    var close = source.IndexOf(source[at], at + 1);
                    if (close < 0)
                    {
                        return Fail(at, "This string is not closed.");
                    }

                    if (source.AsSpan(at, close - at).Contains('\\'))
                    {
                        return Fail(at, "A string may not have a backslash.");
                    }

                    at = close;
                    break;
                case '[' or ']' or '\\':
                    return Fail(at, $"'{source[at]}' is not allowed in a tag.");
                case '(' when parentheses-- == 0:
                    return Fail(at, "Parentheses are only for the range of a 'for', such as (1..5).");
                case '{':
                    return Fail(at, "A tag may not stand in a tag; close the first one.");
                case var first when first == delimiter[0] && at + 1 < source.Length && source[at + 1] == delimiter[1]:
                    return at + 2 - start <= PromptLimits.TagChars
                        ? at + 2
                        : Fail(start, $"A tag may have {PromptLimits.TagChars} characters; this one has more.");
                default:
                    break;
            }
        }

        return Fail(start, $"This tag is not closed; write {delimiter}.");
    }

    private int Keep(string name, int start, int end)
    {
        var (atLine, column) = Locate(start);
        tags.Add(new PromptTag(name, start, end, atLine, column));
        return end;
    }

    private int Fail(int at, string message)
    {
        Add(at, message);
        return -1;
    }

    private void Add(int at, string message)
    {
        var (atLine, column) = Locate(at);
        errors.Add(Error(atLine, column, message));
    }

    /// <summary>Positions are asked for in ascending order, so that lines are counted once.</summary>
    private (int Line, int Column) Locate(int at)
    {
        for (; counted < at; counted++)
        {
            if (source[counted] == '\n')
            {
                line++;
                lineStart = counted + 1;
            }
        }

        return (line, at - lineStart + 1);
    }
}
