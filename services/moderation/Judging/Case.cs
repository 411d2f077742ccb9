using Platform.Events;

namespace Platform.Moderation;

/// <summary>What moderation knows of one asset. State is a value; every change is a new value.</summary>
/// <remarks>
/// A closed case never changes; only a newer iteration of the asset opens a new one in its place.
/// </remarks>
internal abstract partial record Case
{
    /// <summary>How long nobody needs to ask again about a case that waits for a person.</summary>
    public static readonly TimeSpan Wait = TimeSpan.FromHours(1);

    /// <summary>How long a claimed case is its reviewer's.</summary>
    public static readonly TimeSpan LeaseTime = TimeSpan.FromMinutes(10);

    public required GenerationCompleted Asset { get; init; }

    /// <summary>What the policy found: why the case waited, or was refused.</summary>
    public required IReadOnlyList<string> Reasons { get; init; }

    public required DateTimeOffset OpenedAt { get; init; }

    /// <summary>The fencing number of the last claim; goes up with every one, over all iterations.</summary>
    public long Lease { get; init; }

    public abstract object ToEvent(DateTimeOffset now);

    /// <summary>Nobody has decided yet.</summary>
    public abstract record Open : Case
    {
        public Leased Claim(string reviewer, DateTimeOffset now) => new()
        {
            Asset = Asset,
            Reasons = Reasons,
            OpenedAt = OpenedAt,
            Lease = Lease + 1,
            Reviewer = reviewer,
            Until = now + LeaseTime,
        };

        public Approved Approve(string? reviewer, string? note, DateTimeOffset now) => new()
        {
            Asset = Asset,
            Reasons = Reasons,
            OpenedAt = OpenedAt,
            Lease = Lease,
            Decision = Decide("approved", Reasons, reviewer, now),
            Note = note,
        };

        public Rejected Reject(
            string? reviewer, IReadOnlyList<string> reasons, string? note, DateTimeOffset now) => new()
            {
                Asset = Asset,
                Reasons = Reasons,
                OpenedAt = OpenedAt,
                Lease = Lease,
                Decision = Decide("rejected", reasons, reviewer, now),
                Note = note,
            };

        public override object ToEvent(DateTimeOffset now) => new AssetWaiting
        {
            AssetId = Asset.AssetId,
            Iteration = Asset.Iteration,
            Campaign = Asset.Campaign,
            Reasons = Reasons,
            Until = now + Wait,
        };

        private DecisionFacts Decide(
            string verdict, IReadOnlyList<string> reasons, string? reviewer, DateTimeOffset now) => new()
            {
                Policy = Asset.Policy,
                Verdict = verdict,
                Reasons = reasons,
                Reviewer = reviewer,
                DecidedAt = now,
            };
    }

    /// <summary>Anybody may claim it.</summary>
    public sealed record Waiting : Open;

    /// <summary>One reviewer's, until the lease ends.</summary>
    public sealed record Leased : Open
    {
        public required string Reviewer { get; init; }

        public required DateTimeOffset Until { get; init; }

        public bool IsHeldAt(DateTimeOffset now) => now < Until;
    }

    /// <summary>Decided, by the policy alone or by a person under it.</summary>
    public abstract record Closed : Case
    {
        public required DecisionFacts Decision { get; init; }

        public string? Note { get; init; }
    }

    public sealed record Approved : Closed
    {
        public override object ToEvent(DateTimeOffset now) => new AssetApproved
        {
            AssetId = Asset.AssetId,
            Iteration = Asset.Iteration,
            Campaign = Asset.Campaign,
            CampaignVersion = Asset.CampaignVersion,
            Recipient = Asset.Recipient,
            Content = Asset.Content,
            MediaType = Asset.MediaType,
            Custody = Asset.Custody with { Decisions = [.. Asset.Custody.Decisions, Decision] },
            ApprovedAt = Decision.DecidedAt,
        };
    }

    public sealed record Rejected : Closed
    {
        public override object ToEvent(DateTimeOffset now) => new AssetRejected
        {
            AssetId = Asset.AssetId,
            Iteration = Asset.Iteration,
            Campaign = Asset.Campaign,
            Reasons = Decision.Reasons,
            Reviewer = Decision.Reviewer,
            RejectedAt = Decision.DecidedAt,
        };
    }
}
