using System.Collections.Concurrent;
using MassTransit;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Platform.Hosting;
using Platform.Mongo;

namespace Platform.Transport.Tests;

/// <summary>Something is ordered.</summary>
public sealed record Ordered
{
    public required Guid Id { get; init; }

    public required int Amount { get; init; }

    public string? Remark { get; init; }
}

/// <summary>Something is ordered, and many such are taken together.</summary>
public sealed record OrderedInBulk
{
    public required Guid Id { get; init; }
}

/// <summary>What was decided about an order.</summary>
public sealed record Accepted
{
    public required Guid Id { get; init; }
}

/// <summary>What nobody here hears.</summary>
public sealed record Unordered
{
    public required Guid Id { get; init; }
}

/// <summary>An outage of a service's own.</summary>
internal sealed class WarehouseClosedException() : Exception("The warehouse is closed."), IOutage;

/// <summary>What the consumers do when a message comes, and which messages they have done.</summary>
internal sealed class Script
{
    private readonly ConcurrentDictionary<Guid, TaskCompletionSource> done = new();
    private readonly ConcurrentDictionary<Guid, int> tries = new();

    public Func<Guid, CancellationToken, Task> Play { get; set; } = (_, _) => Task.CompletedTask;

    public int Tries(Guid id) => tries.GetValueOrDefault(id);

    public async Task PlayAsync(Guid id, CancellationToken cancellation)
    {
        tries.AddOrUpdate(id, 1, (_, count) => count + 1);
        await Play(id, cancellation);
    }

    public void Done(Guid id) => Of(id).TrySetResult();

    public bool IsDone(Guid id) => Of(id).Task.IsCompleted;

    public Task DoneAsync(Guid id, int seconds = 60) => Of(id).Task.WaitAsync(TimeSpan.FromSeconds(seconds));

    private TaskCompletionSource Of(Guid id) =>
        done.GetOrAdd(id, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
}

/// <summary>A small service with an endpoint for one message, one for many, and a decider.</summary>
internal sealed class OrderService(string name, Script script) : IPlatformService
{
    public string Name => name;

    public void Register(IHostApplicationBuilder host)
    {
        host.Services.AddSingleton(script);
        host.Services.AddSingleton(provider => new DecidedDocuments<Guid, Order>(
            provider.GetRequiredService<ServiceDatabase<OrderService>>().Collection<Decided<Guid, Order>>("orders"),
            provider.GetRequiredService<IAnnouncer>(),
            provider.GetRequiredService<TimeProvider>()));
        host.Services.AddSingleton<IRelayed>(provider => provider.GetRequiredService<DecidedDocuments<Guid, Order>>());
    }

    public void Subscribe(IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<TakeOrder>().Endpoint(endpoint => endpoint.Name = $"{name}.take-order");
        bus.AddConsumer<TakeMany, TakeMany.Definition>().Endpoint(endpoint => endpoint.Name = $"{name}.take-many");
        bus.AddConsumer<HearAcceptance>().Endpoint(endpoint => endpoint.Name = $"{name}.hear-acceptance");
    }

    public void Map(IEndpointRouteBuilder endpoints)
    {
    }
}

internal sealed record Order
{
    public required int Amount { get; init; }
}

internal sealed class TakeOrder(Script script) : IConsumer<Ordered>
{
    public async Task Consume(ConsumeContext<Ordered> context)
    {
        await script.PlayAsync(context.Message.Id, context.CancellationToken);
        script.Done(context.Message.Id);
    }
}

internal sealed class TakeMany(Script script) : IConsumer<Batch<OrderedInBulk>>
{
    public async Task Consume(ConsumeContext<Batch<OrderedInBulk>> context)
    {
        foreach (var each in context.Message)
        {
            await script.PlayAsync(each.Message.Id, context.CancellationToken);
        }

        foreach (var each in context.Message)
        {
            script.Done(each.Message.Id);
        }
    }

    internal sealed class Definition : ConsumerDefinition<TakeMany>
    {
        protected override void ConfigureConsumer(
            IReceiveEndpointConfigurator endpoint,
            IConsumerConfigurator<TakeMany> consumer,
            IRegistrationContext context)
        {
            endpoint.PrefetchCount = 100;
            consumer.Options<BatchOptions>(batch => batch
                .SetMessageLimit(20).SetTimeLimit(TimeSpan.FromMilliseconds(200)).SetConcurrencyLimit(1));
        }
    }
}

internal sealed class HearAcceptance(Script script) : IConsumer<Accepted>
{
    public Task Consume(ConsumeContext<Accepted> context)
    {
        script.Done(context.Message.Id);
        return Task.CompletedTask;
    }
}
