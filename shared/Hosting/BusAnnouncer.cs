using MassTransit;
using Platform.Mongo;

namespace Platform.Hosting;

/// <summary>Publishes a decided message with the id and the trace its document gave it.</summary>
/// <remarks>
/// Nobody waits long for a bus that is away or blocked: an announcement has its seconds, and after one in vain the next
/// ones are refused at once for as long. What is in a document is announced by the relay when the bus is back.
/// </remarks>
internal sealed class BusAnnouncer(AnnouncingBus announcing, BusReadiness readiness, PlatformOptions options, TimeProvider clock)
    : IAnnouncer
{
    private long closedUntil;

    private TimeSpan Patience => TimeSpan.FromSeconds(options.AnnounceSeconds);

    public async Task AnnounceAsync(object message, Guid messageId, string? traceParent, CancellationToken cancellation)
    {
        if (clock.GetUtcNow().UtcTicks < Volatile.Read(ref closedUntil))
        {
            throw new NotAnnouncedException("The bus took no announcement a moment ago; it is asked again soon.");
        }

        using var patience = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            // Loops run before the bus does: the clock, the signer, and what a crash left them to say.
            await readiness.WaitAsync(either.Token);
            await PublishAsync(message, messageId, traceParent, either.Token).WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw;
        }
        catch (MessageTooLargeException exception)
        {
            throw new NotAnnouncedException(exception.Message, exception);
        }
        catch (Exception exception)
        {
            Volatile.Write(ref closedUntil, (clock.GetUtcNow() + Patience).UtcTicks);
            throw new NotAnnouncedException(
                exception is OperationCanceledException
                    ? $"The bus did not take a {message.GetType().Name} within {Patience.TotalSeconds} s: it is away, or blocks publishers."
                    : $"The bus did not take a {message.GetType().Name}: {exception.Message}",
                exception);
        }
    }

    private Task PublishAsync(object message, Guid messageId, string? traceParent, CancellationToken cancellation) =>
        announcing.Bus.Publish(
            message,
            message.GetType(),
            Pipe.Execute<PublishContext>(context =>
            {
                context.MessageId = messageId;
                if (traceParent is not null)
                {
                    context.Headers.Set(TraceHeader.Name, traceParent);
                }
            }),
            cancellation);
}
