using Google.Protobuf.WellKnownTypes;
using Platform.Grpc.Operations;

namespace Platform.Hosting;

/// <summary>Shows a parked message, but for its body.</summary>
internal static class ParkedMessages
{
    public static ParkedMessage Of(string service, ParkedLetter parked) => new()
    {
        Id = parked.Id.ToString(),
        Service = service,
        Endpoint = parked.Endpoint,
        MessageId = parked.MessageId,
        MessageTypes = { parked.MessageTypes },
        ContentType = parked.ContentType,
        Reason = parked.Reason,
        ExceptionType = parked.ExceptionType ?? "",
        ReasonMessage = parked.ReasonMessage,
        Headers = { parked.Headers.ToDictionary() },
        TraceParent = parked.TraceParent ?? "",
        SentAt = parked.SentAt is { } sent ? Timestamp.FromDateTimeOffset(sent) : null,
        FirstParkedAt = Timestamp.FromDateTimeOffset(parked.FirstParkedAt),
        ParkedAt = Timestamp.FromDateTimeOffset(parked.ParkedAt),
        Times = parked.Times,
        Size = parked.Size,
        Digest = parked.Digest,
        State = parked.State,
        ReplayedAt = parked.ReplayedAt is { } replayed ? Timestamp.FromDateTimeOffset(replayed) : null,
        ExpiresAt = Timestamp.FromDateTimeOffset(parked.ExpiresAt),
    };
}
