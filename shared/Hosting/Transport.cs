using Grpc.Core;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using MongoDB.Driver;

namespace Platform.Hosting;

/// <summary>The one bus of a process: in memory, or RabbitMQ; which, is configuration.</summary>
internal static class Transport
{
    public static void AddTransport(
        this IServiceCollection services, PlatformOptions options, IReadOnlyList<IPlatformService> platform)
    {
        services.AddSingleton<BusReadiness>();
        services.AddBusObserver(provider => provider.GetRequiredService<BusReadiness>());
        services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.AddConfigureEndpointsCallback((_, _, endpoint) =>
            {
                endpoint.PublishFaults = false;
                if (endpoint is IRabbitMqReceiveEndpointConfigurator rabbit)
                {
                    rabbit.SetQuorumQueue();
                    rabbit.SetQueueArgument("x-delivery-limit", 20);
                }

                // What a moment mends. Typed outages of the outside world are each endpoint's own.
                endpoint.UseMessageRetry(retry =>
                {
                    retry.Exponential(
                        6, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(200));
                    retry.Handle<MongoConnectionException>();
                    retry.Handle<TimeoutException>();
                    retry.Handle<HttpRequestException>();
                    retry.Handle<RpcException>(exception =>
                        exception.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded);
                });
            });

            foreach (var service in platform)
            {
                service.Subscribe(bus);
            }

            if (options.Bus == "rabbitmq")
            {
                bus.UsingRabbitMq((context, rabbit) =>
                {
                    rabbit.Host(options.RabbitMq);
                    Configure(context, rabbit);
                });
            }
            else
            {
                bus.UsingInMemory(Configure);
            }
        });
        services.AddOptions<MassTransitHostOptions>().Configure<IOptions<PlatformOptions>>((host, _) =>
        {
            host.WaitUntilStarted = true;
            host.StopTimeout = TimeSpan.FromSeconds(20);
        });
    }

    private static void Configure<T>(IBusRegistrationContext context, IBusFactoryConfigurator<T> bus)
        where T : IReceiveEndpointConfigurator
    {
        var trace = new TraceContextObserver();
        bus.ConnectSendObserver(trace);
        bus.ConnectPublishObserver(trace);
        bus.UseFilter(new TraceContextFilter());
        bus.ConfigureEndpoints(context);
    }
}
