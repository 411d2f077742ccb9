using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Options;
using Platform.Hosting;

namespace Platform.Campaigns;

/// <summary>The HTTP side: events in, and how far an asset is.</summary>
internal static class IngestEndpoints
{
    public static void MapIngest(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost("/v1/campaigns/{campaign}/events", PostEventsAsync)
            .WithName("PostEvents")
            .WithTags("Events")
            .WithSummary("Takes personalization events as CloudEvents 1.0: structured, binary or batch")
            .Produces<AdmittedAnswer>(StatusCodes.Status202Accepted)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .WithMetadata(new NeedsScopeAttribute(KeyScopes.EventsWrite) { PerCampaign = true })
            .AddOpenApiOperationTransformer(ApiDescription.DescribeEventsAsync);
        endpoints.MapGet("/v1/assets/{assetId:guid}", GetAssetAsync)
            .WithName("GetAsset")
            .WithTags("Assets")
            .WithSummary("Tells how far an asset is, with links to image, metadata, token and custody record")
            .Produces<AssetAnswer>()
            .WithMetadata(new NeedsScopeAttribute(KeyScopes.AssetsRead) { PerCampaign = true })
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> PostEventsAsync(
        string campaign, HttpRequest request, SignedRequests signed, AdmitEvents admit, CancellationToken cancellation)
    {
        if (!request.HttpContext.MayActFor(campaign))
        {
            return Problem(NotTheirs(request.HttpContext, campaign));
        }

        var body = await ReadBodyAsync(request, cancellation);
        if (body is null)
        {
            return Problem(new Refusal(413, "Request too large", $"A request may have {PlatformHost.MaxRequestBytes} bytes.", []));
        }

        if (await signed.RefuseAsync(request.HttpContext, campaign, body.Value, cancellation) is { } refused)
        {
            return Problem(refused);
        }

        var headers = request.Headers.ToDictionary(
            header => header.Key.ToLowerInvariant(), header => header.Value.ToString());
        var reading = CloudEventReader.Read(request.ContentType, headers, body.Value);
        var errors = Errors(reading);
        if (errors.Count > 0)
        {
            return Problem(new Refusal(
                reading.StatusCode ?? 400, "Invalid event", "The request is not made of valid events; nothing was admitted.", errors));
        }

        var traceParent = Activity.Current?.Id;
        var events = reading.Events.Select(each => each.Event! with { TraceParent = each.Event.TraceParent ?? traceParent });
        return await admit.AdmitAsync(campaign, [.. events], cancellation) switch
        {
            Admittance.Accepted { Assets: var assets } => Results.Accepted(
                assets.Count == 0 ? null : $"/v1/assets/{assets[0].AssetId}",
                new AdmittedAnswer([.. assets.Select(each =>
                    new AdmittedAnswerAsset(each.Event, each.Variant, each.AssetId, each.Status))])),
            Admittance.Refused { Refusal: var refusal } => Problem(refusal, request.HttpContext.Response),
            var other => throw new UnreachableException(other.ToString()),
        };
    }

    private static async Task<IResult> GetAssetAsync(
        Guid assetId, HttpContext context, Admissions admissions, IOptions<PlatformOptions> options, CancellationToken cancellation)
    {
        var admission = await admissions.FindAsync(assetId, cancellation);
        // Another campaign's asset is told as none: whether it exists is no business of the key's.
        return admission is null || !context.MayActFor(admission.State.Campaign)
            ? Problem(new Refusal(404, "Unknown asset", $"There is no asset {assetId}.", []))
            : Results.Ok(AssetAnswer.Of(assetId, admission.State, options.Value.GatewayAddress ?? options.Value.HttpAddress));
    }

    private static Refusal NotTheirs(HttpContext context, string campaign) => new(
        403, "Not allowed", $"Key {context.KeyGrant()!.KeyId} is not for campaign '{campaign}'.", []);

    private static List<FieldError> Errors(IngestReading reading) =>
    [
        .. reading.Errors,
        .. reading.Events.SelectMany((each, index) => each.Errors.Select(error =>
            reading.IsBatch ? error with { Field = $"[{index}].{error.Field}" } : error)),
    ];

    private static async Task<ReadOnlyMemory<byte>?> ReadBodyAsync(HttpRequest request, CancellationToken cancellation)
    {
        try
        {
            using var buffer = new MemoryStream((int)Math.Min(request.ContentLength ?? 4096, PlatformHost.MaxRequestBytes));
            await request.Body.CopyToAsync(buffer, cancellation);
            return buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return null;
        }
    }

    private static IResult Problem(Refusal refusal, HttpResponse response)
    {
        if (refusal.RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = wait.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
        }

        return Problem(refusal);
    }

    private static IResult Problem(Refusal refusal) => Results.Problem(
        refusal.Detail,
        statusCode: refusal.StatusCode,
        title: refusal.Title,
        extensions: refusal.Errors.Count == 0 ? null : new Dictionary<string, object?>
        {
            ["errors"] = refusal.Errors.Take(100).Select(error => new { field = error.Field, message = error.Message }),
        });
}
