using Platform.EmbeddedMongo;
using Platform.Hosting;

namespace Platform.Embedded;

/// <summary>Every service as processes of their own, with the broker, the database and the chain they stand on.</summary>
internal sealed class ProcessesPlatform : IAsyncDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(90);

    private readonly Stack<IAsyncDisposable> started = new();
    private readonly List<ServiceProcess> replicas = [];
    private readonly ProcessesOptions options;
    private readonly ProcessPlan plan;
    private readonly DataFolder folder;
    private readonly HttpClient http = Loopback.CreateClient();
    private readonly SemaphoreSlim writing = new(1);
    private KeptBroker? rabbit;

    private ProcessesPlatform(ProcessesOptions options, ProcessPlan plan, DataFolder folder)
    {
        this.options = options;
        this.plan = plan;
        this.folder = folder;
    }

    public DataFolder Folder => folder;

    public IReadOnlyList<ServiceProcess> Replicas => replicas;

    /// <summary>HTTP address of each service; gRPC is on the port after.</summary>
    public IReadOnlyDictionary<string, Uri> Addresses => plan.Services.ToDictionary(
        service => service.Name, service => new Uri($"http://127.0.0.1:{plan.PortOf(service.Name, "http")}"));

    public Uri Rpc => new($"http://127.0.0.1:{plan.ChainPort}");

    /// <summary>Where the broker is, without its password.</summary>
    public string Broker => options.RabbitMq is { } given && Uri.TryCreate(given, UriKind.Absolute, out var uri)
        ? $"{uri.Scheme}://{uri.Host}:{uri.Port}{uri.AbsolutePath}"
        : $"amqp://127.0.0.1:{plan.AmqpPort}, a private node";

    public static async Task<ProcessesPlatform> StartAsync(
        ProcessesOptions options, TextWriter console, Action<string> say, CancellationToken cancellation)
    {
        var blueprint = Blueprint.Read(options.Tye);
        var folder = DataFolder.Open(options.Platform.Data, options.Platform.Fresh);
        var platform = new ProcessesPlatform(options, new ProcessPlan(blueprint, options, folder.Path), folder);
        try
        {
            await platform.StartServersAsync(say, cancellation);
            await platform.StartServicesAsync(console, say, cancellation);
            return platform;
        }
        catch
        {
            await platform.DisposeAsync();
            throw;
        }
    }

    /// <summary>Replaces every replica, one after the other: each takes messages again before the next one goes.</summary>
    public async Task RollAsync(Action<string> say, CancellationToken cancellation)
    {
        foreach (var replica in replicas)
        {
            await replica.ReplaceAsync(cancellation);
            say($"{replica.Name} was replaced");
        }
    }

    public async ValueTask DisposeAsync()
    {
        // All at once: each has its own grace, and none needs another to end.
        await Task.WhenAll(replicas.Select(replica => replica.DisposeAsync().AsTask()));
        while (started.TryPop(out var each))
        {
            await each.DisposeAsync();
        }

        http.Dispose();
        writing.Dispose();
        folder.Dispose();
    }

    private async Task StartServersAsync(Action<string> say, CancellationToken cancellation)
    {
        LeftBehind.Kill(folder.ChildrenFile);
        if (options.MongoDb is null)
        {
            say($"Starting EmbeddedMongo on port {plan.MongoPort} …");
            started.Push(await StartMongoAsync(cancellation));
        }

        if (options.RabbitMq is null)
        {
            say($"Starting RabbitMQ on port {plan.AmqpPort} …");
            rabbit = await KeptBroker.StartAsync(folder.In("rabbitmq"), plan.AmqpPort, say, cancellation);
            rabbit.Restarted += () => _ = NoteRunningAsync();
            started.Push(rabbit);
        }

        var anvil = await Anvil.StartAsync(
            await AnvilInstallation.FindAsync(say, cancellation),
            folder.Chain,
            plan.ChainPort,
            MinterKey.ReadOrCreate(folder),
            http,
            cancellation);
        started.Push(anvil);
        InstallationToken.ReadOrCreate(folder.TokenFile);
    }

    private async Task StartServicesAsync(TextWriter console, Action<string> say, CancellationToken cancellation)
    {
        var output = new SideBySide(console, folder.Logs, options.Quiet);
        started.Push(new Release(output));
        foreach (var service in plan.Services)
        {
            var shared = SharedListener.IsSupported ? OpenShared(service) : (Http: null, Grpc: null);
            for (var replica = 1; replica <= plan.ReplicasOf(service); replica++)
            {
                var process = new ServiceProcess(
                    plan.Start(service, replica, shared.Http?.Handle, shared.Grpc?.Handle), output, http);
                process.Restarted += () => _ = NoteRunningAsync();
                replicas.Add(process);
            }
        }

        await NoteRunningAsync();
        say($"Starting {replicas.Count} processes …");
        await Task.WhenAll(replicas.Select(replica => replica.WaitUntilReadyAsync(StartPatience, cancellation)));
    }

    private (SharedListener? Http, SharedListener? Grpc) OpenShared(BlueprintService service)
    {
        var http = SharedListener.Open(plan.PortOf(service.Name, "http"));
        started.Push(new Release(http));
        var grpc = SharedListener.Open(plan.PortOf(service.Name, "grpc"));
        started.Push(new Release(grpc));
        return (http, grpc);
    }

    private async Task<EmbeddedMongoServer> StartMongoAsync(CancellationToken cancellation)
    {
        FreePort.Ensure(plan.MongoPort);
        try
        {
            return await EmbeddedMongoServer.StartAsync(
                new EmbeddedMongoOptions { Path = folder.Database, Port = plan.MongoPort }, cancellation);
        }
        catch (EmbeddedMongoException exception)
        {
            throw new UserErrorException(exception.Message);
        }
    }

    /// <summary>Writes down how everything is reached and which processes there are, for the command line and for a next start.</summary>
    private async Task NoteRunningAsync()
    {
        await writing.WaitAsync();
        try
        {
            var pids = replicas
                .GroupBy(replica => replica.Name.Split('/')[0])
                .ToDictionary(group => group.Key, group => group.Select(replica => replica.ProcessId).ToList());
            if (rabbit?.ProcessId is { } broker)
            {
                pids["rabbitmq"] = [broker];
            }

            await RunningFile.WriteAsync(
                folder,
                new RunningFile
                {
                    Port = options.Platform.Port,
                    Pid = Environment.ProcessId,
                    Rpc = Rpc,
                    Services = Addresses,
                    Pids = pids,
                });
            LeftBehind.Note(folder.ChildrenFile, replicas.Select(replica => replica.ProcessId));
        }
        finally
        {
            writing.Release();
        }
    }

    private sealed class Release(IDisposable held) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            held.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
