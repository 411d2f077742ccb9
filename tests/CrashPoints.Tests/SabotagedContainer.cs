using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using MongoDB.Driver;
using Platform.Content;
using Platform.Hosting;

namespace Platform.CrashPoints.Tests;

/// <summary>Builds the host's own container, with the saboteur before every port that leads out of the process.</summary>
/// <remarks>That is the whole seam: what ships is not built for it and holds nothing of it.</remarks>
internal sealed class SabotagedContainer(Life life, TimeProvider clock) : IServiceProviderFactory<IServiceCollection>
{
    public IServiceCollection CreateBuilder(IServiceCollection services)
    {
        for (var index = 0; index < services.Count; index++)
        {
            services[index] = Interpose(services[index]);
        }

        services.AddSingleton(clock);
        services.AddSingleton<IStartupFilter>(new NamedRequests(life));
        services.ConfigureHttpClientDefaults(http => http.AddHttpMessageHandler(() => new SabotagedChain(life)));
        return services;
    }

    public IServiceProvider CreateServiceProvider(IServiceCollection containerBuilder) => containerBuilder.BuildServiceProvider();

    private ServiceDescriptor Interpose(ServiceDescriptor registered)
    {
        if (registered.IsKeyedService)
        {
            return registered;
        }

        var port = registered.ServiceType;
        if (port == typeof(IMongoClient))
        {
            return ServiceDescriptor.Singleton(provider => SabotagedDatabase.Before((IMongoClient)Make(registered, provider), life));
        }

        if (port == typeof(IContentStore))
        {
            return ServiceDescriptor.Singleton(port, provider => Interposed.Before(port, Make(registered, provider), life, Storing));
        }

        if (port.Name == "IContentNetwork") // storage's own
        {
            return ServiceDescriptor.Singleton(port, provider => Interposed.Before(port, Make(registered, provider), life, Pinning));
        }

        return port == typeof(IHostedService) && typeof(Forever).IsAssignableFrom(registered.ImplementationType)
            ? ServiceDescriptor.Singleton<IHostedService>(provider => new NamedLoop((IHostedService)Make(registered, provider)))
            : registered;
    }

    private static object Make(ServiceDescriptor registered, IServiceProvider provider) =>
        registered.ImplementationInstance
        ?? registered.ImplementationFactory?.Invoke(provider)
        ?? ActivatorUtilities.CreateInstance(provider, registered.ImplementationType!);

    private static Deed? Storing(MethodInfo method, object?[] arguments) =>
        method.Name == nameof(IContentStore.PutAsync) ? new Deed("put content", Full) : null;

    private static Deed? Pinning(MethodInfo method, object?[] arguments) => method.Name switch
    {
        "StageAsync" => new Deed("stage dag", Full),
        "PinAsync" => new Deed("pin dags", Full),
        _ => null,
    };

    private static IOException Full() => new("No space left on device.");

    /// <summary>A loop that is known by its name in all it does.</summary>
    private sealed class NamedLoop(IHostedService loop) : IHostedService, IDisposable
    {
        public async Task StartAsync(CancellationToken cancellationToken)
        {
            Who.IsNow(loop.GetType().Name);
            await loop.StartAsync(cancellationToken);
        }

        public Task StopAsync(CancellationToken cancellationToken) => loop.StopAsync(cancellationToken);

        public void Dispose() => (loop as IDisposable)?.Dispose();
    }

    /// <summary>A request that is known by its route in all it leads to.</summary>
    private sealed class NamedRequests(Life life) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(AnswerAsync);
            next(app);
        };

        private async Task AnswerAsync(HttpContext context, RequestDelegate next)
        {
            var parts = context.Request.Path.Value!.Split('/');
            if (parts is ["", "v1", "campaigns", _, ..])
            {
                parts[3] = "*";
            }

            Who.IsNow($"{context.Request.Method} {string.Join('/', parts)}");
            var isDeed = context.Request.Method == HttpMethods.Post && parts[^1] is "events" or "ApproveCase";
            if (isDeed)
            {
                life.Pass("accept request", SabotagedBus.Outage);
            }

            await next(context);
            if (isDeed && !context.Response.HasStarted)
            {
                life.Pass("answer request", SabotagedBus.Outage);
            }
        }
    }
}
