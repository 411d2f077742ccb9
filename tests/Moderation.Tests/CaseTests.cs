using Platform.Events;
using static Platform.Moderation.Tests.Situations;

namespace Platform.Moderation.Tests;

public sealed class CaseTests
{
    private static readonly Finding Rejecting = new("prompt.hate", Severity.Reject);
    private static readonly Finding Reviewing = new("prompt.trademark", Severity.Review);
    private static readonly Finding Refusing = new("image.undecodable", Severity.Refuse);

    public static TheoryData<string, bool, string, string> Verdicts => new()
    {
        { "", false, "Approved", "" },
        { "review", false, "Waiting", "prompt.trademark" },
        { "reject", false, "Rejected", "prompt.hate" },
        { "review reject", false, "Rejected", "prompt.hate" },
        { "refuse", false, "Rejected", "image.undecodable" },
        { "review reject refuse", false, "Rejected", "image.undecodable" },
        { "", true, "Waiting", "policy.human-review" },
        { "review", true, "Waiting", "policy.human-review prompt.trademark" },
        { "reject", true, "Waiting", "policy.human-review prompt.hate" },
        { "refuse reject", true, "Rejected", "image.undecodable" },
    };

    [Theory]
    [MemberData(nameof(Verdicts))]
    public void The_gravest_finding_decides(string found, bool humanReview, string state, string reasons)
    {
        Finding[] findings = [.. found.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => word switch
        {
            "review" => Reviewing,
            "reject" => Rejecting,
            _ => Refusing,
        })];

        var judged = Case.Judge(null, AnAsset(), findings, APolicy(humanReview), Noon).State;

