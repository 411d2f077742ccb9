using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Grpc.Core;
using Grpc.Net.Client;
using Platform.Embedded;

namespace Platform.EndToEnd.Tests;

/// <summary>The real program as a child process: its lines, its doors, and ways to end it.</summary>
public sealed class Imprimatur : IAsyncDisposable
{
    private readonly Process process;
    private readonly ConcurrentQueue<string> output = new();
    private readonly ConcurrentQueue<string> errors = new();
    private readonly ConcurrentDictionary<Watch, bool> watches = new();
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HttpClient http;
    private GrpcChannel? channel;

    private Imprimatur(Process process, string data, int port)
    {
        this.process = process;
        Data = data;
        Port = port;
        http = new HttpClient(new SocketsHttpHandler()) { BaseAddress = Gateway, Timeout = TimeSpan.FromSeconds(60) };
    }

    public static string Program { get; } = FindProgram();

    public string Data { get; }

    public int Port { get; }

    public Uri Gateway => new($"http://127.0.0.1:{Port}/");

    public Uri Rpc => new($"http://127.0.0.1:{Port + 2}/");

    public string Output => string.Join('\n', output);

    public string Errors => string.Join('\n', errors);

    public bool HasEnded => process.HasExited;

    public int ProcessId => process.Id;

    /// <summary>HTTP as the publisher speaks it: with the installation's token.</summary>
    public HttpClient Http
    {
        get
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
            return http;
        }
    }

    public string Token => File.ReadAllText(Path.Combine(Data, "token")).Trim();

    public GrpcChannel Channel => channel ??= GrpcChannel.ForAddress(
        $"http://127.0.0.1:{Port + 1}",
        new GrpcChannelOptions
        {
            Credentials = ChannelCredentials.Create(
                ChannelCredentials.Insecure,
                CallCredentials.FromInterceptor((_, metadata) =>
                {
                    metadata.Add("authorization", $"Bearer {Token}");
                    return Task.CompletedTask;
                })),
            UnsafeUseInsecureChannelCallCredentials = true,
            MaxReceiveMessageSize = 32 * 1024 * 1024,
        });

    public Grpc.Campaigns.Campaigns.CampaignsClient Campaigns => new(Channel);

    public Grpc.Minting.Minting.MintingClient Minting => new(Channel);

    public Grpc.RoyaltyIndexer.RoyaltyIndexer.RoyaltyIndexerClient RoyaltyIndexer => new(Channel);

    /// <param name="environment">Added to the program's; a null takes a variable away.</param>
    public static Imprimatur Start(
        string data, int port, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null)
    {
        // A client of a running platform finds its ports in the data folder.
        List<string> line = [.. arguments, "--data", data];
        if (line[0] is not ("audit" or "ops"))
        {
            line.AddRange(["--port", $"{port}"]);
        }

        var start = new ProcessStartInfo(Program, line)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        if (AnvilOfTheRepository() is { } anvil)
        {
            start.Environment["PATH"] = $"{anvil}{Path.PathSeparator}{Environment.GetEnvironmentVariable("PATH")}";
        }

        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value;
        }

        var started = new Imprimatur(new Process { StartInfo = start, EnableRaisingEvents = true }, data, port);
        started.process.OutputDataReceived += (_, line) => started.Hear(started.output, line.Data);
        started.process.ErrorDataReceived += (_, line) => started.Hear(started.errors, line.Data);
        started.process.Exited += (_, _) => started.ended.TrySetResult();
        started.process.Start();
        started.process.BeginOutputReadLine();
        started.process.BeginErrorReadLine();
        return started;
    }

    /// <summary>Begins to listen for a line; only what is said from now on counts.</summary>
    public Task<string> NextLineAsync(string part)
    {
        var watch = new Watch(part);
        watches[watch] = true;
        if (HasEnded)
        {
            watch.Heard.TrySetException(new InvalidOperationException($"The program ended before it said '{part}'."));
        }

        return watch.Heard.Task;
    }

    /// <summary>Waits until the program serves.</summary>
    public Task ServesAsync() => SaysAsync("is serving.", TimeSpan.FromSeconds(120));

    /// <summary>Waits until it said something, now or before, on either stream.</summary>
    public async Task SaysAsync(string part, TimeSpan within)
    {
        var clock = Stopwatch.StartNew();
        while (!Output.Contains(part, StringComparison.Ordinal) && !Errors.Contains(part, StringComparison.Ordinal))
        {
            Assert.False(HasEnded, $"The program ended with {(HasEnded ? process.ExitCode : 0)}: {Errors}");
            Assert.True(clock.Elapsed < within, $"It did not say '{part}' in {clock.Elapsed}: {Errors}");
            await Task.Delay(25);
        }
    }

    /// <summary>Waits for the program's own end.</summary>
    public async Task<int> EndsAsync(TimeSpan? within = null)
    {
        await ended.Task.WaitAsync(within ?? TimeSpan.FromMinutes(4));
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    /// <summary>Asks it to end, and waits. Not by SIGINT: a shell that starts something in the background lets that be ignored.</summary>
    public async Task<int> InterruptAsync()
    {
        using var signal = Process.Start("/bin/kill", ["-TERM", $"{process.Id}"]);
        await signal.WaitForExitAsync();
        return await EndsAsync(TimeSpan.FromSeconds(60));
    }

    /// <summary>kill -9; the chain too, where asked, which then lacks what it had not written yet.</summary>
    public async Task KillAsync(bool withChain)
    {
        using var chain = withChain ? Chain() : null;
        chain?.Kill();
        process.Kill();
        await EndsAsync(TimeSpan.FromSeconds(30));
        if (chain is not null)
        {
            await chain.WaitForExitAsync();
        }
    }

    /// <summary>The running anvil of this data folder.</summary>
    public Process? Chain()
    {
        var file = Path.Combine(Data, "chain", "anvil.json");
        if (!File.Exists(file))
        {
            return null;
        }

        try
        {
            var pid = JsonNode.Parse(File.ReadAllText(file))!["Pid"]!.GetValue<int>();
            var found = Process.GetProcessById(pid);
            return found.ProcessName.StartsWith("anvil", StringComparison.Ordinal) ? found : null;
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or JsonException)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        channel?.Dispose();
        http.Dispose();
        if (!HasEnded)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        using (var chain = Chain())
        {
            chain?.Kill();
        }

        await KillChildrenAsync();
        process.Dispose();
    }

    /// <summary>What a killed supervisor leaves behind, as its next start would.</summary>
    private async Task KillChildrenAsync()
    {
        var rabbit = Path.Combine(Data, "rabbitmq");
        LeftBehind.Kill(Path.Combine(Data, "children.json"));
        if (Directory.Exists(rabbit))
        {
            await RabbitMqNode.EndLeftBehindAsync(rabbit, Port + 4);
        }
    }

    private void Hear(ConcurrentQueue<string> to, string? line)
    {
        if (line is null)
        {
            foreach (var watch in watches.Keys)
            {
                watch.Heard.TrySetException(new InvalidOperationException($"The program ended before it said '{watch.Part}'."));
            }

            return;
        }

        to.Enqueue(line);
        foreach (var watch in watches.Keys.Where(watch => line.Contains(watch.Part, StringComparison.Ordinal)))
        {
            watches.TryRemove(watch, out _);
            watch.Heard.TrySetResult(line);
        }
    }

    private static string FindProgram()
    {
        // artifacts/bin/EndToEnd.Tests/<config>/ beside artifacts/bin/Embedded/<config>/.
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        var name = OperatingSystem.IsWindows() ? "imprimatur.exe" : "imprimatur";
        return Path.Combine(here.Parent!.Parent!.FullName, "Embedded", here.Name, name);
    }

    private static string? AnvilOfTheRepository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var bin = Path.Combine(
                folder.FullName, "contracts/solidity/node_modules/@foundry-rs/anvil-linux-amd64/bin");
            if (Directory.Exists(bin))
            {
                return bin;
            }
        }

        return null;
    }

    private sealed class Watch(string part)
    {
        public string Part { get; } = part;

        public TaskCompletionSource<string> Heard { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
