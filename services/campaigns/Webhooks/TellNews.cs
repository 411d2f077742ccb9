using Microsoft.Extensions.Options;
using Platform.Hosting;

namespace Platform.Campaigns;

/// <summary>Makes of each admission's news a delivery for every endpoint that wants it.</summary>
/// <remarks>
/// That an asset became something, and that this is untold, is one write of the admission's document: no crash comes
/// between. The deliveries are made next, under derived ids, and the mark is taken off last, if it is still as it was
/// read; a crash anywhere has them made again and found to be there. Times of other services' clocks play no part, as they
/// would where closed admissions were read by when they closed. Runs in every replica.
/// </remarks>
internal sealed class TellNews(
    Admissions admissions,
    WebhookEndpoints endpoints,
    WebhookDeliveries deliveries,
    NewDeliveries fresh,
    TimeProvider clock,
    ILogger<TellNews> logger) : Forever(clock, logger)
{
    private const int AtATime = 200;

    protected override TimeSpan Pause => TimeSpan.FromMilliseconds(250);

    protected override async Task<bool> WorkAsync(CancellationToken cancellation)
    {
        var listening = await endpoints.ListAsync(cancellation);
        if (listening.Count == 0)
        {
            return false;
        }

        var untold = await admissions.ListUntoldAsync(AtATime, cancellation);
        if (untold.Count == 0)
        {
            return false;
        }

        await deliveries.AddAsync(
            [
                .. from each in untold
                   from status in each.State.Untold!.Distinct()
                   from endpoint in listening
                   where endpoint.Wants(each.State.Campaign, status)
                   select fresh.Make(endpoint, each.Id, each.State, status),
            ],
            cancellation);
        await admissions.ToldAsync(untold, cancellation);
        return untold.Count == AtATime;
    }
}

/// <summary>Makes deliveries; the same news for the same endpoint is the same one.</summary>
internal sealed class NewDeliveries(IOptions<WebhooksOptions> options, IOptions<PlatformOptions> platform, TimeProvider clock)
{
    public WebhookDelivery Make(WebhookEndpoint endpoint, Guid assetId, Admission admission, string status)
    {
        var now = clock.GetUtcNow();
        return new WebhookDelivery
        {
            Id = Platform.Mongo.DerivedGuid.From($"{endpoint.Id}|{assetId}|{status}"),
            EndpointId = endpoint.Id,
            AssetId = assetId,
            Campaign = admission.Campaign,
            Status = status,
            WebhookId = AssetNews.WebhookIdOf(assetId, status),
            Body = AssetNews.ToCloudEvent(
                assetId, admission, status, platform.Value.GatewayAddress ?? platform.Value.HttpAddress, now),
            State = DeliveryState.Due,
            CreatedAt = now,
            NextAt = now,
            GiveUpAt = now + TimeSpan.FromHours(options.Value.GiveUpHours),
        };
    }
}
