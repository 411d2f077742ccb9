using MassTransit;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace Platform.Hosting;

/// <summary>A service's front door: what it registers, hears and answers. Its table of contents.</summary>
public interface IPlatformService
{
    /// <summary>Lower-case, hyphenated: names its database, its endpoints and its telemetry.</summary>
    string Name { get; }

    void Register(IHostApplicationBuilder host);

    void Subscribe(IBusRegistrationConfigurator bus);

    /// <summary>Subscribes what strangers publish to a broker, on a connection of its own; null where nothing is.</summary>
    Action<IBusRegistrationConfigurator>? Ingest => null;

    void Map(IEndpointRouteBuilder endpoints);
}
