namespace Platform.Hosting;

/// <summary>Why a message was parked: what operations list, and replay, by.</summary>
internal sealed record ParkingReason
{
    /// <summary>Its consumer threw what no waiting mends.</summary>
    public const string ConsumerFailed = "consumer-failed";

    /// <summary>Not JSON, a required property missing, a property of the wrong type.</summary>
    public const string NotUnderstood = "not-understood";

    /// <summary>A type that the endpoint does not hear.</summary>
    public const string UnknownType = "unknown-type";

    /// <summary>More than 1 MiB.</summary>
    public const string TooLarge = "too-large";

    /// <summary>The broker delivered it again and again, and each time its consumer's process was gone before it was done.</summary>
    public const string DeliveryLimit = "delivery-limit";

    private const int LongestMessage = 1_000;

    public required string Kind { get; init; }

    public required string Message { get; init; }

    /// <summary>Full name of the exception; null when nothing was thrown.</summary>
    public string? ExceptionType { get; init; }

    public static ParkingReason Of(Exception exception)
    {
        var notUnderstood = exception is System.Runtime.Serialization.SerializationException or System.Text.Json.JsonException;
        var root = notUnderstood ? exception.GetBaseException() : exception;
        return new ParkingReason
        {
            Kind = notUnderstood ? NotUnderstood : ConsumerFailed,
            ExceptionType = root.GetType().FullName,
            Message = root.Message.Length > LongestMessage ? root.Message[..LongestMessage] : root.Message,
        };
    }
}
