using System.CommandLine;

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
    };

    public static Option<string> Generator { get; } = new("--generator")
    {
        Description = "Who makes the pictures: 'house', the artist, or 'null', one pixel for load tests",
        DefaultValueFactory = _ => "house",
    };

    public static Option<int> Linger { get; } = new("--linger")
    {
        Description = "Milliseconds that an asset waits for its mint batch to fill",
        DefaultValueFactory = _ => 1_000,
    };

    public static Option<bool> Fresh { get; } = new("--fresh")
    {
        Description = "Start over: delete the data folder first (only one that bears our marker)",
    };

    public static Option<bool> Json { get; } = new("--json")
    {
        Description = "Print one JSON object for machines",
    };

    public static EmbeddedOptions Read(ParseResult result) => new()
    {
        Data = Path.GetFullPath(result.GetValue(Data)!),
        Port = result.GetValue(Port),
        Generator = result.GetValue(Generator)!,
        LingerMilliseconds = result.GetValue(Linger),
        Fresh = result.GetValue(Fresh),
    };
}
