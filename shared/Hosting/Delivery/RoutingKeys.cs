using System.Text;
using MassTransit;

namespace Platform.Hosting;

/// <summary>The key under which a message was published, also when it was held or replayed since.</summary>
public static class RoutingKeys
{
    /// <summary>Empty where it had none; null where the bus knows none.</summary>
    public static string? Of(ReceiveContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.TransportHeaders.TryGetHeader(LetterHeaders.RoutingKey, out var kept))
        {
            return kept as string ?? (kept is byte[] bytes ? Encoding.UTF8.GetString(bytes) : null);
        }

        return context.TryGetPayload<RabbitMqBasicConsumeContext>(out var rabbit) && rabbit.Exchange.Length > 0
            ? rabbit.RoutingKey
            : null;
    }
}
