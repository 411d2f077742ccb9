using MassTransit;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Platform.Hosting;

namespace Platform.CrashPoints.Tests;

/// <summary>Sits on the bus beside the services, before each of their endpoints.</summary>
internal sealed class SabotagedBus(Life life) : IPlatformService
{
    /// <summary>What the broker is to do with a message: it travels with it to every hearer.</summary>
    public const string Fate = "Crash-Point";

    public string Name => "saboteur";

    public static TimeoutException Outage() => new("The broker did not answer in time.");

    public void Register(IHostApplicationBuilder host)
    {
        host.Services.AddSingleton(life);
        host.Services.AddScoped(typeof(SabotagedDelivery<>));
        host.Services.AddPublishObserver<SabotagedPublishing>();
    }

    public void Subscribe(IBusRegistrationConfigurator bus) => bus.AddConfigureEndpointsCallback(
        (context, _, endpoint) =>
        {
            endpoint.UseFilter(new SabotagedBroker(life));
            endpoint.UseConsumeFilter(typeof(SabotagedDelivery<>), context);
        });

    public void Map(IEndpointRouteBuilder endpoints)
    {
    }
}

/// <summary>A step before and after each publish.</summary>
/// <remarks>
/// An observer can stop a publish but not swallow it: a message that the broker loses, doubles or delays carries that
/// fate, and each hearer's end acts it out.
/// </remarks>
internal sealed class SabotagedPublishing(Life life) : IPublishObserver
{
    public Task PrePublish<T>(PublishContext<T> context)
        where T : class
    {
        if (life.Pass($"before publish {typeof(T).Name}", SabotagedBus.Outage) is { } kind)
        {
            context.Headers.Set(SabotagedBus.Fate, kind.ToString());
        }

        return Task.CompletedTask;
    }

    public Task PostPublish<T>(PublishContext<T> context)
        where T : class
    {
        life.Pass($"after publish {typeof(T).Name}", SabotagedBus.Outage);
        return Task.CompletedTask;
    }

    public Task PublishFault<T>(PublishContext<T> context, Exception exception)
        where T : class => Task.CompletedTask;
}

/// <summary>Acts out, at a hearer's end, what the broker did with a message.</summary>
internal sealed class SabotagedBroker(Life life) : IFilter<ConsumeContext>
{
    public async Task Send(ConsumeContext context, IPipe<ConsumeContext> next)
    {
        Who.IsNow(context.ReceiveContext.InputAddress.Segments[^1]);
        life.EnsureAlive();
        var times = await life.MeetAsync($"{context.MessageId}", context.Headers.Get<string>(SabotagedBus.Fate));
        for (; times > 0; times--)
        {
            await next.Send(context);
        }
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("crashPoints");
}

/// <summary>A step at each delivery and one before each acknowledgement: of a message, or of a batch where that is heard.</summary>
internal sealed class SabotagedDelivery<T>(Life life) : IFilter<ConsumeContext<T>>
    where T : class
{
    private static readonly string Message =
        typeof(T).IsGenericType ? typeof(T).GetGenericArguments()[0].Name : typeof(T).Name;

    public async Task Send(ConsumeContext<T> context, IPipe<ConsumeContext<T>> next)
    {
        Who.IsNow(context.ReceiveContext.InputAddress.Segments[^1]);
        var kind = life.Pass($"receive {Message}", SabotagedBus.Outage);
        var times = await life.MeetAsync($"{context.MessageId}", kind?.ToString());
        for (; times > 0; times--)
        {
            await next.Send(context);
            life.Pass($"acknowledge {Message}", SabotagedBus.Outage);
        }
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("crashPoints");
}
