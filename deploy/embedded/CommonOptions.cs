using System.CommandLine;
using System.CommandLine.Parsing;

namespace Platform.Embedded;

/// <summary>Options that several commands share.</summary>
internal static class CommonOptions
{
    public static Option<string> Data { get; } = new("--data")
    {
        Description = "Folder that everything is kept under",
        DefaultValueFactory = _ => ".imprimatur",
    };

    public static Option<int> Port { get; } = new("--port")
    {
        Description = "HTTP port; gRPC, chain and database take the three after it",
        DefaultValueFactory = _ => 5080,
        Validators = { port => Refuse(port, IsOutside(port, 1, 65_532), "must be 1 to 65532") },
    };

    public static Option<string> Generator { get; } = new("--generator")
    {
        Description = "Who makes the pictures: 'house', the artist, or 'null', one pixel for load tests",
        DefaultValueFactory = _ => "house",
        Validators =
        {
            generator => Refuse(
                generator, generator.Tokens is [{ Value: not ("house" or "null") }], "must be 'house' or 'null'"),
        },
    };

    public static Option<int> Linger { get; } = new("--linger")
    {
        Description = "Milliseconds that an asset waits for its mint batch to fill",
        DefaultValueFactory = _ => 1_000,
        Validators =
        {
            linger => Refuse(linger, IsOutside(linger, 0, 3_600_000), "must be 0 to 3600000 milliseconds"),
        },
    };

    public static Option<bool> Fresh { get; } = new("--fresh")
    {
        Description = "Start over: delete the data folder first (only one that bears our marker)",
    };

    public static Option<bool> Json { get; } = new("--json")
    {
        Description = "Print one JSON object for machines",
    };

    /// <summary>What is no number at all is the parser's to refuse.</summary>
    private static bool IsOutside(OptionResult result, int least, int most) =>
        result.Tokens is [var token] && int.TryParse(token.Value, out var number) && (number < least || number > most);

    private static void Refuse(OptionResult result, bool isWrong, string rule)
    {
        if (isWrong && !result.Errors.Any())
        {
            result.AddError($"{result.Option.Name}: {rule}.");
        }
    }

    public static EmbeddedOptions Read(ParseResult result) => new()
    {
        Data = Path.GetFullPath(result.GetValue(Data)!),
        Port = result.GetValue(Port),
        Generator = result.GetValue(Generator)!,
        LingerMilliseconds = result.GetValue(Linger),
        Fresh = result.GetValue(Fresh),
    };
}
