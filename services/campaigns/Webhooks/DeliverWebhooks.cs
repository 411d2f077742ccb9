using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Platform.Hosting;

namespace Platform.Campaigns;

/// <summary>Sends what is due, to each endpoint a few at a time, until it is taken or given up.</summary>
/// <remarks>
/// At least once: a delivery is claimed by one replica for the time that an answer may take, and is due again after it.
/// Endpoints wait for nobody: a slow one uses up its own few only.
/// </remarks>
internal sealed partial class DeliverWebhooks(
    WebhookEndpoints endpoints,
    WebhookDeliveries deliveries,
    SendWebhook send,
    IOptions<WebhooksOptions> options,
    TimeProvider clock,
    ILogger<DeliverWebhooks> logger) : Forever(clock, logger)
{
    private static readonly TimeSpan LongestDelay = TimeSpan.FromHours(1);

    private static readonly TimeSpan ClaimMargin = TimeSpan.FromSeconds(15);

    private readonly Dictionary<string, List<Task>> underWay = [];

    protected override TimeSpan Pause => TimeSpan.FromMilliseconds(250);

    protected override async Task<bool> WorkAsync(CancellationToken cancellation)
    {
        await EndFinishedAsync();
        var some = false;
        foreach (var endpoint in (await endpoints.ListAsync(cancellation)).Where(each => each.DisabledAt is null))
        {
            var mine = underWay.TryGetValue(endpoint.Id, out var tasks) ? tasks : underWay[endpoint.Id] = [];
            var room = options.Value.Concurrency - mine.Count;
            if (room <= 0)
            {
                continue;
            }

            var now = Clock.GetUtcNow();
            var until = now + TimeSpan.FromSeconds(options.Value.TimeoutSeconds) + ClaimMargin;
            var claimed = await deliveries.ClaimAsync(endpoint.Id, room, now, until, cancellation);
            mine.AddRange(claimed.Select(each => DeliverAsync(endpoint, each, cancellation)));
            some |= claimed.Count > 0;
        }

        if (some)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), Clock, cancellation); // lets fast endpoints make room
        }

        return some;
    }

    /// <summary>Takes what has ended out; what failed by a fault of ours is thrown, and the loop logs it.</summary>
    private async Task EndFinishedAsync()
    {
        foreach (var (endpoint, tasks) in underWay.ToList())
        {
            var ended = tasks.FindAll(each => each.IsCompleted);
            tasks.RemoveAll(ended.Contains);
            if (tasks.Count == 0)
            {
                underWay.Remove(endpoint);
            }

            await Task.WhenAll(ended);
        }
    }

    private async Task DeliverAsync(WebhookEndpoint endpoint, WebhookDelivery delivery, CancellationToken cancellation)
    {
        var answer = await send.SendAsync(endpoint, delivery, cancellation);
        var now = Clock.GetUtcNow();
        var forgetAt = now.AddDays(options.Value.KeepDays);
        if (answer.IsTaken)
        {
            await deliveries.NoteAsync(
                delivery,
                delivery with { State = DeliveryState.Delivered, LastAnswer = answer.Said, DeliveredAt = now, ForgetAt = forgetAt },
                cancellation);
            return;
        }

        var nextAt = now + DelayOf(delivery.Attempts, answer.RetryAfter);
        var isDead = answer.IsGone || nextAt > delivery.GiveUpAt;
        await deliveries.NoteAsync(
            delivery,
            delivery with
            {
                State = isDead ? DeliveryState.Dead : DeliveryState.Due,
                LastAnswer = answer.Said,
                NextAt = nextAt,
                ForgetAt = isDead ? forgetAt : null,
            },
            cancellation);
        if (answer.IsGone)
        {
            await endpoints.DisableAsync(endpoint.Id, now, cancellation);
            await deliveries.GiveUpAsync(endpoint.Id, forgetAt, cancellation);
            LogGone(endpoint.Id);
        }
        else if (isDead)
        {
            LogDead(delivery.Id, endpoint.Id, delivery.Attempts, answer.Said);
        }
    }

    private TimeSpan DelayOf(int attempts, TimeSpan? retryAfter)
    {
        var doubled = TimeSpan.FromSeconds(options.Value.FirstRetrySeconds * Math.Pow(2, Math.Min(attempts - 1, 20)));
        var delay = (doubled < LongestDelay ? doubled : LongestDelay) * (0.8 + (RandomNumberGenerator.GetInt32(401) / 1_000.0));
        return retryAfter > delay ? retryAfter.Value : delay;
    }

    [LoggerMessage(1, LogLevel.Warning, "Webhook endpoint {EndpointId} answered that it is gone; nothing is sent to it any more")]
    private partial void LogGone(string endpointId);

    [LoggerMessage(2, LogLevel.Warning,
        "Gave up delivery {DeliveryId} to webhook endpoint {EndpointId} after {Attempts} attempts; the last: {Answer}")]
    private partial void LogDead(Guid deliveryId, string endpointId, int attempts, string answer);
}
