using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Platform.Hosting;

/// <summary>How a process is reached and what it stands on; section <c>Platform</c>, or <c>Platform__*</c> variables.</summary>
public sealed class PlatformOptions
{
    public const string Section = "Platform";

    /// <summary><c>memory</c> or <c>rabbitmq</c>.</summary>
    [RegularExpression("^(memory|rabbitmq)$", ErrorMessage = "Platform:Bus must be 'memory' or 'rabbitmq'.")]
    public string Bus { get; set; } = "memory";

    /// <summary>AMQP URI; used when the bus is <c>rabbitmq</c>.</summary>
    public Uri RabbitMq { get; set; } = new("amqp://localhost");

    /// <summary>MongoDB connection string.</summary>
    [Required(ErrorMessage = "Platform:MongoDb must be a MongoDB connection string.")]
    public string MongoDb { get; set; } = "mongodb://localhost:27017";

    /// <summary>HTTP/1.1 (ingest, JSON, gateway, health); the next port speaks gRPC in clear HTTP/2.</summary>
    [Range(1, 65534)]
    public int Port { get; set; } = 5080;

    /// <summary>Descriptor of an inherited listening socket that takes HTTP/1.1 too; see <see cref="SharedGrpc"/>.</summary>
    public ulong? SharedHttp { get; set; }

    /// <summary>Descriptor of an inherited listening socket that takes gRPC too: replicas of one machine share both.</summary>
    public ulong? SharedGrpc { get; set; }

    /// <summary>Seconds at the end in which requests are still answered, each with <c>Connection: close</c>.</summary>
    [Range(0, 300)]
    public double DrainSeconds { get; set; }

    /// <summary>Folder of content, blocks and keys.</summary>
    [Required]
    public string Data { get; set; } = ".imprimatur";

    /// <summary>File that holds the installation's token; made at first start.</summary>
    public string? TokenFile { get; set; }

    /// <summary>Host names that are answered, besides the loopback's own.</summary>
    public IList<string> AllowedHosts { get; } = [];

    /// <summary>Where <c>campaigns</c> answers gRPC; this process itself when empty.</summary>
    public Uri? CampaignsAddress { get; set; }

    /// <summary>Where the content gateway is reached by people; this process itself when empty.</summary>
    public Uri? GatewayAddress { get; set; }

    /// <summary><c>loopback</c>, or <c>any</c> where something in front decides who gets here: a container's network.</summary>
    [RegularExpression("^(loopback|any)$", ErrorMessage = "Platform:Listen must be 'loopback' or 'any'.")]
    public string Listen { get; set; } = "loopback";

    /// <summary><c>json</c>: one object a line on standard output, with the trace's id; <c>text</c>; or as the host has it.</summary>
    [RegularExpression("^(json|text)$", ErrorMessage = "Platform:Logs must be 'json' or 'text'.")]
    public string? Logs { get; set; }

    /// <summary>Seconds in which messages at work may be finished at the end; what is not done then is given back.</summary>
    [Range(0, 3_600)]
    public double FinishSeconds { get; set; } = 20;

    /// <summary>Seconds that an announcement waits for a bus that is away or blocked; the relay makes it later.</summary>
    [Range(0.1, 300)]
    public double AnnounceSeconds { get; set; } = 5;

    /// <summary>Days that a parked message is kept.</summary>
    [Range(1, 3_650)]
    public int ParkedDays { get; set; } = 30;

    /// <summary>Whole seconds, rising, that an outage's message is held, each twice and the last for ever; 5, 30, 300.</summary>
    /// <remarks>On RabbitMQ each is a queue of its own.</remarks>
    public int[]? DelaySeconds { get; set; }

    /// <summary>Bounds of endpoints, by name, where they differ from the code's.</summary>
    public IDictionary<string, EndpointOptions> Endpoints { get; } =
        new Dictionary<string, EndpointOptions>(StringComparer.OrdinalIgnoreCase);

    internal IReadOnlyList<TimeSpan> Delays => [.. (DelaySeconds ?? [5, 30, 300]).Select(seconds => TimeSpan.FromSeconds(seconds))];

    internal TimeSpan Finish => TimeSpan.FromSeconds(FinishSeconds);

    public string TokenPath => TokenFile ?? Path.Combine(Data, "token");

    public Uri GrpcAddress => new($"http://127.0.0.1:{Port + 1}");

    public Uri HttpAddress => new($"http://127.0.0.1:{Port}");
}

[OptionsValidator]
internal sealed partial class PlatformOptionsValidator : IValidateOptions<PlatformOptions>;
