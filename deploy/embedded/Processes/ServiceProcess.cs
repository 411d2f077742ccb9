using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Platform.Embedded;

/// <summary>How one replica of a service is started.</summary>
internal sealed record ServiceStart
{
    /// <summary>Service and replica, as <c>minting/2</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The service's program.</summary>
    public required string Assembly { get; init; }

    /// <summary>Where this replica alone answers, for its health.</summary>
    public required Uri OwnHttp { get; init; }

    public required IReadOnlyDictionary<string, string> Environment { get; init; }
}

/// <summary>One replica of a service: started, watched, and started again when it ends without having been asked to.</summary>
internal sealed partial class ServiceProcess : IAsyncDisposable
{
    private const int Terminate = 15; // SIGTERM

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(30);

    private readonly ServiceStart start;
    private readonly SideBySide output;
    private readonly HttpClient http;
    private readonly CancellationTokenSource stopping = new();
    private readonly SemaphoreSlim turn = new(1);
    private readonly Task watching;
    private Process process;

    public ServiceProcess(ServiceStart start, SideBySide output, HttpClient http)
    {
        this.start = start;
        this.output = output;
        this.http = http;
        process = Launch();
        watching = WatchAsync();
    }

    public string Name => start.Name;

    public int ProcessId => process.Id;

    /// <summary>How often it ended without having been asked to.</summary>
    public int Deaths { get; private set; }

    /// <summary>Raised with the new process id whenever it was started again.</summary>
    public event Action? Restarted;

    /// <summary>Returns when it takes messages and requests.</summary>
    /// <exception cref="UserErrorException">Not within the patience; its log says why.</exception>
    public async Task WaitUntilReadyAsync(TimeSpan patience, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        while (!await IsReadyAsync(cancellation))
        {
            if (clock.Elapsed > patience)
            {
                throw new UserErrorException($"{Name} is not ready after {patience.TotalSeconds:0} s; its log has the reason.");
            }

            await Task.Delay(100, cancellation);
        }
    }

    /// <summary>Ends it gracefully and starts it again: what it has under way is finished or given back first.</summary>
    public async Task ReplaceAsync(CancellationToken cancellation)
    {
        await turn.WaitAsync(cancellation);
        try
        {
            await EndAsync();
            process = Launch();
        }
        finally
        {
            turn.Release();
        }

        Restarted?.Invoke();
        await WaitUntilReadyAsync(Grace, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await watching;
        await EndAsync();
        process.Dispose();
        turn.Dispose();
        stopping.Dispose();
    }

    private async Task WatchAsync()
    {
        var failures = 0;
        while (!stopping.IsCancellationRequested)
        {
            var watched = process;
            var lived = Stopwatch.StartNew();
            await watched.WaitForExitAsync(stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stopping.IsCancellationRequested)
            {
                return;
            }

            if (!ReferenceEquals(watched, process) || turn.CurrentCount == 0)
            {
                await Task.Delay(50); // It was replaced on purpose.
                continue;
            }

            failures = lived.Elapsed > Settled ? 1 : failures + 1;
            Deaths++;
            var pause = ShortestPause * Math.Pow(2, Math.Min(failures - 1, 8));
            output.Write(Name, $"ended with code {watched.ExitCode}; it is started again");
            await Task.Delay(pause < LongestPause ? pause : LongestPause, stopping.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!stopping.IsCancellationRequested)
            {
                process = Launch();
                Restarted?.Invoke();
            }
        }
    }

    private async Task EndAsync()
    {
        if (process.HasExited)
        {
            return;
        }

        if (OperatingSystem.IsWindows() || Send(process.Id, Terminate) != 0)
        {
            process.Kill();
        }

        using var deadline = new CancellationTokenSource(Grace);
        await process.WaitForExitAsync(deadline.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!process.HasExited)
        {
            output.Write(Name, $"did not end within {Grace.TotalSeconds:0} s and is killed");
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    private Process Launch()
    {
        var info = OwnSession.Start(Program(), Arguments());
        info.RedirectStandardOutput = true;
        info.RedirectStandardError = true;
        info.RedirectStandardInput = true;
        foreach (var (name, value) in start.Environment)
        {
            info.Environment[name] = value;
        }

        var launched = Process.Start(info) ?? throw new UserErrorException($"{start.Assembly} did not start.");
        launched.OutputDataReceived += (_, line) => output.Write(Name, line.Data);
        launched.ErrorDataReceived += (_, line) => output.Write(Name, line.Data);
        launched.BeginOutputReadLine();
        launched.BeginErrorReadLine();
        return launched;
    }

    private string Program() => IsNative ? Path.ChangeExtension(start.Assembly, null) : "dotnet";

    private string[] Arguments() => IsNative ? [] : [start.Assembly];

    private bool IsNative => !OperatingSystem.IsWindows() && File.Exists(Path.ChangeExtension(start.Assembly, null));

    private async Task<bool> IsReadyAsync(CancellationToken cancellation)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri(start.OwnHttp, "health/ready"), cancellation);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Send(int processId, int signal);
}
