using System.Diagnostics;

namespace Platform.Cli.Tests;

/// <summary>What a run of the real program came to.</summary>
internal sealed record Run(int Code, string Output, string Error);

/// <summary>The real program, as a shell starts it.</summary>
internal static class Imprimatur
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public static async Task<Run> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "imprimatur.dll"), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"imprimatur {string.Join(' ', arguments)} did not end.");
        }

        return new Run(process.ExitCode, await output, await error);
    }
}
