using Grpc.Core;
using Microsoft.Extensions.Time.Testing;
using Platform.Events;
using Platform.Mongo;
using static Platform.Moderation.Tests.Situations;

namespace Platform.Moderation.Tests;

public sealed class ReviewsTests
{
    private readonly ModerationHost host;
    private readonly FakeTimeProvider clock = new(Noon);
    private readonly Cases cases;
    private readonly Reviews reviews;

    public ReviewsTests(ModerationHost host)
    {
        this.host = host;
        cases = new(host.Get<ServiceDatabase<ModerationService>>(), host.Get<IAnnouncer>(), clock);
        reviews = new(cases, clock);
    }

    [Fact]
    public async Task Of_two_reviewers_who_claim_at_once_one_has_the_case()
    {
        for (var round = 0; round < 10; round++)
        {
            var id = await AWaitingCaseAsync();

            var claims = await Task.WhenAll(
                TryAsync(reviews.ClaimAsync(id, "ada", default)), TryAsync(reviews.ClaimAsync(id, "bob", default)));

            var leased = Assert.IsType<Case.Leased>(Assert.Single(claims, each => each is not null));
            Assert.Equal(leased.Reviewer, Assert.IsType<Case.Leased>(await cases.Documents.FindAsync(id, default)).Reviewer);
        }
    }

    [Fact]
    public async Task Of_two_reviewers_who_decide_at_once_one_wins_and_only_theirs_is_announced()
    {
        for (var round = 0; round < 10; round++)
        {
            var id = await AWaitingCaseAsync();

            var decided = await Task.WhenAll(
                TryAsync(reviews.ApproveAsync(id, new() { Reviewer = "ada" }, default)),
                TryAsync(reviews.RejectAsync(id, new() { Reviewer = "bob", Reasons = ["brand.off"] }, default)));

            Assert.Single(decided, each => each is not null);
            // The relay may say it twice: the test's clock is not the host's. It never says both.
            Assert.NotEqual(
                host.Wire.Published<AssetApproved>(each => each.AssetId == id).Count > 0,
                host.Wire.Published<AssetRejected>(each => each.AssetId == id).Count > 0);
        }
    }

    [Fact]
    public async Task A_lease_ends_after_ten_minutes_and_its_number_decides_no_more()
    {
        var id = await AWaitingCaseAsync();
        var first = await reviews.ClaimAsync(id, "ada", default);
        clock.Advance(Case.LeaseTime - TimeSpan.FromMilliseconds(1));
        await Assert.ThrowsAsync<ReviewRefusedException>(() => reviews.ClaimAsync(id, "bob", default));

        clock.Advance(TimeSpan.FromMilliseconds(1));
        var second = await reviews.ClaimAsync(id, "bob", default);

        Assert.Equal((1, 2), (first.Lease, second.Lease));
        await Assert.ThrowsAsync<ReviewRefusedException>(
            () => reviews.ApproveAsync(id, new() { Reviewer = "ada", Lease = 1 }, default));
        Assert.IsType<Case.Approved>(await reviews.ApproveAsync(id, new() { Reviewer = "bob", Lease = 2 }, default));
    }

    [Fact]
    public async Task A_persons_approval_carries_their_name_into_the_custody()
    {
        var id = await AWaitingCaseAsync();

        await reviews.ApproveAsync(id, new() { Reviewer = "ada", Note = "Fine." }, default);
        await reviews.ApproveAsync(id, new() { Reviewer = "ada", Note = "Fine." }, default);

        var approved = host.Wire.Published<AssetApproved>(each => each.AssetId == id);
        Assert.Equal(2, approved.Count);
        Assert.Single(approved.Select(each => Json(each)).Distinct());
        var decision = Assert.Single(approved[0].Custody.Decisions);
        Assert.Equal(("human-review@1", "approved", "ada", Noon),
            (decision.Policy, decision.Verdict, decision.Reviewer, decision.DecidedAt));
        Assert.Equal(["policy.human-review"], decision.Reasons);
    }

    [Fact]
    public async Task A_case_nobody_opened_is_not_found()
    {
        var refused = await Assert.ThrowsAsync<ReviewRefusedException>(() => reviews.ClaimAsync(AnId(), "ada", default));

        Assert.Equal(StatusCode.NotFound, refused.Status);
    }

    [Fact]
    public async Task The_oldest_waiting_case_is_listed_first_leased_or_not()
    {
        var campaign = ACampaign();
        var ids = new List<Guid>();
        for (var minute = 0; minute < 4; minute++)
        {
            ids.Add(await AWaitingCaseAsync(campaign));
            clock.Advance(TimeSpan.FromMinutes(1));
        }

        await reviews.ClaimAsync(ids[2], "ada", default);
        await reviews.ApproveAsync(ids[1], new() { Reviewer = "ada" }, default);

        var waiting = await cases.ListAsync(nameof(Case.Open), campaign, 10, default);
        var approved = await cases.ListAsync(nameof(Case.Approved), campaign, 10, default);

        Assert.Equal([ids[0], ids[2], ids[3]], waiting.Select(each => each.Asset.AssetId));
        Assert.Equal([ids[1]], approved.Select(each => each.Asset.AssetId));
    }

    private static async Task<Case?> TryAsync(Task<Case> review)
    {
        try
        {
            return await review;
        }
        catch (ReviewRefusedException)
        {
            return null;
        }
    }

    private async Task<Guid> AWaitingCaseAsync(string campaign = "tram-souvenirs")
    {
        var asset = AnAsset("human-review@1", campaign: campaign);
        await cases.JudgeAsync(
            asset.AssetId,
            known: null,
            current => Case.Judge(current, asset, [], APolicy(humanReview: true), clock.GetUtcNow()),
            default);
        return asset.AssetId;
    }
}
