using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Platform.Embedded;

/// <summary>A RabbitMQ node of our own: an installed server run on loopback, everything it keeps in one folder.</summary>
/// <remarks>
/// Takes three neighbouring ports: AMQP, Erlang distribution, and a port mapper (epmd) of its own, so that nodes of one
/// machine never meet. It may be stopped or killed and started again in the same folder; a node that outlived a killed
/// owner is ended by the next start there.
/// </remarks>
internal sealed class RabbitMqNode : IAsyncDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(90);

    private static readonly string[] KnownPlaces =
    [
        "/usr/lib/rabbitmq/bin", // Debian's /usr/sbin/rabbitmq-server wants root and its own user and folders
        "/opt/rabbitmq/sbin",
        "/opt/homebrew/opt/rabbitmq/sbin",
        "/usr/local/opt/rabbitmq/sbin",
        "/usr/local/sbin",
    ];

    private readonly RabbitMqSetup setup;
    private Process? launcher;
    private int? pid;

    private RabbitMqNode(RabbitMqSetup setup) => this.setup = setup;

    /// <summary>Holds the guest's well-known password: the node answers on loopback only.</summary>
    public Uri Address => new($"amqp://guest:guest@127.0.0.1:{setup.Port}");

    /// <summary>Of the Erlang machine that is the node; null while it is stopped.</summary>
    public int? ProcessId => pid;

    public bool IsRunning
    {
        get
        {
            using var node = LeftBehind();
            return node is { HasExited: false };
        }
    }

    /// <summary>The program of an installed RabbitMQ, or null.</summary>
    public static string? FindInstalled() => OperatingSystem.IsWindows()
        ? null // its service is what runs there; point to it instead
        : KnownPlaces.Select(place => Path.Combine(place, "rabbitmq-server")).FirstOrDefault(File.Exists);

    /// <param name="folder">Kept between starts; made when it is not there.</param>
    /// <param name="port">AMQP; the next two ports are taken too.</param>
    /// <param name="settings">Lines of rabbitmq.conf beside, or instead of, ours.</param>
    public static async Task<RabbitMqNode> StartAsync(
        string folder,
        int port,
        IReadOnlyDictionary<string, string>? settings,
        CancellationToken cancellation)
    {
        var program = FindInstalled() ?? throw new UserErrorException(
            "There is no installed RabbitMQ. Install Debian's (apt-get install --no-install-recommends rabbitmq-server), "
                + "or point to a running one.");
        var node = new RabbitMqNode(new RabbitMqSetup(program, Path.GetFullPath(folder), port, settings ?? new Dictionary<string, string>()));
        await node.StartAsync(cancellation);
        return node;
    }

    /// <summary>Ends a node that outlived its owner; nothing where there is none.</summary>
    public static async Task EndLeftBehindAsync(string folder, int port)
    {
        var setup = new RabbitMqSetup("", Path.GetFullPath(folder), port, new Dictionary<string, string>());
        await new RabbitMqNode(setup).EndLeftBehindAsync(CancellationToken.None);
    }

    /// <summary>Starts it, or starts it again after a stop or a kill; returns when it speaks AMQP.</summary>
    public async Task StartAsync(CancellationToken cancellation)
    {
        Directory.CreateDirectory(setup.Folder);
        await EndLeftBehindAsync(cancellation);
        for (var taken = setup.Port; taken < setup.Port + 3; taken++)
        {
            FreePort.Ensure(taken);
        }

        setup.Write();
        var start = setup.Program("rabbitmq-server", []);
        launcher = Process.Start(start) ?? throw new UserErrorException($"{start.FileName} did not start.");
        var errors = Drain(launcher);
        await WriteRecordAsync(cancellation);

        var deadline = Stopwatch.StartNew();
        while (!await AmqpGreeting.IsAnsweredAsync(setup.Port, cancellation) || !File.Exists(setup.PidFile))
        {
            if (launcher.HasExited || deadline.Elapsed > StartDeadline)
            {
                var said = string.Join(' ', errors).Trim();
                await StopAsync(CancellationToken.None);
                throw new UserErrorException(
                    $"RabbitMQ did not start on port {setup.Port}: {said} Its log is in {setup.Logs}.");
            }

            await Task.Delay(50, cancellation);
        }

        pid = ReadPid();
    }

    /// <summary>Stops it as an operator would: what is durable is there at the next start.</summary>
    public async Task StopAsync(CancellationToken cancellation)
    {
        using var node = LeftBehind();
        if (node is not null)
        {
            await EndAsync(node, cancellation);
        }

        await ForgetAsync(cancellation);
    }

    /// <summary>Kills it, as a machine that loses its power would.</summary>
    public async Task KillAsync(CancellationToken cancellation)
    {
        using var node = LeftBehind();
        node?.Kill();
        await (node?.WaitForExitAsync(cancellation) ?? Task.CompletedTask);
        await ForgetAsync(cancellation);
    }

    /// <summary>Runs <c>rabbitmqctl</c> against it and returns what it said.</summary>
    public async Task<string> ControlAsync(IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        using var control = Process.Start(setup.Program("rabbitmqctl", ["--quiet", .. arguments]))!;
        control.StandardInput.Close();
        var errors = control.StandardError.ReadToEndAsync(cancellation);
        var said = await control.StandardOutput.ReadToEndAsync(cancellation);
        await control.WaitForExitAsync(cancellation);
        return control.ExitCode == 0
            ? said
            : throw new UserErrorException($"rabbitmqctl {string.Join(' ', arguments)}: {await errors} {said}".Trim());
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None);
        launcher?.Dispose();
    }

    private static List<string> Drain(Process process)
    {
        var errors = new List<string>();
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, line) => errors.Add(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return errors;
    }

    private async Task EndLeftBehindAsync(CancellationToken cancellation)
    {
        using var left = LeftBehind();
        if (left is not null)
        {
            await EndAsync(left, cancellation);
        }

        // Also after a node that died by itself: its launcher and its port mapper may be there still.
        await ForgetAsync(cancellation);
    }

    private static async Task EndAsync(Process node, CancellationToken cancellation)
    {
        using (var signal = Process.Start("/bin/kill", ["-TERM", node.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await signal.WaitForExitAsync(cancellation);
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(TimeSpan.FromSeconds(20));
        try
        {
            await node.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            node.Kill();
            await node.WaitForExitAsync(cancellation);
        }
    }

    /// <summary>The launcher waits for its node and goes with it; the port mapper must be told.</summary>
    private async Task ForgetAsync(CancellationToken cancellation)
    {
        if (launcher is { HasExited: false })
        {
            launcher.Kill(entireProcessTree: true);
            await launcher.WaitForExitAsync(cancellation);
        }

        launcher?.Dispose();
        launcher = null;
        pid = null;
        File.Delete(setup.PidFile);
        File.Delete(setup.RecordFile);
        await setup.EndPortMapperAsync(cancellation);
    }

    private int? ReadPid() =>
        File.Exists(setup.PidFile)
            && int.TryParse(File.ReadAllText(setup.PidFile), CultureInfo.InvariantCulture, out var read) ? read : null;

    /// <summary>The running node of this folder, whoever started it.</summary>
    private Process? LeftBehind()
    {
        var record = File.Exists(setup.RecordFile)
            ? JsonSerializer.Deserialize<LaunchRecord>(File.ReadAllBytes(setup.RecordFile))
            : null;
        if (record is null || (pid ?? ReadPid()) is not { } candidateId)
        {
            return null;
        }

        try
        {
            var candidate = Process.GetProcessById(candidateId);
            // A process id may have been given to another program since.
            var delay = candidate.StartTime.ToUniversalTime() - record.LaunchedAt;
            return candidate.ProcessName.StartsWith("beam", StringComparison.Ordinal)
                && delay > TimeSpan.FromSeconds(-2) && delay < StartDeadline ? candidate : null;
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    private async Task WriteRecordAsync(CancellationToken cancellation)
    {
        // Whole or not at all: a half one would end the next start.
        var temporary = $"{setup.RecordFile}.new";
        await File.WriteAllBytesAsync(
            temporary,
            JsonSerializer.SerializeToUtf8Bytes(new LaunchRecord(launcher!.StartTime.ToUniversalTime())),
            cancellation);
        File.Move(temporary, setup.RecordFile, overwrite: true);
    }

    private sealed record LaunchRecord(DateTime LaunchedAt);
}
