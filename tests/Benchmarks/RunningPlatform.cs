using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Platform.Benchmarks;

/// <summary>The embedded platform as a process of its own, so that what is measured is it alone.</summary>
internal sealed class RunningPlatform : IDisposable
{
    private readonly Process process;

    private RunningPlatform(Process process, string data, int port)
    {
        this.process = process;
        Data = data;
        Port = port;
    }

    public string Data { get; }

    public int Port { get; }

    public static async Task<RunningPlatform> StartAsync(string data, string generator)
    {
        var port = FreePorts();
        var program = Path.Combine(AppContext.BaseDirectory, "imprimatur.dll");
        var process = Process.Start(new ProcessStartInfo(
            "dotnet", [program, "run", "--data", data, "--port", $"{port}", "--generator", generator])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var serving = new TaskCompletionSource();
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data?.Contains("is serving", StringComparison.Ordinal) == true)
            {
                serving.TrySetResult();
            }
        };
        process.ErrorDataReceived += (_, line) => Console.Error.WriteLine(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await Task.WhenAny(serving.Task, process.WaitForExitAsync());
        return serving.Task.IsCompleted
            ? new RunningPlatform(process, data, port)
            : throw new InvalidOperationException("The platform ended before it served.");
    }

    /// <summary>User and system time so far.</summary>
    public TimeSpan Cpu()
    {
        process.Refresh();
        return process.TotalProcessorTime;
    }

    /// <summary>Most resident memory so far, in MiB.</summary>
    public long PeakMemory() => long.Parse(
        File.ReadLines($"/proc/{process.Id}/status").First(line => line.StartsWith("VmHWM", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture) / 1024;

    public void Dispose()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        kill.WaitForExit();
        if (!process.WaitForExit(30_000))
        {
            process.Kill(entireProcessTree: true);
        }

        process.Dispose();
    }

    private static int FreePorts()
    {
        for (var port = 7_000; port < 8_000; port += 10)
        {
            if (Enumerable.Range(port, 4).All(IsFree))
            {
                return port;
            }
        }

        throw new InvalidOperationException("No four free ports in a row between 7000 and 8000.");
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
