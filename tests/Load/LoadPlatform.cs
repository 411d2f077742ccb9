using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Platform.Auditor;
using Platform.Embedded;

namespace Platform.Load;

/// <summary>The platform under load: a process, or several, of its own, so that what is measured is it alone.</summary>
internal sealed class LoadPlatform : IAsyncDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan EndPatience = TimeSpan.FromMinutes(1);

    private readonly Process? process;
    private readonly bool ownsData;

    private LoadPlatform(Process? process, EmbeddedOptions options, string mode, bool ownsData)
    {
        this.process = process;
        this.ownsData = ownsData;
        Options = options;
        Mode = mode;
        Api = new PlatformApi(options);
        Meter = new ProcessMeter(options.Data, process?.Id);
    }

    public string Mode { get; }

    public EmbeddedOptions Options { get; }

    public PlatformApi Api { get; }

    public ProcessMeter Meter { get; }

    /// <summary>One that runs already (<c>--data</c> of it with <c>--url</c>), or a new one.</summary>
    public static async Task<LoadPlatform> StartAsync(LoadOptions options, CancellationToken cancellation)
    {
        if (options.Text("url") is { } url)
        {
            return await PointAtAsync(options, url, cancellation);
        }

        var mode = options.Text("mode", "embedded");
        var data = options.Text("data") ?? Path.Combine(Path.GetTempPath(), $"imprimatur-load-{Environment.ProcessId}");
        var port = options.Whole("port", FreePort());
        List<string> arguments = mode switch
        {
            "embedded" => [Program(), "run"],
            "processes" => [Program(), "processes", "--quiet", "--replicas", options.Text("replicas", "1")],
            _ => throw new LoadInputException($"--mode must be embedded or processes, and this is '{mode}'."),
        };
        arguments.AddRange(["--data", data, "--port", $"{port}", "--generator", options.Text("generator", "null")]);
        if (options.Text("set") is { } setting)
        {
            arguments.AddRange(["--set", setting]);
        }

        var process = await ServeAsync(arguments, cancellation);
        var running = await RunningPlatform.FindAsync(data, cancellation)
            ?? throw new LoadInputException($"The platform on {data} said that it serves, and does not answer.");
        return new LoadPlatform(process, running, mode, ownsData: !options.Has("data"));
    }

    /// <summary>Lets the auditor judge what became of everything that was accepted.</summary>
    public async Task<AuditReport> AuditAsync(
        IReadOnlyList<IngestAnswer> answers, TimeSpan wait, CancellationToken cancellation)
    {
        using var http = Loopback.CreateClient();
        var progress = new AuditProgress(Console.Error, TimeProvider.System);
        var auditor = new PlatformAuditor(
            AuditedPlatform.Find(new AuditOptions { Data = Options.Data }), http, TimeProvider.System)
        {
            Say = progress.Say,
            Wait = wait,
        };
        return await auditor.AuditAsync(answers, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        if (process is null)
        {
            return;
        }

        using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        await kill.WaitForExitAsync();
        using var patience = new CancellationTokenSource(EndPatience);
        await process.WaitForExitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }

        process.Dispose();
        if (ownsData && Directory.Exists(Options.Data))
        {
            Directory.Delete(Options.Data, recursive: true);
        }
    }

    private static async Task<LoadPlatform> PointAtAsync(LoadOptions options, string url, CancellationToken cancellation)
    {
        var token = options.Text("token-file");
        var data = options.Text("data") ?? (token is null ? null : Path.GetDirectoryName(Path.GetFullPath(token)));
        if (data is null || !Uri.TryCreate(url, UriKind.Absolute, out var address))
        {
            throw new LoadInputException(
                "--url is an address such as http://127.0.0.1:5080, and needs --token-file (the data folder's file 'token').");
        }

        var running = await RunningPlatform.FindAsync(data, cancellation) ?? new EmbeddedOptions { Data = data, Port = address.Port };
        return new LoadPlatform(null, running, "pointed at", ownsData: false);
    }

    private static async Task<Process> ServeAsync(IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        var process = new Process
        {
            StartInfo = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true },
        };
        var serving = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Hear(string? line, bool isError)
        {
            if (line?.Contains("is serving", StringComparison.Ordinal) == true)
            {
                serving.TrySetResult();
            }
            else if (isError && line is not null && !serving.Task.IsCompleted)
            {
                Console.Error.WriteLine($"  {line}");
            }
        }

        process.OutputDataReceived += (_, line) => Hear(line.Data, isError: false);
        process.ErrorDataReceived += (_, line) => Hear(line.Data, isError: true);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var ended = process.WaitForExitAsync(cancellation);
        await Task.WhenAny(serving.Task, ended).WaitAsync(StartPatience, cancellation);
        return serving.Task.IsCompleted
            ? process
            : throw new LoadInputException("The platform ended before it served; what it said is above.");
    }

    /// <summary>The program as it is built for users; a service's own program lies beside it.</summary>
    private static string Program()
    {
        var built = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "Embedded"));
        var configuration = Path.GetFileName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var program = Path.Combine(built, configuration, "imprimatur.dll");
        return File.Exists(program) ? program : Path.Combine(AppContext.BaseDirectory, "imprimatur.dll");
    }

    private static int FreePort()
    {
        for (var port = 7_000; port < 8_000; port += 10)
        {
            if (Enumerable.Range(port, 4).All(IsFree))
            {
                return port;
            }
        }

        throw new LoadInputException("No four free ports in a row between 7000 and 8000; name some with --port.");
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