        Assert.Equal((state, reasons), (judged.GetType().Name, string.Join(' ', judged.Reasons)));
    }

    [Fact]
    public void A_policy_nobody_published_approves_nothing()
    {
        var judged = Case.Judge(null, AnAsset(policy: "no-such@1"), [], policy: null, Noon);

        var rejected = Assert.IsType<AssetRejected>(Assert.Single(judged.Announcements));
        Assert.Equal(["policy.unknown"], rejected.Reasons);
    }

    [Fact]
    public void An_approval_carries_the_custody_with_the_decision_after_earlier_ones()
    {
        var earlier = new DecisionFacts { Policy = "p@1", Verdict = "approved", Reasons = [], DecidedAt = Noon };
        var asset = AnAsset(iteration: 1);
        asset = asset with { Custody = asset.Custody with { Decisions = [earlier] } };

        var judged = Case.Judge(null, asset, [], APolicy(), Noon.AddMinutes(1));

        var approved = Assert.IsType<AssetApproved>(Assert.Single(judged.Announcements));
        Assert.Equal((asset.AssetId, 1, asset.Campaign, 3, asset.Recipient, asset.Content, asset.MediaType),
            (approved.AssetId, approved.Iteration, approved.Campaign, approved.CampaignVersion, approved.Recipient,
                approved.Content, approved.MediaType));
        Assert.Equal(asset.Custody.Generator, approved.Custody.Generator);
        Assert.Equal(2, approved.Custody.Decisions.Count);
        var decision = approved.Custody.Decisions[1];
        Assert.Equal((asset.Policy, "approved", null, Noon.AddMinutes(1)),
            (decision.Policy, decision.Verdict, decision.Reviewer, decision.DecidedAt));
        Assert.Equal(decision.DecidedAt, approved.ApprovedAt);
    }

    [Fact]
    public void The_same_iteration_again_announces_the_verdict_there_is()
    {
        var asset = AnAsset();
        var first = Case.Judge(null, asset, [], APolicy(), Noon);

        var again = Case.Judge(first.State, asset, [Rejecting], APolicy(), Noon.AddDays(1));

        Assert.Same(first.State, again.State);
        Assert.Equivalent(first.Announcements, again.Announcements, strict: true);
    }

    [Fact]
    public void An_older_iteration_changes_nothing_and_says_nothing()
    {
        var asset = AnAsset(iteration: 2);
        var first = Case.Judge(null, asset, [], APolicy(), Noon);

        var late = Case.Judge(first.State, asset with { Iteration = 1 }, [Rejecting], APolicy(), Noon);

        Assert.Same(first.State, late.State);
        Assert.Empty(late.Announcements);
    }

    [Fact]
    public void A_newer_iteration_is_judged_anew_and_old_leases_stay_old()
    {
        var asset = AnAsset();
        var waiting = Case.Judge(null, asset, [Reviewing], APolicy(), Noon).State;
        var leased = Case.Claim(asset.AssetId, waiting, "ada", Noon).State;

        var newer = Case.Judge(leased, asset with { Iteration = 1 }, [Reviewing], APolicy(), Noon).State;

        var open = Assert.IsType<Case.Waiting>(newer);
        Assert.Equal((1, 1), (open.Asset.Iteration, open.Lease));
        Assert.Throws<ReviewRefusedException>(() =>
            Case.Approve(asset.AssetId, newer, new Ruling { Reviewer = "ada", Lease = 1 }, Noon));
    }

    [Fact]
    public void A_case_that_waits_says_until_when_nobody_needs_to_ask()
    {
        var asset = AnAsset();
        var waiting = Case.Judge(null, asset, [Reviewing], APolicy(), Noon);

        var asked = Case.Judge(waiting.State, asset, [], APolicy(), Noon.AddHours(1));

        Assert.Equal(Noon.AddHours(1), Assert.IsType<AssetWaiting>(Assert.Single(waiting.Announcements)).Until);
        Assert.Equal(Noon.AddHours(2), Assert.IsType<AssetWaiting>(Assert.Single(asked.Announcements)).Until);
    }

    [Fact]
    public void Times_are_kept_as_the_database_keeps_them()
    {
        var judged = Case.Judge(null, AnAsset(), [], APolicy(), Noon.AddTicks(1234));

        Assert.Equal(Noon, Assert.IsType<Case.Approved>(judged.State).Decision.DecidedAt);
    }

    [Fact]
    public void A_claim_raises_the_number_and_only_the_newest_decides()
    {
        var (id, waiting) = AWaitingCase();

        var first = Assert.IsType<Case.Leased>(Case.Claim(id, waiting, "ada", Noon).State);
        var second = Assert.IsType<Case.Leased>(Case.Claim(id, first, "ada", Noon.AddMinutes(5)).State);

        Assert.Equal((1, Noon.AddMinutes(10)), (first.Lease, first.Until));
        Assert.Equal((2, Noon.AddMinutes(15)), (second.Lease, second.Until));
        Assert.Throws<ReviewRefusedException>(() => Approve(id, second, "ada", lease: 1));
        Assert.IsType<Case.Approved>(Approve(id, second, "ada", lease: 2));
    }

    [Fact]
    public void A_leased_case_is_its_reviewers_until_the_lease_ends()
    {
        var (id, waiting) = AWaitingCase();
        var leased = Case.Claim(id, waiting, "ada", Noon).State;

        var refused = Assert.Throws<ReviewRefusedException>(() => Case.Claim(id, leased, "bob", Noon.AddMinutes(9)));
        var taken = Case.Claim(id, leased, "bob", Noon.AddMinutes(10)).State;

        Assert.Contains("ada until 2026-11-23T12:10:00Z", refused.Message, StringComparison.Ordinal);
        Assert.Equal(("bob", 2), (Assert.IsType<Case.Leased>(taken).Reviewer, taken.Lease));
        Assert.Throws<ReviewRefusedException>(() => Approve(id, taken, "ada", lease: 1));
    }

    [Fact]
    public void A_case_nobody_holds_may_be_decided_without_a_claim()
    {
        var (id, waiting) = AWaitingCase();
        var leased = Case.Claim(id, waiting, "ada", Noon).State;

        Assert.IsType<Case.Approved>(Approve(id, waiting, "bob"));
        Assert.IsType<Case.Approved>(Approve(id, leased, "ada"));
        Assert.Throws<ReviewRefusedException>(() => Approve(id, leased, "bob"));
        Assert.IsType<Case.Approved>(Case.Approve(id, leased, new Ruling { Reviewer = "bob" }, Noon.AddHours(1)).State);
    }

    [Fact]
    public void A_late_decision_under_the_newest_claim_counts()
    {
        var (id, waiting) = AWaitingCase();
        var leased = Case.Claim(id, waiting, "ada", Noon).State;

        var late = Case.Approve(id, leased, new Ruling { Reviewer = "ada", Lease = 1 }, Noon.AddHours(3)).State;

        Assert.IsType<Case.Approved>(late);
    }

    [Fact]
    public void The_same_reviewers_same_decision_again_is_the_same_answer_and_another_is_refused()
    {
        var (id, waiting) = AWaitingCase();
        var approved = Approve(id, waiting, "ada");

        Assert.Same(approved, Approve(id, approved, "ada"));
        var other = Assert.Throws<ReviewRefusedException>(() => Approve(id, approved, "bob"));
        Assert.Throws<ReviewRefusedException>(() => Case.Reject(id, approved, new Ruling { Reviewer = "ada", Reasons = ["a"] }, Noon));
        Assert.Throws<ReviewRefusedException>(() => Case.Claim(id, approved, "ada", Noon));
        Assert.Contains("approved by ada", other.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_policy_decided_names_the_policy_when_a_person_comes_late()
    {
        var asset = AnAsset();
        var rejected = Case.Judge(null, asset, [Rejecting], APolicy(), Noon).State;

        var refused = Assert.Throws<ReviewRefusedException>(() => Approve(asset.AssetId, rejected, "ada"));

        Assert.Contains("rejected by policy decode-only@1", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_persons_rejection_is_announced_with_their_reasons_and_name()
    {
        var (id, waiting) = AWaitingCase();

        var decision = Case.Reject(id, waiting, new Ruling { Reviewer = "ada", Reasons = ["brand.off-key"], Note = "No." }, Noon);

        var rejected = Assert.IsType<AssetRejected>(Assert.Single(decision.Announcements));
        Assert.Equal(["brand.off-key"], rejected.Reasons);
        Assert.Equal(("ada", Noon), (rejected.Reviewer, rejected.RejectedAt));
        Assert.Equal("No.", Assert.IsType<Case.Rejected>(decision.State).Note);
    }

    private static (Guid Id, Case Case) AWaitingCase()
    {
        var asset = AnAsset();
        return (asset.AssetId, Case.Judge(null, asset, [Reviewing], APolicy(), Noon).State);
    }

    private static Case Approve(Guid id, Case current, string reviewer, long? lease = null) =>
        Case.Approve(id, current, new Ruling { Reviewer = reviewer, Lease = lease }, Noon.AddMinutes(1)).State;
}
