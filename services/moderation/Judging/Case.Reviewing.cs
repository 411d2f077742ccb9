using Grpc.Core;
using Platform.Mongo;

namespace Platform.Moderation;

internal abstract partial record Case
{
    /// <summary>
    /// Leases the case to the reviewer; who held it before can no longer decide under their number.
    /// </summary>
    public static Decision<Case> Claim(Guid assetId, Case? current, string reviewer, DateTimeOffset now) =>
        new(OpenFor(assetId, current, reviewer, now).Claim(reviewer, Stored(now)));

    public static Decision<Case> Approve(Guid assetId, Case? current, Ruling ruling, DateTimeOffset now)
    {
        if (current is Approved { Decision.Reviewer: { } reviewer } && reviewer == ruling.Reviewer)
        {
            return new(current, current.ToEvent(now));
        }

        var approved = OpenUnder(assetId, current, ruling, now)
            .Approve(ruling.Reviewer, ruling.Note, Stored(now));
        return new(approved, approved.ToEvent(now));
    }

    public static Decision<Case> Reject(Guid assetId, Case? current, Ruling ruling, DateTimeOffset now)
    {
        if (current is Rejected { Decision: { Reviewer: { } reviewer } decision }
            && reviewer == ruling.Reviewer
            && decision.Reasons.SequenceEqual(ruling.Reasons))
        {
            return new(current, current.ToEvent(now));
        }

        var rejected = OpenUnder(assetId, current, ruling, now)
            .Reject(ruling.Reviewer, ruling.Reasons, ruling.Note, Stored(now));
        return new(rejected, rejected.ToEvent(now));
    }

    private static Open OpenUnder(Guid assetId, Case? current, Ruling ruling, DateTimeOffset now)
    {
        var open = OpenFor(assetId, current, ruling.Reviewer, now);
        var isTheirs = ruling.Lease is null
            || (open is Leased held && held.Lease == ruling.Lease && held.Reviewer == ruling.Reviewer);
        return isTheirs
            ? open
            : throw new ReviewRefusedException(
                StatusCode.FailedPrecondition,
                $"Lease {ruling.Lease} of case {assetId} is not yours or no longer current "
                    + $"(the last claim is {open.Lease}); claim it again.");
    }

    private static Open OpenFor(Guid assetId, Case? current, string reviewer, DateTimeOffset now) =>
        current switch
        {
            null => throw new ReviewRefusedException(StatusCode.NotFound, $"There is no case {assetId}."),
            Leased held when held.IsHeldAt(now) && held.Reviewer != reviewer => throw new ReviewRefusedException(
                StatusCode.FailedPrecondition,
                $"Case {assetId} is leased to {held.Reviewer} until {held.Until:yyyy-MM-ddTHH:mm:ssZ}."),
            Open open => open,
            Closed closed => throw new ReviewRefusedException(
                StatusCode.FailedPrecondition,
                $"Case {assetId} was {closed.Decision.Verdict} "
                    + $"by {closed.Decision.Reviewer ?? $"policy {closed.Decision.Policy}"} "
                    + $"at {closed.Decision.DecidedAt:yyyy-MM-ddTHH:mm:ssZ}."),
            _ => throw new InvalidOperationException($"A case cannot be a {current.GetType().Name}."),
        };
}

/// <summary>What a person decided about a case.</summary>
internal sealed record Ruling
{
    /// <summary>From the credential, never from the request.</summary>
    public required string Reviewer { get; init; }

    /// <summary>The number of the claim it is decided under; null for a case nobody else holds.</summary>
    public long? Lease { get; init; }

    public IReadOnlyList<string> Reasons { get; init; } = [];

    public string? Note { get; init; }
}

/// <summary>The case is not in a state in which this reviewer may do this; nothing was changed.</summary>
internal sealed class ReviewRefusedException(StatusCode status, string message) : Exception(message)
{
    public StatusCode Status { get; } = status;
}
