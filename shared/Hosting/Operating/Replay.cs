using System.Security.Cryptography;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Platform.Grpc.Operations;

namespace Platform.Hosting;

/// <summary>Sends parked messages to their endpoints again, as they were.</summary>
/// <remarks>
/// Marked only when the bus has confirmed: a crash in between sends it twice, and a consumer is safe against that.
/// </remarks>
internal sealed partial class Replay(ICourier courier, ILogger<Replay> logger)
{
    private const int Page = 100;

    /// <returns>False when it had been replayed before.</returns>
    public async Task<bool> SendAsync(ParkingLot lot, ParkedLetter parked, CancellationToken cancellation)
    {
        if (parked.State == ParkedLetter.Replayed)
        {
            return false;
        }

        await courier.SendAsync(Open(lot, parked), cancellation);
        await lot.MarkReplayedAsync(parked, cancellation);
        LogReplayed(parked.MessageId, parked.Endpoint, parked.Id, parked.Reason);
        return true;
    }

    /// <summary>Each that the query finds, once: what fails again and is parked again is not sent a second time.</summary>
    public async Task SendAllAsync(
        ParkingLot lot, ParkedQuery query, ReplayAllParkedResponse answer, CancellationToken cancellation)
    {
        Guid? after = null;
        while (await lot.ListAsync(query, after, Page, cancellation) is { Count: > 0 } found)
        {
            foreach (var id in found.Select(listed => listed.Id))
            {
                try
                {
                    if (await lot.FindAsync(id, cancellation) is { } parked && await SendAsync(lot, parked, cancellation))
                    {
                        answer.Sent++;
                    }
                }
                catch (RpcException exception)
                {
                    answer.Failed[id.ToString()] = exception.Status.Detail;
                }
            }

            after = found[^1].Id;
        }
    }

    /// <exception cref="RpcException">There is no body to open, or it was sealed under another token.</exception>
    public static Letter Open(ParkingLot lot, ParkedLetter parked)
    {
        if (parked.Sealed is null)
        {
            throw new RpcException(new Status(StatusCode.FailedPrecondition, parked.State == ParkedLetter.Discarded
                ? $"Parked message {parked.Id} was discarded; its body is gone."
                : $"The body of parked message {parked.Id} has {parked.Size} bytes, and was too large to be kept."));
        }

        try
        {
            return lot.Open(parked);
        }
        catch (CryptographicException)
        {
            throw new RpcException(new Status(
                StatusCode.FailedPrecondition,
                $"The body of parked message {parked.Id} was sealed under another installation token. Use that one's process to open it."));
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Replayed message {MessageId} to {Endpoint} from {ParkedId}, parked as {Reason}")]
    private partial void LogReplayed(string messageId, string endpoint, Guid parkedId, string reason);
}
