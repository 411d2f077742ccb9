using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Spectre.Console;

namespace Platform.Embedded;

/// <summary>What commands share that are clients of a running platform.</summary>
internal static class RunningPlatformCommand
{
    /// <summary>Columns where the output is no terminal; a table is not wrapped for a file.</summary>
    private const int Unbounded = 4_000;

    private static readonly JsonSerializerOptions Readable = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <exception cref="UserErrorException">No platform runs there, or it does not take what was sent.</exception>
    public static async Task<int> AskAsync(ParseResult result, Func<PlatformApi, Task> ask, CancellationToken cancellation)
    {
        var data = CommonOptions.Read(result).Data;
        var running = await RunningPlatform.FindAsync(data, cancellation)
            ?? throw new UserErrorException(
                $"No platform runs on {data}. Start one:\n  {RunningPlatform.Program} run --data {RunningPlatform.Quoted(data)}");
        using var api = new PlatformApi(running);
        try
        {
            await ask(api);
            return 0;
        }
        catch (RpcException exception) when (exception.StatusCode
            is StatusCode.InvalidArgument or StatusCode.FailedPrecondition or StatusCode.NotFound or StatusCode.ResourceExhausted)
        {
            throw new UserErrorException(Plain.Of(exception.Status.Detail));
        }
    }

    public static string ToJson(object answer) => JsonSerializer.Serialize(answer, Readable);

    public static string ToText(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        var table = new Table().AddColumns([.. columns]).Border(TableBorder.Simple);
        foreach (var row in rows)
        {
            table.AddRow(row.Select(cell => new Text(Plain.Of(cell))));
        }

        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(text), Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors,
        });
        console.Profile.Width = Console.IsOutputRedirected ? Unbounded : Math.Max(60, AnsiConsole.Profile.Width);
        console.Write(table);
        return string.Join('\n', text.ToString().Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0));
    }

    public static string OrAll(IReadOnlyCollection<string> names) => names.Count == 0 ? "all" : string.Join(", ", names);

    public static string At(Timestamp? at) => at is null ? "" : $"{at.ToDateTimeOffset():yyyy-MM-dd HH:mm:ss}Z";

    public static DateTimeOffset? Time(Timestamp? at) => at?.ToDateTimeOffset();
}
