using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MongoDB.Driver;

namespace Platform.Hosting;

/// <summary>The bus of a process: in memory, or RabbitMQ; which, is configuration.</summary>
/// <remarks>The topology, what is retried, held and parked, and the timeouts are in this project's README.</remarks>
internal static class Transport
{
    private const int DeliveryLimit = 20;

    public static void AddTransport(
        this IServiceCollection services, PlatformOptions options, IReadOnlyList<IPlatformService> platform)
    {
        // MassTransit keeps its loggers in the flow of control; a host that ended in this flow has left its closed ones.
        LogContext.Current = null;
        services.AddSingleton(options);
        services.AddSingleton<BusReadiness>();
        services.AddSingleton<EndpointNames>();
        services.AddSingleton<QueueWatch>();
        services.AddSingleton<LetterSeal>();
        services.AddSingleton(provider => new ParkingLots([.. platform.Select(service => LotOf(provider, service.Name, options))]));
        services.AddHostedService<ParkingIndexes>();
        services.AddSingleton<Settlement>();
        services.AddSingleton<Replay>();
        services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.AddConfigureEndpointsCallback((context, name, endpoint) => ConfigureEndpoint(context, name, endpoint));
            foreach (var service in platform)
            {
                service.Subscribe(bus);
            }

            if (options.Bus == "rabbitmq")
            {
                bus.UsingRabbitMq((context, rabbit) =>
                {
                    Connect(rabbit, options, "imprimatur consuming");
                    Configure(context, rabbit);
                    foreach (var service in platform)
                    {
                        HearDeadLetters(context, rabbit, service.Name);
                    }
                });
            }
            else
            {
                bus.UsingInMemory(Configure);
            }
        });
        if (options.Bus == "rabbitmq")
        {
            AddRabbit(services, options);
            AddIngest(services, options, [.. platform.Select(service => service.Ingest).OfType<Action<IBusRegistrationConfigurator>>()]);
        }
        else
        {
            services.AddSingleton<MemoryCourier>();
            services.AddSingleton<ICourier>(provider => provider.GetRequiredService<MemoryCourier>());
            services.AddHostedService(provider => provider.GetRequiredService<MemoryCourier>());
            services.AddSingleton(provider => new AnnouncingBus(provider.GetRequiredService<IBus>()));
        }

        services.Configure<MassTransitHostOptions>(host =>
        {
            // A process that starts before its broker serves HTTP meanwhile, is not ready, and goes on when it comes.
            host.WaitUntilStarted = options.Bus == "memory";
            host.ConsumerStopTimeout = options.Finish;
            host.StopTimeout = options.Finish + TimeSpan.FromSeconds(5);
        });
        services.Configure<HostOptions>(host => host.ShutdownTimeout =
            TimeSpan.FromSeconds(options.DrainSeconds) + options.Finish + TimeSpan.FromSeconds(10));
    }

    private static void AddRabbit(IServiceCollection services, PlatformOptions options)
    {
        services.AddSingleton(_ => new RabbitLink(options.RabbitMq));
        services.AddSingleton<ICourier, RabbitCourier>();
        services.AddMassTransit<IAnnouncingBus, AnnouncingBusInstance>(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.UsingRabbitMq((_, rabbit) =>
            {
                Connect(rabbit, options, "imprimatur announcing");
                Observe(rabbit);
            });
        });
        services.AddSingleton(provider => new AnnouncingBus(provider.GetRequiredService<IAnnouncingBus>()));
    }

    private static void AddIngest(
        IServiceCollection services, PlatformOptions options, IReadOnlyList<Action<IBusRegistrationConfigurator>> subscriptions)
    {
        if (subscriptions.Count == 0)
        {
            return;
        }

        services.AddMassTransit<IIngestBus, IngestBusInstance>(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.AddConfigureEndpointsCallback((context, name, endpoint) => ConfigureEndpoint(context, name, endpoint));
            foreach (var subscribe in subscriptions)
            {
                subscribe(bus);
            }

            bus.UsingRabbitMq((context, rabbit) =>
            {
                Connect(rabbit, options, "imprimatur taking");
                Listen(context, rabbit);
            });
        });
    }

    private static void Connect(IRabbitMqBusFactoryConfigurator rabbit, PlatformOptions options, string name) =>
        rabbit.Host(options.RabbitMq, name, host =>
        {
            host.PublisherConfirmation = true;
            host.Heartbeat(TimeSpan.FromSeconds(10)); // a cut that nobody announced is known after two of them
            host.RequestedConnectionTimeout(TimeSpan.FromSeconds(10));
            host.MaxMessageSize(16 * MessageLimit.Bytes); // what others sent too large must arrive to be parked
        });

    private static void ConfigureEndpoint(IRegistrationContext context, string name, IReceiveEndpointConfigurator endpoint)
    {
        context.GetRequiredService<EndpointNames>().Add(name);
        if (endpoint is IRabbitMqReceiveEndpointConfigurator rabbit)
        {
            rabbit.SetQuorumQueue();
            rabbit.SetQueueArgument("x-delivery-limit", DeliveryLimit);
            rabbit.SetQueueArgument("x-dead-letter-exchange", DeadLetters.QueueOf(name.Split('.')[0]));
            rabbit.SetQueueArgument("x-dead-letter-strategy", "at-least-once");
            rabbit.SetQueueArgument("x-overflow", "reject-publish"); // at-least-once asks for it; no length is limited
        }

        Settle(context, endpoint);

        // What a moment mends; what takes longer is held.
        endpoint.UseMessageRetry(retry =>
        {
            retry.Exponential(4, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(2), TimeSpan.FromMilliseconds(100));
            retry.Handle<Exception>(exception =>
                Outages.Contains(exception) && exception is not (OperationCanceledException or ConsumerCanceledException));
        });
    }

    private static void HearDeadLetters(
        IBusRegistrationContext context, IRabbitMqBusFactoryConfigurator rabbit, string service) =>
        rabbit.ReceiveEndpoint(DeadLetters.QueueOf(service), endpoint =>
        {
            endpoint.SetQuorumQueue();
            // RabbitMQ 4 has a limit of 20 unless told: what is dead already must not be dropped for dying again.
            endpoint.SetQueueArgument("x-delivery-limit", -1);
            endpoint.PrefetchCount = 16;
            Settle(context, endpoint);
        });

    private static void Settle(IServiceProvider provider, IReceiveEndpointConfigurator endpoint)
    {
        // Later: it sends by the bus that is being built here.
        var settlement = new Lazy<Settlement>(provider.GetRequiredService<Settlement>);
        endpoint.PublishFaults = false;
        endpoint.ConfigureReceive(receive => receive.UseFilter(new Intake(settlement)));
        endpoint.ConfigureError(error => error.UseFilter(new Mishap(settlement)));
        endpoint.ConfigureDeadLetter(unheard => unheard.UseFilter(new Unheard(settlement)));
    }

    private static void Configure<T>(IBusRegistrationContext context, IBusFactoryConfigurator<T> bus)
        where T : IReceiveEndpointConfigurator
    {
        // Of this bus alone: what is announced is heard here.
        bus.ConnectBusObserver(context.GetRequiredService<BusReadiness>());
        Listen(context, bus);
    }

    private static void Listen<T>(IBusRegistrationContext context, IBusFactoryConfigurator<T> bus)
        where T : IReceiveEndpointConfigurator
    {
        Observe(bus);
        bus.UseFilter(new TraceContextFilter());
        bus.UseFilter(context.GetRequiredService<QueueWatch>());
        bus.UseFilter(new TakenAlone());
        bus.ConnectEndpointConfigurationObserver(new EndpointBounds(context.GetRequiredService<PlatformOptions>()));
        bus.ConfigureEndpoints(context);
    }

    private static void Observe(IBusFactoryConfigurator bus)
    {
        var trace = new TraceContextObserver();
        bus.ConnectSendObserver(trace);
        bus.ConnectPublishObserver(trace);
        var limit = new MessageLimitObserver();
        bus.ConnectSendObserver(limit);
        bus.ConnectPublishObserver(limit);
    }

    private static ParkingLot LotOf(IServiceProvider provider, string service, PlatformOptions options) => new(
        service,
        provider.GetRequiredService<IMongoClient>().GetDatabase(PlatformHost.DatabaseOf(service))
            .GetCollection<ParkedLetter>("parked"),
        provider.GetRequiredService<LetterSeal>(),
        provider.GetRequiredService<TimeProvider>(),
        options.ParkedDays);

    /// <summary>Stores that no service registers.</summary>
    private sealed class ParkingIndexes(ParkingLots lots) : IHostedService
    {
        public async Task StartAsync(CancellationToken cancellationToken)
        {
            foreach (var lot in lots.All)
            {
                await lot.EnsureIndexesAsync(cancellationToken);
            }
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
