using System.Diagnostics;
using MassTransit;

namespace Platform.Hosting;

/// <summary>The header that carries the W3C trace context over the bus.</summary>
public static class TraceHeader
{
    public const string Name = "traceparent";
}

/// <summary>Carries the W3C trace context of the message into what its consumer does, and counts what was handled.</summary>
internal sealed class TraceContextFilter : IFilter<ConsumeContext>
{
    public async Task Send(ConsumeContext context, IPipe<ConsumeContext> next)
    {
        var endpoint = context.ReceiveContext.InputAddress.Segments[^1];
        var parent = context.Headers.Get<string>(TraceHeader.Name);
        using var activity = parent is null
            ? PlatformTelemetry.Source.StartActivity(endpoint, ActivityKind.Consumer)
            : PlatformTelemetry.Source.StartActivity(endpoint, ActivityKind.Consumer, parent)
                ?? PlatformTelemetry.Continue(endpoint, parent);

        await MeasureAsync(context, next, endpoint);
    }

    private static async Task MeasureAsync(ConsumeContext context, IPipe<ConsumeContext> next, string endpoint)
    {
        var name = new KeyValuePair<string, object?>("endpoint", endpoint);
        if (PlatformTelemetry.Lag.Enabled && context.SentTime is { } sent)
        {
            PlatformTelemetry.Lag.Record((TimeProvider.System.GetUtcNow() - sent).TotalSeconds, name);
        }

        var outcome = "failed";
        try
        {
            await next.Send(context);
            outcome = "done";
        }
        finally
        {
            PlatformTelemetry.Messages.Add(1, name, new KeyValuePair<string, object?>("outcome", outcome));
        }
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("traceContext");
}

/// <summary>Writes the W3C trace context into whatever is sent.</summary>
internal sealed class TraceContextObserver : ISendObserver, IPublishObserver
{
    public Task PreSend<T>(SendContext<T> context)
        where T : class
    {
        if (Activity.Current?.Id is { } traceParent && !context.Headers.TryGetHeader(TraceHeader.Name, out _))
        {
            context.Headers.Set(TraceHeader.Name, traceParent);
        }

        return Task.CompletedTask;
    }

    public Task PostSend<T>(SendContext<T> context)
        where T : class => Task.CompletedTask;

    public Task SendFault<T>(SendContext<T> context, Exception exception)
        where T : class => Task.CompletedTask;

    public Task PrePublish<T>(PublishContext<T> context)
        where T : class => PreSend(context);

    public Task PostPublish<T>(PublishContext<T> context)
        where T : class => Task.CompletedTask;

    public Task PublishFault<T>(PublishContext<T> context, Exception exception)
        where T : class => Task.CompletedTask;
}
