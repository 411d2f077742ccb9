using System.Net.Http.Headers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Platform.Hosting;

/// <summary>gRPC clients of other services, bearing the installation's token.</summary>
public static class PlatformClients
{
    /// <param name="address">Where the service answers; null means this process.</param>
    public static void AddPlatformClient<TClient>(
        this IServiceCollection services, Func<PlatformOptions, Uri?> address)
        where TClient : class =>
        services
            .AddGrpcClient<TClient>((provider, client) =>
            {
                var options = provider.GetRequiredService<IOptions<PlatformOptions>>().Value;
                client.Address = address(options) ?? options.GrpcAddress;
            })
            .AddHttpMessageHandler(provider => new BearerHandler(provider.GetRequiredService<InstallationToken>()));

    /// <summary>Call credentials are for TLS channels; between our own processes on one machine the header is enough.</summary>
    private sealed class BearerHandler(InstallationToken token) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Value);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
