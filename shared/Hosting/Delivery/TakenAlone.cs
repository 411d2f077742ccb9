using MassTransit;

namespace Platform.Hosting;

/// <summary>Keeps a message that failed among others out of their batch.</summary>
/// <remarks>MassTransit closes a batch before a message that is tried again, and gives that one a batch of its own.</remarks>
internal sealed class TakenAlone : IFilter<ConsumeContext>
{
    public Task Send(ConsumeContext context, IPipe<ConsumeContext> next)
    {
        if (context.ReceiveContext.TransportHeaders.TryGetHeader(LetterHeaders.Alone, out _))
        {
            context.GetOrAddPayload<ConsumeRetryContext>(() => new Second());
        }

        return next.Send(context);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("takenAlone");

    /// <summary>Says that it is the second try.</summary>
    private sealed class Second : ConsumeRetryContext
    {
        public int RetryAttempt => 1;

        public int RetryCount => 1;

        public TContext CreateNext<TContext>(RetryContext retryContext)
            where TContext : class, ConsumeRetryContext => throw new NotSupportedException("This second try is by a letter of its own.");

        public Task NotifyPendingFaults() => Task.CompletedTask;
    }
}
