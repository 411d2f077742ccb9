using System.Text;
using MassTransit;

namespace Platform.Hosting;

/// <summary>The queue into which the broker puts what it gave up delivering, and what it says of it.</summary>
internal static class DeadLetters
{
    private const string DiedIn = "imprimatur-died-in";

    public static string QueueOf(string service) => $"{service}.dead-letters";

    public static bool Is(string endpoint) => endpoint.EndsWith(".dead-letters", StringComparison.Ordinal);

    /// <summary>The letter as it lay in the endpoint's queue in which it died.</summary>
    public static Letter Home(Letter letter, ReceiveContext context) =>
        (letter.Headers.GetValueOrDefault(DiedIn) ?? LastDeath(context)) is { } endpoint
            ? letter with { Endpoint = endpoint, Headers = Without(letter.Headers) }
            : letter;

    /// <summary>Remembers where it died: waiting in a delay queue is a death of its own to the broker.</summary>
    public static Letter Remember(Letter letter, string deadLetters) => letter with
    {
        Endpoint = deadLetters,
        Headers = new Dictionary<string, string>(letter.Headers) { [DiedIn] = letter.Endpoint },
    };

    public static ParkingReason Reason => new()
    {
        Kind = ParkingReason.DeliveryLimit,
        Message = "It came back more often than the delivery limit allows: each time its consumer's process ended, or gave it "
            + "back, before it was done. Replay it when what it kills is mended.",
    };

    /// <summary>The newest entry of <c>x-death</c> comes first; its queue is the one that gave the message up.</summary>
    private static string? LastDeath(ReceiveContext context) =>
        context.TransportHeaders.TryGetHeader("x-death", out var deaths)
            && deaths is IEnumerable<object> entries
            && entries.FirstOrDefault() is IDictionary<string, object> death
            && death.TryGetValue("queue", out var queue)
                ? queue as string ?? (queue is byte[] bytes ? Encoding.UTF8.GetString(bytes) : null)
                : null;

    private static Dictionary<string, string> Without(IReadOnlyDictionary<string, string> headers) =>
        headers.Where(header => header.Key != DiedIn).ToDictionary(header => header.Key, header => header.Value);
}
