using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Grpc.Core;
using Platform.Content;
using Platform.Events;
using Platform.Grpc.Moderation;
using static Platform.Moderation.Tests.Situations;

namespace Platform.Moderation.Tests;

public sealed class ModerationQueriesTests(ModerationHost host)
{
    [Fact]
    public async Task A_case_goes_from_the_queue_over_a_claim_to_an_approval()
    {
        var asset = await AWaitingAssetAsync();

        var listed = await host.Client.ListCasesAsync(new() { Campaign = asset.Campaign });
        var claimed = await host.Client.ClaimCaseAsync(new() { AssetId = asset.AssetId.ToString() });
        var approved = await host.Client.ApproveCaseAsync(
            new() { AssetId = asset.AssetId.ToString(), Lease = claimed.Lease, Note = "Fine." });

        var waiting = Assert.Single(listed.Cases);
        Assert.Equal((asset.AssetId.ToString(), "waiting", "", asset.Prompt, asset.Content),
            (waiting.AssetId, waiting.State, waiting.Reviewer, waiting.Prompt, waiting.Content));
        Assert.Equal(("installation-operator", 1), (claimed.Reviewer, claimed.Lease));
        Assert.InRange(
            claimed.LeasedUntil.ToDateTimeOffset() - host.Get<TimeProvider>().GetUtcNow(),
            TimeSpan.FromMinutes(9),
            TimeSpan.FromMinutes(10));
        Assert.Equal(("approved", "Fine."), (approved.State, approved.Note));
        Assert.Equal(approved, await host.Client.GetCaseAsync(new() { AssetId = asset.AssetId.ToString() }));
        Assert.Equal("installation-operator",
            Assert.Single(host.Wire.Published<AssetApproved>(each => each.AssetId == asset.AssetId)).Custody.Decisions[^1].Reviewer);
    }

