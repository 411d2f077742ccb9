using System.CommandLine;
using System.CommandLine.Parsing;

namespace Platform.Embedded;

/// <summary>What is wrong with a command line: a sentence each, what was probably meant, and where help is.</summary>
internal static class CommandErrors
{
    public static string Describe(ParseResult line)
    {
        var command = line.CommandResult.Command;
        var unknown = Unknown(line).ToList();
        var sentences = unknown.Count > 0
            ? unknown.Select(word => Describe(word, command))
            : line.Errors.Select(Describe).Distinct();
        return $"{string.Join('\n', sentences)}\nHelp is at: {string.Join(' ', Path(line.CommandResult))} --help";
    }

    private static string Describe(ParseError error) => error.SymbolResult switch
    {
        OptionResult { Tokens.Count: 0 } option when !option.Option.Required => $"{option.Option.Name}: needs a value.",
        OptionResult { Option: Option<int> } option when error.Message.Contains("System.", StringComparison.Ordinal) =>
            $"{option.Option.Name}: must be a whole number, and this is '{Plain.Of(string.Join(' ', option.Tokens))}'.",
        _ => error.Message,
    };

    /// <summary>A word after an unknown option is probably its value, and no fault of its own.</summary>
    private static IEnumerable<string> Unknown(ParseResult line)
    {
        var afterOption = false;
        foreach (var word in line.UnmatchedTokens)
        {
            var isOption = word.StartsWith('-');
            if (isOption || !afterOption)
            {
                yield return word;
            }

            afterOption = isOption;
        }
    }

    private static string Describe(string word, Command command)
    {
        var isOption = word.StartsWith('-');
        var known = isOption
            ? command.Options.Select(option => option.Name)
            : command.Subcommands.Select(each => each.Name);
        var near = TextFile.Nearest(word, known);
        var kind = isOption ? "option" : command.Subcommands.Count > 0 ? "command" : "argument";
        return $"'{Plain.Of(word)}' is no {kind} of {command.Name}"
            + (near is null ? "." : $"; did you mean '{near}'?");
    }

    private static IEnumerable<string> Path(CommandResult result)
    {
        if (result.Parent is CommandResult parent)
        {
            foreach (var name in Path(parent))
            {
                yield return name;
            }
        }

        yield return result.Command.Name;
    }
}
