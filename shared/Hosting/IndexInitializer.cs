using Microsoft.Extensions.Hosting;
using Platform.Mongo;

namespace Platform.Hosting;

/// <summary>Creates every store's indexes before the first message is taken.</summary>
internal sealed class IndexInitializer(IEnumerable<IIndexed> stores) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var store in stores)
        {
            await store.EnsureIndexesAsync(cancellationToken);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
