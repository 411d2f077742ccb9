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
            : line.Errors.Select(error => error.Message).Distinct();
        return $"{string.Join('\n', sentences)}\nHelp is at: {string.Join(' ', Path(line.CommandResult))} --help";
    }

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
        return $"'{Plain.Of(word)}' is no {(isOption ? "option" : command.Subcommands.Count > 0 ? "command" : "argument")} of {command.Name}"
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