    [Fact]
    public async Task A_case_is_rejected_over_http_too()
    {
        var asset = await AWaitingAssetAsync();
        using var http = host.Http();

        var listed = await http.GetFromJsonAsync<JsonElement>($"/v1/reviews?campaign={asset.Campaign}");
        var rejected = await http.PostAsJsonAsync(
            $"/v1/reviews/{asset.AssetId}:reject", new { reasons = new[] { "brand.off-key" }, note = "Not ours." });
        var again = await http.PostAsJsonAsync($"/v1/reviews/{asset.AssetId}:approve", new { });

        Assert.Equal(asset.AssetId.ToString(), listed.GetProperty("cases")[0].GetProperty("assetId").GetString());
        Assert.Equal(HttpStatusCode.OK, rejected.StatusCode);
        Assert.Equal("rejected", (await rejected.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("state").GetString());
        Assert.Equal(HttpStatusCode.BadRequest, again.StatusCode);
        Assert.Contains("rejected by installation-operator", await again.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(["brand.off-key"],
            Assert.Single(host.Wire.Published<AssetRejected>(each => each.AssetId == asset.AssetId)).Reasons);
    }

    [Fact]
    public async Task Nobody_reviews_without_a_credential()
    {
        using var http = host.Http();
        http.DefaultRequestHeaders.Authorization = null;

        var answer = await http.PostAsync($"/v1/reviews/{AnId()}:claim", null);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task Says_what_is_wrong_with_a_request()
    {
        var id = (await AWaitingAssetAsync()).AssetId.ToString();

        await RefusedAsync(StatusCode.InvalidArgument, "asset_id", () => host.Client.GetCaseAsync(new() { AssetId = "x" }));
        await RefusedAsync(StatusCode.NotFound, "no case", () => host.Client.GetCaseAsync(new() { AssetId = AnId().ToString() }));
        await RefusedAsync(StatusCode.NotFound, "no case", () => host.Client.ClaimCaseAsync(new() { AssetId = AnId().ToString() }));
        await RefusedAsync(StatusCode.InvalidArgument, "state", () => host.Client.ListCasesAsync(new() { State = "open" }));
        await RefusedAsync(StatusCode.InvalidArgument, "limit", () => host.Client.ListCasesAsync(new() { Limit = 501 }));
        await RefusedAsync(StatusCode.InvalidArgument, "reasons", () => host.Client.RejectCaseAsync(new() { AssetId = id }));
        await RefusedAsync(StatusCode.InvalidArgument, "reasons",
            () => host.Client.RejectCaseAsync(new() { AssetId = id, Reasons = { "Not nice" } }));
        await RefusedAsync(StatusCode.InvalidArgument, "note",
            () => host.Client.ApproveCaseAsync(new() { AssetId = id, Note = new('n', 2_001) }));
        await RefusedAsync(StatusCode.FailedPrecondition, "claim it again",
            () => host.Client.ApproveCaseAsync(new() { AssetId = id, Lease = 7 }));
    }

    [Fact]
    public async Task The_built_in_policies_are_there_from_the_start()
    {
        var listed = await host.Client.ListPoliciesAsync(new());

        Assert.Superset(
            new HashSet<string> { "brand-safe@1", "decode-only@1", "human-review@1" },
            listed.Policies.Select(each => $"{each.Policy.Name}@{each.Version}").ToHashSet());
        Assert.True((await host.Client.GetPolicyAsync(new() { Name = "human-review", Version = 1 })).Policy.HumanReview);
        Assert.All(PublishBuiltInPolicies.BuiltIn(), policy => Assert.Empty(PolicyRules.Check(policy)));
    }

    [Fact]
    public async Task The_same_rules_are_the_version_they_were_and_other_rules_are_the_next()
    {
        var name = $"p-{AnId():N}"[..20];
        var strict = APolicy(name, "reject");
        var mild = APolicy(name, "review");

        var first = await host.Client.PublishPolicyAsync(new() { Policy = strict });
        var second = await host.Client.PublishPolicyAsync(new() { Policy = mild });
        var again = await host.Client.PublishPolicyAsync(new() { Policy = strict });

        Assert.Equal((1, 2, 1), (first.Version, second.Version, again.Version));
        Assert.Equal(first.Digest, again.Digest);
        Assert.NotEqual(first.Digest, second.Digest);
        Assert.Equal(second, await host.Client.GetPolicyAsync(new() { Name = name }));
        await RefusedAsync(StatusCode.NotFound, "no policy", () => host.Client.GetPolicyAsync(new() { Name = name, Version = 3 }));
    }

    [Fact]
    public async Task Rules_published_by_many_at_once_are_one_version()
    {
        var policy = APolicy($"p-{AnId():N}"[..20], "reject");

        var published = await Task.WhenAll(Enumerable.Range(0, 8)
            .Select(_ => host.Client.PublishPolicyAsync(new() { Policy = policy }).ResponseAsync));

        Assert.All(published, each => Assert.Equal(1, each.Version));
    }

    [Fact]
    public async Task A_policys_digest_is_that_of_its_canonical_json()
    {
        var published = await host.Client.GetPolicyAsync(new() { Name = "decode-only", Version = 1 });

        Assert.Equal(
            ContentDigest.Of("""{"image":{"decodeOnly":true},"name":"decode-only"}"""u8), published.Digest);
    }

    [Fact]
    public async Task Says_each_thing_that_is_wrong_with_a_policy()
    {
        var wrong = new Policy
        {
            Name = "No Name",
            Terms =
            {
                new TermRule { Code = "x", Severity = "warn", Terms = { "--" } },
                new TermRule { Code = "x", Severity = "reject" },
            },
            Image = new ImageRules { NearDuplicateDistance = 8, MinEntropy = 9, MaxPixelsASide = 20_000 },
        };

        var refused = await RefusedAsync(
            StatusCode.InvalidArgument, "name:", () => host.Client.PublishPolicyAsync(new() { Policy = wrong }));

        Assert.All(
            ["terms: Two", "terms[0].severity", "terms[0].terms[0]", "terms[1].terms", "near_duplicate_distance",
                "near_duplicate_severity", "min_entropy", "max_pixels_a_side"],
            part => Assert.Contains(part, refused.Status.Detail, StringComparison.Ordinal));
    }

    [Fact]
    public void Decode_only_goes_with_no_other_rule() =>
        Assert.NotEmpty(PolicyRules.Check(new Policy { Name = "p", Image = new() { DecodeOnly = true, MinEntropy = 1 } }));

    private static Policy APolicy(string name, string severity) => new()
    {
        Name = name,
        Terms = { new TermRule { Code = "rivals", Severity = severity, Terms = { "acme*" } } },
    };

    private static async Task<RpcException> RefusedAsync<T>(StatusCode status, string says, Func<AsyncUnaryCall<T>> call)
    {
        var refused = await Assert.ThrowsAsync<RpcException>(() => call().ResponseAsync);
        Assert.Equal(status, refused.StatusCode);
        Assert.Contains(says, refused.Status.Detail, StringComparison.Ordinal);
        return refused;
    }

    private async Task<GenerationCompleted> AWaitingAssetAsync()
    {
        var content = await host.Get<IContentStore>().PutAsync(APng(20), default);
        var asset = AnAsset("human-review@1", content, campaign: ACampaign());
        await host.DeliverAsync(asset);
        return asset;
    }
}
