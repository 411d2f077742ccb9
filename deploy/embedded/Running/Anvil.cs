using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using Platform.Chain;

namespace Platform.Embedded;

/// <summary>The local chain: anvil as a child process, its state kept in the data folder.</summary>
/// <remarks>
/// The state is written to a temporary file and renamed, whenever a block came and at the end. A child that outlived a
/// killed platform is found again by its process id and goes on; a child that died is started from the last state, and
/// minting sends again what that lost.
/// </remarks>
internal sealed class Anvil : IAsyncDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(30);

    private readonly string program;
    private readonly string folder;
    private readonly int port;
    private readonly HttpClient http;
    private readonly CancellationTokenSource stopping = new();
    private Process? process;
    private long dumpedAt = -1;
    private Task keeping = Task.CompletedTask;

    private Anvil(string program, string folder, int port, HttpClient http)
    {
        this.program = program;
        this.folder = folder;
        this.port = port;
        this.http = http;
    }

    private string StateFile => Path.Combine(folder, "state.json");

    private string ProcessFile => Path.Combine(folder, "anvil.json");

    private Uri Rpc => new($"http://127.0.0.1:{port}");

    public static async Task<Anvil> StartAsync(
        string program, string folder, int port, Address minter, HttpClient http, CancellationToken cancellation)
    {
        var anvil = new Anvil(program, folder, port, http);
        if (await anvil.IsOursAsync(cancellation))
        {
            anvil.process = LeftBehind(folder);
        }
        else
        {
            KillLeftBehind(folder);
            await anvil.LaunchAsync(cancellation);
        }

        await LocalFunds.EnsureAsync(http, anvil.Rpc, minter, cancellation);
        anvil.keeping = anvil.KeepAsync(minter, anvil.stopping.Token);
        return anvil;
    }

    /// <summary>Ends a child that outlived its platform.</summary>
    public static void KillLeftBehind(string folder)
    {
        using var left = LeftBehind(folder);
        left?.Kill();
        left?.WaitForExit(5_000);
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await keeping;
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        if (process is { HasExited: false })
        {
            await DumpAsync(deadline.Token);
            process.Kill();
            await process.WaitForExitAsync(deadline.Token);
        }

        process?.Dispose();
        File.Delete(ProcessFile);
        stopping.Dispose();
    }

    private static Process? LeftBehind(string folder)
    {
        var file = Path.Combine(folder, "anvil.json");
        if (!File.Exists(file))
        {
            return null;
        }

        var record = JsonSerializer.Deserialize<ChildRecord>(File.ReadAllBytes(file));
        try
        {
            var candidate = Process.GetProcessById(record!.Pid);
            // A process id may have been given to another program since.
            return candidate.ProcessName.StartsWith("anvil", StringComparison.Ordinal)
                && Math.Abs(candidate.StartTime.ToUniversalTime().Subtract(record.StartedAt).TotalSeconds) < 2
                    ? candidate
                    : null;
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    private async Task<bool> IsOursAsync(CancellationToken cancellation)
    {
        var record = File.Exists(ProcessFile)
            ? JsonSerializer.Deserialize<ChildRecord>(await File.ReadAllBytesAsync(ProcessFile, cancellation))
            : null;
        using var left = LeftBehind(folder);
        return left is not null && record?.Port == port && await IsAnsweringAsync(cancellation);
    }

    private async Task LaunchAsync(CancellationToken cancellation)
    {
        // Another chain there would answer for ours, and one that never answers would hold us up.
        FreePort.Ensure(port);
        List<string> arguments =
        [
            "--host", "127.0.0.1", "--port", $"{port}", "--chain-id", "31337", "--gas-limit", "60000000",
            "--no-request-size-limit", "--preserve-historical-states", "--quiet",
        ];
        if (File.Exists(StateFile))
        {
            arguments.AddRange(["--load-state", StateFile]);
        }

        var start = OwnSession.Start(program, arguments);
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.RedirectStandardInput = true;
        // It spills a snapshot of each block below its home.
        start.Environment["HOME"] = Path.Combine(folder, "home");
        Directory.CreateDirectory(Path.Combine(folder, "home"));
        process = Process.Start(start) ?? throw new UserErrorException($"{program} did not start.");
        process.OutputDataReceived += (_, _) => { };
        var errors = new List<string>();
        process.ErrorDataReceived += (_, line) => errors.Add(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        // Whole or not at all: a half one would end the next start.
        var temporary = $"{ProcessFile}.new";
        await File.WriteAllBytesAsync(
            temporary,
            JsonSerializer.SerializeToUtf8Bytes(new ChildRecord(process.Id, port, process.StartTime.ToUniversalTime())),
            cancellation);
        File.Move(temporary, ProcessFile, overwrite: true);

        var deadline = Stopwatch.StartNew();
        while (!await IsAnsweringAsync(cancellation))
        {
            if (process.HasExited || deadline.Elapsed > StartDeadline)
            {
                throw new UserErrorException(
                    $"The local chain did not start on port {port}: {string.Join(' ', errors).Trim()} "
                    + "If the port is taken, choose others with --port.");
            }

            await Task.Delay(50, cancellation);
        }
    }

    /// <summary>Keeps the state on disk, and the child alive.</summary>
    private async Task KeepAsync(Address minter, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(500, cancellation);
                if (process!.HasExited)
                {
                    await Console.Error.WriteLineAsync(
                        "The local chain ended unexpectedly; it is started again from its last state, and what that lacks is sent again.");
                    await LaunchAsync(cancellation);
                    await LocalFunds.EnsureAsync(http, Rpc, minter, cancellation);
                    dumpedAt = -1;
                }
                else if (await BlockNumberAsync(cancellation) != dumpedAt)
                {
                    await DumpAsync(cancellation);
                }
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException or UserErrorException or TaskCanceledException)
            {
                await Console.Error.WriteLineAsync($"The local chain's state was not kept this time: {exception.Message}");
            }
        }
    }

    private async Task DumpAsync(CancellationToken cancellation)
    {
        var block = await BlockNumberAsync(cancellation);
        var dump = Hex.Decode((await CallAsync("anvil_dumpState", [], cancellation))!.GetValue<string>());
        var temporary = $"{StateFile}.new";
        await using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write))
        {
            await using var state = Unzip(dump);
            await state.CopyToAsync(file, cancellation);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, StateFile, overwrite: true);
        dumpedAt = block;
    }

    private static Stream Unzip(byte[] dump) => dump is [0x1f, 0x8b, ..]
        ? new GZipStream(new MemoryStream(dump), CompressionMode.Decompress)
        : new MemoryStream(dump);

    private async Task<long> BlockNumberAsync(CancellationToken cancellation) =>
        Convert.ToInt64((await CallAsync("eth_blockNumber", [], cancellation))!.GetValue<string>(), 16);

    private async Task<bool> IsAnsweringAsync(CancellationToken cancellation)
    {
        try
        {
            return (await CallAsync("eth_chainId", [], cancellation))?.GetValue<string>() == "0x7a69";
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private Task<JsonNode?> CallAsync(string method, JsonArray parameters, CancellationToken cancellation) =>
        AnvilCall.SendAsync(http, Rpc, method, parameters, cancellation);

    private sealed record ChildRecord(int Pid, int Port, DateTime StartedAt);
}
