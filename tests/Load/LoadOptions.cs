using System.Globalization;

namespace Platform.Load;

/// <summary>Something on the command line that the user can mend.</summary>
internal sealed class LoadInputException(string message) : Exception(message);

/// <summary>What the command line asks for.</summary>
internal sealed class LoadOptions
{
    private static readonly string[] Names =
    [
        "mode", "generator", "replicas", "url", "token-file", "data", "port", "out", "rate", "minutes", "events", "small",
        "window", "at", "seconds", "seed", "kills", "no-audit", "set", "warm-up",
    ];

    private readonly Dictionary<string, string> values = new(StringComparer.Ordinal);

    private LoadOptions()
    {
    }

    public static LoadOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new LoadOptions();
        for (var index = 0; index < arguments.Count; index++)
        {
            var name = arguments[index].StartsWith("--", StringComparison.Ordinal) ? arguments[index][2..] : "";
            if (!Names.Contains(name))
            {
                throw new LoadInputException(
                    $"'{arguments[index]}' is no option; there are --{string.Join(", --", Names)}.");
            }

            var isFlag = name == "no-audit";
            if (!isFlag && index + 1 == arguments.Count)
            {
                throw new LoadInputException($"--{name} needs a value.");
            }

            options.values[name] = isFlag ? "true" : arguments[++index];
        }

        return options;
    }

    public string? Text(string name) => values.GetValueOrDefault(name);

    public string Text(string name, string otherwise) => values.GetValueOrDefault(name, otherwise);

    public bool Has(string name) => values.ContainsKey(name);

    public double Number(string name, double otherwise) => !values.TryGetValue(name, out var text) ? otherwise
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= 0 ? number
        : throw new LoadInputException($"--{name} must be a number of 0 or more, and this is '{text}'.");

    public int Whole(string name, int otherwise) => (int)Number(name, otherwise);
}
