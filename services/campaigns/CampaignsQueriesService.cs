using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Platform.Grpc.Campaigns;
using Platform.Hosting;

namespace Platform.Campaigns;

/// <summary>Answers for campaigns, for assets' status, and for how far the whole is.</summary>
internal sealed class CampaignsQueriesService(
    PublishedCampaigns campaigns, CampaignHeads heads, Admissions admissions, TimeProvider clock)
    : Platform.Grpc.Campaigns.Campaigns.CampaignsBase
{
    private const int DefaultPage = 500;
    private const int LargestPage = 1_000;

    [NeedsScope(KeyScopes.CampaignsWrite, PerCampaign = true)]
    public override async Task<CampaignVersion> PublishCampaign(PublishCampaignRequest request, ServerCallContext context)
    {
        var definition = request.Definition ?? throw Invalid([new FieldError("definition", "Send the campaign's definition.")]);
        var errors = DefinitionRules.Check(definition);
        if (errors.Count > 0)
        {
            throw Invalid(errors);
        }

        RequireTheirs(definition.Name, context);
        var published = await campaigns.PublishAsync(definition, context.CancellationToken);
        heads.Forget(published.Name);
        return await ToMessageAsync(published, context);
    }

    [NeedsScope(KeyScopes.AssetsRead, PerCampaign = true)]
    public override async Task<CampaignVersion> GetCampaign(GetCampaignRequest request, ServerCallContext context) =>
        await ToMessageAsync(await FindAsync(request.Name, request.Version, context), context);

    [NeedsScope(KeyScopes.AssetsRead, PerCampaign = true)]
    public override async Task<ListCampaignsResponse> ListCampaigns(ListCampaignsRequest request, ServerCallContext context)
    {
        var response = new ListCampaignsResponse();
        var all = await campaigns.ListAsync(context.CancellationToken);
        foreach (var campaign in all.Where(each => context.GetHttpContext().MayActFor(each.Name)))
        {
            response.Campaigns.Add(await ToMessageAsync(campaign, context));
        }

        return response;
    }

    [NeedsScope(KeyScopes.CampaignsWrite, PerCampaign = true)]
    public override Task<CampaignVersion> PauseCampaign(PauseCampaignRequest request, ServerCallContext context) =>
        SetPausedAsync(request.Name, paused: true, context);

    [NeedsScope(KeyScopes.CampaignsWrite, PerCampaign = true)]
    public override Task<CampaignVersion> ResumeCampaign(ResumeCampaignRequest request, ServerCallContext context) =>
        SetPausedAsync(request.Name, paused: false, context);

    [NeedsScope(KeyScopes.CampaignsWrite, PerCampaign = true)]
    public override Task<RenderPromptResponse> RenderPrompt(RenderPromptRequest request, ServerCallContext context)
    {
        var definition = request.Definition ?? throw Invalid([new FieldError("definition", "Send the campaign's definition.")]);
        var errors = DefinitionRules.Check(definition);
        if (errors.Count > 0)
        {
            throw Invalid(errors);
        }

        var (facts, wrong) = FactRules.Read(PreviewFacts.Read(request.Facts), definition.Facts);
        if (wrong.Count > 0)
        {
            throw Invalid(wrong);
        }

        try
        {
            var template = PromptTemplate.Parse(definition.Prompt, definition.Facts);
            return Task.FromResult(new RenderPromptResponse
            {
                Prompt = template.Render(facts, definition.VariantNames[0], clock.GetUtcNow()),
            });
        }
        catch (PromptRenderException exception)
        {
            throw Invalid([new FieldError("prompt", exception.Message)]);
        }
    }

    [NeedsScope(KeyScopes.AssetsRead, PerCampaign = true)]
    public override async Task<AssetStatus> GetAsset(GetAssetRequest request, ServerCallContext context)
    {
        var assetId = ParseId(request.AssetId, "asset_id");
        var admission = await admissions.FindAsync(assetId, context.CancellationToken);
        return admission is null || !context.GetHttpContext().MayActFor(admission.State.Campaign)
            ? throw new RpcException(new Status(StatusCode.NotFound, $"There is no asset {assetId}."))
            : admission.State.ToMessage(assetId);
    }

    [NeedsScope(KeyScopes.AssetsRead, PerCampaign = true)]
    public override async Task<ListAssetsResponse> ListAssets(ListAssetsRequest request, ServerCallContext context)
    {
        RequireTheirs(request.Campaign, context);
        var after = request.After.Length == 0 ? (Guid?)null : ParseId(request.After, "after");
        var limit = request.Limit == 0 ? DefaultPage : Math.Clamp(request.Limit, 1, LargestPage);
        Outcome? outcome = request.Status.Length == 0 ? null
            : System.Enum.TryParse<Outcome>(request.Status, ignoreCase: true, out var parsed) ? parsed
            : throw Invalid([new FieldError("status", "Use open, waiting, minted, rejected, failed or stalled.")]);

        var response = new ListAssetsResponse();
        response.Assets.AddRange(
            (await admissions.ListAsync(request.Campaign, after, limit, outcome, context.CancellationToken))
                .Select(each => each.State.ToMessage(each.Id)));
        return response;
    }

    [NeedsScope(KeyScopes.AssetsRead, PerCampaign = true)]
    public override async Task<Progress> GetProgress(GetProgressRequest request, ServerCallContext context)
    {
        RequireTheirs(request.Campaign, context);
        var cancellation = context.CancellationToken;
        var progress = new Progress { Received = await admissions.CountAsync(request.Campaign, cancellation) };
        var reached = new long[(int)Stage.Minted + 1];
        // From the end: an asset that moves on meanwhile is seen late, and never twice.
        for (var stage = Stage.Minted; stage >= Stage.Received; stage--)
        {
            var here = await admissions.CountAsync(request.Campaign, stage, cancellation);
            reached[(int)stage] = here + (stage == Stage.Minted ? 0 : reached[(int)stage + 1]);
            if (here > 0 && stage != Stage.Minted
                && await admissions.OldestAsync(request.Campaign, stage, cancellation) is { } oldest)
            {
                progress.Oldest[stage.ToString().ToLowerInvariant()] = oldest.ToTimestamp();
            }
        }

        progress.Admitted = reached[(int)Stage.Admitted];
        progress.Generated = reached[(int)Stage.Generated];
        progress.Approved = reached[(int)Stage.Approved];
        progress.Pinned = reached[(int)Stage.Pinned];
        progress.Minted = reached[(int)Stage.Minted];
        progress.Rejected = await admissions.CountAsync(request.Campaign, Outcome.Rejected, cancellation);
        progress.Waiting = await admissions.CountAsync(request.Campaign, Outcome.Waiting, cancellation);
        progress.Failed = await admissions.CountAsync(request.Campaign, Outcome.Failed, cancellation);
        progress.Stalled = await admissions.CountAsync(request.Campaign, Outcome.Stalled, cancellation);
        return progress;
    }

    private async Task<CampaignVersion> SetPausedAsync(string name, bool paused, ServerCallContext context)
    {
        var campaign = await FindAsync(name, 0, context);
        await campaigns.SetPausedAsync(name, paused, context.CancellationToken);
        heads.Forget(name);
        return await ToMessageAsync(campaign, context);
    }

    private async Task<PublishedCampaign> FindAsync(string name, int version, ServerCallContext context)
    {
        RequireTheirs(name, context);
        var campaign = version == 0
            ? await campaigns.FindNewestAsync(name, context.CancellationToken)
            : await campaigns.FindAsync(name, version, context.CancellationToken);
        return campaign ?? throw new RpcException(new Status(
            StatusCode.NotFound, version == 0 ? $"There is no campaign '{name}'." : $"There is no campaign '{name}@{version}'."));
    }

    private async Task<CampaignVersion> ToMessageAsync(PublishedCampaign campaign, ServerCallContext context) => new()
    {
        Version = campaign.Version,
        Definition = campaign.Definition,
        Paused = await campaigns.IsPausedAsync(campaign.Name, context.CancellationToken),
        PublishedAt = campaign.PublishedAt.ToTimestamp(),
    };

    private static void RequireTheirs(string campaign, ServerCallContext context)
    {
        if (!context.GetHttpContext().MayActFor(campaign))
        {
            throw new RpcException(new Status(StatusCode.PermissionDenied, $"The API key is not for campaign '{campaign}'."));
        }
    }

    private static Guid ParseId(string text, string field) => Guid.TryParse(text, out var id)
        ? id
        : throw Invalid([new FieldError(field, "Send an asset id, a UUID.")]);

    private static RpcException Invalid(IReadOnlyList<FieldError> errors) => new(new Status(
        StatusCode.InvalidArgument, string.Join("\n", errors.Select(error => $"{error.Field}: {error.Message}"))));
}
