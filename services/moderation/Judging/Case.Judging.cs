using Platform.Events;
using Platform.Mongo;

namespace Platform.Moderation;

internal abstract partial record Case
{
    /// <summary>
    /// Judges an iteration once: again it has its verdict announced; an older one changes nothing.
    /// </summary>
    /// <param name="findings">Not looked at for an iteration that is known.</param>
    /// <param name="policy">Null when nobody published the policy the asset names.</param>
    public static Decision<Case> Judge(
        Case? current,
        GenerationCompleted generated,
        IReadOnlyList<Finding> findings,
        PublishedPolicy? policy,
        DateTimeOffset now)
    {
        if (current is not null && generated.Iteration < current.Asset.Iteration)
        {
            return new(current);
        }

        if (current is null || generated.Iteration > current.Asset.Iteration)
        {
            current = Judge(generated, findings, policy, current?.Lease ?? 0, Stored(now));
        }

        return new(current, current.ToEvent(now));
    }

    private static Case Judge(
        GenerationCompleted generated,
        IReadOnlyList<Finding> findings,
        PublishedPolicy? policy,
        long lease,
        DateTimeOffset now)
    {
        if (policy is null)
        {
            findings = [new("policy.unknown", Severity.Refuse)];
        }

        var gravest = findings.Max(finding => (Severity?)finding.Severity);
        return (gravest, policy?.Rules.HumanReview) switch
        {
            (Severity.Refuse, _) => Refused(Severity.Refuse),
            (_, true) => Opened(["policy.human-review", .. Codes(Severity.Review)]),
            (Severity.Reject, _) => Refused(Severity.Reject),
            (Severity.Review, _) => Opened(Codes(Severity.Review)),
            _ => Opened([]).Approve(reviewer: null, note: null, now),
        };

        Rejected Refused(Severity atLeast) =>
            Opened(Codes(atLeast)).Reject(reviewer: null, Codes(atLeast), note: null, now);

        Waiting Opened(IReadOnlyList<string> reasons) =>
            new() { Asset = generated, Reasons = reasons, OpenedAt = now, Lease = lease };

        string[] Codes(Severity atLeast) =>
            [.. findings
                .Where(finding => finding.Severity >= atLeast)
                .Select(finding => finding.Code)
                .Distinct()];
    }

    /// <summary>
    /// To the millisecond, as MongoDB keeps it: announced at once or read back, it is one time.
    /// </summary>
    private static DateTimeOffset Stored(DateTimeOffset time) =>
        DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());
}
