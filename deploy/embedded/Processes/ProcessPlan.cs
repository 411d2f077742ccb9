using System.Globalization;
using System.Text.RegularExpressions;

namespace Platform.Embedded;

/// <summary>What the user asked for.</summary>
internal sealed record ProcessesOptions
{
    public required EmbeddedOptions Platform { get; init; }

    public required string Tye { get; init; }

    /// <summary>An AMQP URI; null starts a private node of an installed RabbitMQ.</summary>
    public string? RabbitMq { get; init; }

    /// <summary>A MongoDB connection string; null starts an EmbeddedMongo.</summary>
    public string? MongoDb { get; init; }

    /// <summary>Replicas of every service; null leaves it to tye.yaml.</summary>
    public int? Replicas { get; init; }

    /// <summary>No log lines on the console, only in files.</summary>
    public bool Quiet { get; init; }

    /// <summary>More settings, as <c>Section__Key=value</c>, for every service.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();
}

/// <summary>Turns the blueprint into what is started here: ports shifted, folders and servers put in their place.</summary>
internal sealed partial class ProcessPlan(Blueprint blueprint, ProcessesOptions options, string dataFolder)
{
    /// <summary>Ports that each further replica lies above the first one's own.</summary>
    private const int ReplicaStep = 100;

    private int Shift => options.Platform.Port - blueprint.FirstPort;

    public int AmqpPort => PortOf("rabbitmq", "amqp");

    public int MongoPort => PortOf("mongodb", "mongodb");

    public int ChainPort => PortOf("chain", "rpc");

    /// <summary>The services that are ours, in the order of the blueprint.</summary>
    public IReadOnlyList<BlueprintService> Services { get; } =
        [.. blueprint.Services.Where(service => service.Project is not null)];

    public int PortOf(string service, string binding) => blueprint.Find(service).Port(binding) + Shift;

    public int ReplicasOf(BlueprintService service) => options.Replicas ?? service.Replicas;

    /// <param name="replica">From 1.</param>
    /// <param name="http">Descriptor of the socket that all replicas take HTTP connections from; null where none is shared.</param>
    public ServiceStart Start(BlueprintService service, int replica, nint? http, nint? grpc)
    {
        // Its own ports, beside the shared ones: health is each replica's own.
        var ownPort = service.Port("http") + Shift + (http is null ? replica - 1 : replica) * ReplicaStep;
        var environment = service.Environment.ToDictionary(each => each.Key, each => Place(each.Key, each.Value));
        environment["Platform__Port"] = ownPort.ToString(CultureInfo.InvariantCulture);
        environment["Platform__Data"] = dataFolder;
        if (http is { } httpHandle && grpc is { } grpcHandle)
        {
            environment["Platform__SharedHttp"] = httpHandle.ToString(CultureInfo.InvariantCulture);
            environment["Platform__SharedGrpc"] = grpcHandle.ToString(CultureInfo.InvariantCulture);
        }

        foreach (var (name, value) in options.Settings)
        {
            environment[name] = value;
        }

        return new ServiceStart
        {
            Name = $"{service.Name}/{replica}",
            Assembly = Path.Combine(
                AppContext.BaseDirectory, $"Platform.{Path.GetFileNameWithoutExtension(service.Project)}.dll"),
            OwnHttp = new Uri($"http://127.0.0.1:{ownPort}"),
            Environment = environment,
        };
    }

    private string Place(string name, string value) => name switch
    {
        "Platform__RabbitMq" when options.RabbitMq is { } given => given,
        "Platform__MongoDb" when options.MongoDb is { } given => given,
        "Generation__Generator" => options.Platform.Generator,
        "Minting__LingerMilliseconds" => options.Platform.LingerMilliseconds.ToString(CultureInfo.InvariantCulture),
        _ when value.StartsWith(".imprimatur", StringComparison.Ordinal) => dataFolder + value[".imprimatur".Length..],
        _ => OwnAddress().Replace(
            value, match => $"127.0.0.1:{int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) + Shift}"),
    };

    [GeneratedRegex(@"127\.0\.0\.1:([0-9]{1,5})\b")]
    private static partial Regex OwnAddress();
}
