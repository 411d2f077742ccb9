using Microsoft.Extensions.Logging;
using Platform.Mongo;

namespace Platform.Hosting;

/// <summary>Announces what a crash left in the documents.</summary>
/// <remarks>Runs in every replica: a document's messages are claimed by one of them.</remarks>
internal sealed partial class RelayLoop(IEnumerable<IRelayed> stores, TimeProvider clock, ILogger<RelayLoop> logger)
    : Forever(clock, logger)
{
    protected override TimeSpan Pause => TimeSpan.FromSeconds(2);

    protected override async Task<bool> WorkAsync(CancellationToken cancellation)
    {
        var relayed = 0;
        foreach (var store in stores)
        {
            try
            {
                relayed += await store.RelayAsync(cancellation);
            }
            catch (RelayFailedException failure)
            {
                LogNotRelayed(failure, failure.Message);
            }
        }

        return relayed > 0;
    }

    [LoggerMessage(21, LogLevel.Error, "{Reason}")]
    private partial void LogNotRelayed(Exception failure, string reason);
}

/// <summary>Takes out of the documents what is on the bus.</summary>
internal sealed class PullLoop(IEnumerable<IRelayed> stores, TimeProvider clock, ILogger<PullLoop> logger)
    : Forever(clock, logger)
{
    protected override TimeSpan Pause => TimeSpan.FromMilliseconds(200);

    protected override async Task<bool> WorkAsync(CancellationToken cancellation)
    {
        foreach (var store in stores)
        {
            await store.PullAsync(cancellation);
        }

        return false;
    }
}
