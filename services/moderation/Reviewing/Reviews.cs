namespace Platform.Moderation;

/// <summary>
/// The review desk: one write decides a case and announces it, whoever asks at the same time.
/// </summary>
internal sealed class Reviews(Cases cases, TimeProvider clock)
{
    public Task<Case> ClaimAsync(Guid assetId, string reviewer, CancellationToken cancellation) =>
        cases.Documents.DecideAsync(
            assetId, current => Case.Claim(assetId, current, reviewer, clock.GetUtcNow()), cancellation);

    public Task<Case> ApproveAsync(Guid assetId, Ruling ruling, CancellationToken cancellation) =>
        cases.Documents.DecideAsync(
            assetId, current => Case.Approve(assetId, current, ruling, clock.GetUtcNow()), cancellation);

    public Task<Case> RejectAsync(Guid assetId, Ruling ruling, CancellationToken cancellation) =>
        cases.Documents.DecideAsync(
            assetId, current => Case.Reject(assetId, current, ruling, clock.GetUtcNow()), cancellation);
}
