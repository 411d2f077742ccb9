using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Platform.Grpc.Webhooks;
using Endpoint = Platform.Grpc.Webhooks.Endpoint;

namespace Platform.Campaigns;

/// <summary>Adds and removes endpoints, tells how the telling went, and has it done again.</summary>
internal sealed partial class WebhookManagementService(
    WebhookEndpoints endpoints,
    WebhookDeliveries deliveries,
    NewDeliveries fresh,
    Admissions admissions,
    SecretSeal seal,
    IOptions<WebhooksOptions> options,
    TimeProvider clock,
    ILogger<WebhookManagementService> logger) : Platform.Grpc.Webhooks.Webhooks.WebhooksBase
{
    private const int DefaultPage = 100;
    private const int LargestPage = 500;

    public override async Task<NewEndpoint> AddEndpoint(AddEndpointRequest request, ServerCallContext context)
    {
        var errors = KeyRules.CheckCampaigns(request.Campaigns).ToList();
        if (WebhookAddress.WhatIsWrong(request.Url, options.Value.AllowPrivateAddresses) is { } wrong)
        {
            errors.Add(new FieldError("url", wrong));
        }

        if (request.Statuses.Except(AssetNews.Statuses).Any())
        {
            errors.Add(new FieldError("statuses", $"Send some of {string.Join(", ", AssetNews.Statuses)}, or none for all."));
        }

        if (errors.Count > 0)
        {
            throw Invalid(errors);
        }

        var secret = StandardWebhooks.NewSecret();
        var id = Credential.NewId();
        var endpoint = new WebhookEndpoint
        {
            Id = id,
            Url = new Uri(request.Url).AbsoluteUri,
            Campaigns = [.. request.Campaigns.Distinct()],
            Statuses = [.. request.Statuses.Distinct()],
            SealedSecret = seal.Seal(secret, id),
            CreatedAt = clock.GetUtcNow(),
        };
        if (!await endpoints.TryAddAsync(endpoint, context.CancellationToken))
        {
            throw new RpcException(new Status(
                StatusCode.ResourceExhausted, $"There are {WebhookEndpoints.Most} endpoints; remove one that nobody needs."));
        }

        LogAdded(id);
        return new NewEndpoint { Endpoint = ToMessage(endpoint, 0, 0), Secret = StandardWebhooks.ToText(secret) };
    }

    public override async Task<ListEndpointsResponse> ListEndpoints(ListEndpointsRequest request, ServerCallContext context)
    {
        var cancellation = context.CancellationToken;
        var response = new ListEndpointsResponse();
        foreach (var each in await endpoints.ReadAsync(cancellation))
        {
            response.Endpoints.Add(ToMessage(
                each,
                await deliveries.CountAsync(each.Id, DeliveryState.Due, cancellation),
                await deliveries.CountAsync(each.Id, DeliveryState.Dead, cancellation)));
        }

        return response;
    }

    public override async Task<RemoveEndpointResponse> RemoveEndpoint(RemoveEndpointRequest request, ServerCallContext context)
    {
        await RequireAsync(request.EndpointId, context);
        await endpoints.RemoveAsync(request.EndpointId, context.CancellationToken);
        await deliveries.RemoveAsync(request.EndpointId, context.CancellationToken);
        LogRemoved(request.EndpointId);
        return new RemoveEndpointResponse();
    }

    public override async Task<ListDeliveriesResponse> ListDeliveries(ListDeliveriesRequest request, ServerCallContext context)
    {
        DeliveryState? state = request.State switch
        {
            "" => null,
            "due" => DeliveryState.Due,
            "delivered" => DeliveryState.Delivered,
            "dead" => DeliveryState.Dead,
            _ => throw Invalid([new FieldError("state", "Use due, delivered or dead.")]),
        };
        var response = new ListDeliveriesResponse();
        response.Deliveries.AddRange((await deliveries.ListAsync(
            request.EndpointId.Length == 0 ? null : request.EndpointId,
            request.AssetId.Length == 0 ? null : ParseId(request.AssetId),
            state,
            request.Limit == 0 ? DefaultPage : Math.Clamp(request.Limit, 1, LargestPage),
            context.CancellationToken)).Select(ToMessage));
        return response;
    }

    public override async Task<ReplayResponse> Replay(ReplayRequest request, ServerCallContext context)
    {
        var cancellation = context.CancellationToken;
        var what = request.WhatCase switch
        {
            ReplayRequest.WhatOneofCase.AssetId => new Replayed(AssetId: ParseId(request.AssetId)),
            ReplayRequest.WhatOneofCase.Range when request.Range is { From: { } from, Until: { } until } && from < until =>
                new Replayed(From: from.ToDateTimeOffset(), Until: until.ToDateTimeOffset()),
            ReplayRequest.WhatOneofCase.Range => throw Invalid([new FieldError("range", "Send both ends, the first before the last.")]),
            ReplayRequest.WhatOneofCase.Dead when request.Dead => new Replayed(DeadOnly: true),
            _ => throw Invalid([new FieldError("what", "Send asset_id, range, or dead: true.")]),
        };
        if (request.EndpointId.Length > 0)
        {
            await RequireAsync(request.EndpointId, context);
        }

        var asked = (await endpoints.ReadAsync(cancellation))
            .Where(each => request.EndpointId.Length == 0 || each.Id == request.EndpointId).ToList();
        foreach (var gone in asked.Where(each => each.DisabledAt is not null && each.Id == request.EndpointId))
        {
            await endpoints.EnableAsync(gone.Id, cancellation); // who asks for it says that it is back
        }

        if (what.AssetId is { } assetId)
        {
            await MakeAnewAsync(assetId, asked, cancellation);
        }

        var now = clock.GetUtcNow();
        var replayed = await deliveries.ReplayAsync(
            asked.Select(each => each.Id), what, now, now + TimeSpan.FromHours(options.Value.GiveUpHours), cancellation);
        LogReplayed(replayed);
        return new ReplayResponse { Deliveries = replayed };
    }

    /// <summary>What is known of the asset now, where no delivery of it was made or is left.</summary>
    private async Task MakeAnewAsync(Guid assetId, IEnumerable<WebhookEndpoint> asked, CancellationToken cancellation)
    {
        var admission = (await admissions.FindAsync(assetId, cancellation))?.State
            ?? throw new RpcException(new Status(StatusCode.NotFound, $"There is no asset {assetId}."));
        var status = AssetNews.StatusOf(admission.Outcome);
        if (AssetNews.Statuses.Contains(status))
        {
            await deliveries.AddAsync(
                [
                    .. asked.Select(each => each with { DisabledAt = null })
                        .Where(each => each.Wants(admission.Campaign, status))
                        .Select(each => fresh.Make(each, assetId, admission, status)),
                ],
                cancellation);
        }
    }

    private async Task RequireAsync(string endpointId, ServerCallContext context)
    {
        if (!(await endpoints.ReadAsync(context.CancellationToken)).Any(each => each.Id == endpointId))
        {
            throw new RpcException(new Status(StatusCode.NotFound, $"There is no webhook endpoint '{endpointId}'."));
        }
    }

    private static Endpoint ToMessage(WebhookEndpoint endpoint, long due, long dead)
    {
        var message = new Endpoint
        {
            Id = endpoint.Id,
            Url = endpoint.Url,
            CreatedAt = endpoint.CreatedAt.ToTimestamp(),
            DisabledAt = endpoint.DisabledAt?.ToTimestamp(),
            Due = due,
            Dead = dead,
        };
        message.Campaigns.AddRange(endpoint.Campaigns);
        message.Statuses.AddRange(endpoint.Statuses);
        return message;
    }

    private static Delivery ToMessage(WebhookDelivery delivery) => new()
    {
        Id = delivery.Id.ToString(),
        EndpointId = delivery.EndpointId,
        AssetId = delivery.AssetId.ToString(),
        Campaign = delivery.Campaign,
        Status = delivery.Status,
        State = delivery.State.ToString().ToLowerInvariant(),
        Attempts = delivery.Attempts,
        LastAnswer = delivery.LastAnswer ?? "",
        CreatedAt = delivery.CreatedAt.ToTimestamp(),
        NextAt = delivery.State == DeliveryState.Due ? delivery.NextAt.ToTimestamp() : null,
        DeliveredAt = delivery.DeliveredAt?.ToTimestamp(),
        WebhookId = delivery.WebhookId,
    };

    private static Guid ParseId(string text) => Guid.TryParse(text, out var id)
        ? id
        : throw Invalid([new FieldError("asset_id", "Send an asset id, a UUID.")]);

    private static RpcException Invalid(IReadOnlyList<FieldError> errors) => new(new Status(
        StatusCode.InvalidArgument, string.Join("\n", errors.Select(error => $"{error.Field}: {error.Message}"))));

    [LoggerMessage(1, LogLevel.Information, "Added webhook endpoint {EndpointId}")]
    private partial void LogAdded(string endpointId);

    [LoggerMessage(2, LogLevel.Information, "Removed webhook endpoint {EndpointId} and its deliveries")]
    private partial void LogRemoved(string endpointId);

    [LoggerMessage(3, LogLevel.Information, "Made {Count} webhook deliveries due again")]
    private partial void LogReplayed(long count);
}
