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
            .ConfigureChannel(channel => channel.UnsafeUseInsecureChannelCallCredentials = true)
            .AddCallCredentials((_, metadata, provider) =>
            {
                var token = provider.GetRequiredService<InstallationToken>();
                metadata.Add("authorization", $"Bearer {token.Value}");
                return Task.CompletedTask;
            });
}
