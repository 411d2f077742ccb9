using MassTransit;

namespace Platform.Hosting;

/// <summary>The first that looks at a delivered message: what is too large is parked unread.</summary>
/// <remarks>
/// MassTransit gives a cancelled consumer's message back to the broker at once, and so again and again up to the delivery
/// limit. While this process goes on, a cancellation is a call that took too long: an outage, which is held.
/// </remarks>
internal sealed class Intake(Lazy<Settlement> settlement) : IFilter<ReceiveContext>
{
    public async Task Send(ReceiveContext context, IPipe<ReceiveContext> next)
    {
        if (context.Body.Length > MessageLimit.Bytes)
        {
            await settlement.Value.ParkAsync(context, MessageLimit.Reason(context.Body.Length ?? 0));
            return;
        }

        try
        {
            await next.Send(context);
        }
        catch (OperationCanceledException exception) when (!context.CancellationToken.IsCancellationRequested)
        {
            await settlement.Value.FailedAsync(context, exception);
        }
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("intake");
}

/// <summary>What comes after a consumer that failed; in the place of MassTransit's error queue.</summary>
internal sealed class Mishap(Lazy<Settlement> settlement) : IFilter<ExceptionReceiveContext>
{
    public async Task Send(ExceptionReceiveContext context, IPipe<ExceptionReceiveContext> next)
    {
        await settlement.Value.FailedAsync(context, context.Exception);
        if (!context.IsFaulted)
        {
            await context.NotifyFaulted(context.Exception); // else it counts as unheard, too
        }

        await next.Send(context);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("mishap");
}

/// <summary>What becomes of a message that no consumer of its endpoint hears; in the place of MassTransit's skipped queue.</summary>
internal sealed class Unheard(Lazy<Settlement> settlement) : IFilter<ReceiveContext>
{
    public async Task Send(ReceiveContext context, IPipe<ReceiveContext> next)
    {
        var isDead = DeadLetters.Is(ReceivedLetter.EndpointOf(context));
        await settlement.Value.ParkAsync(context, isDead ? DeadLetters.Reason : new ParkingReason
        {
            Kind = ParkingReason.UnknownType,
            Message = "No consumer of this endpoint hears the message's type.",
        });
        await next.Send(context);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("unheard");
}
