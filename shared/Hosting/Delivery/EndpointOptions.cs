using System.ComponentModel.DataAnnotations;
using MassTransit;

namespace Platform.Hosting;

/// <summary>One endpoint's bounds, where an installation's differ from the code's; section <c>Platform:Endpoints:name</c>.</summary>
public sealed class EndpointOptions
{
    /// <summary>Messages that a consumer holds unacknowledged.</summary>
    [Range(1, 65_535)]
    public int? Prefetch { get; set; }

    /// <summary>Messages at work at once.</summary>
    [Range(1, 65_535)]
    public int? Concurrency { get; set; }
}

/// <summary>Sets the bounds last, after the endpoint's own definition.</summary>
internal sealed class EndpointBounds(PlatformOptions options) : IEndpointConfigurationObserver
{
    public void EndpointConfigured<T>(T configurator)
        where T : IReceiveEndpointConfigurator
    {
        var name = configurator.InputAddress.Segments[^1].Trim('/');
        if (!options.Endpoints.TryGetValue(name, out var bounds))
        {
            return;
        }

        if (bounds.Prefetch is { } prefetch)
        {
            configurator.PrefetchCount = prefetch;
        }

        if (bounds.Concurrency is { } concurrency)
        {
            configurator.ConcurrentMessageLimit = concurrency;
        }
    }
}
