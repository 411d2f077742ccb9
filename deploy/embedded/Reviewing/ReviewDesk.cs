using Grpc.Core;
using Platform.Grpc.Moderation;

namespace Platform.Embedded;

/// <summary>Lists and decides cases at a running platform, whatever of an asset's id is given.</summary>
internal sealed class ReviewDesk(PlatformApi api, string data)
{
    /// <summary>Most that one question to the review queue answers.</summary>
    private const int Page = 500;

    private const int ShortestPrefix = 2;

    public async Task<WaitingCases> ListAsync(string campaign, CancellationToken cancellation)
    {
        var cases = await CasesAsync("waiting", campaign, cancellation);
        return new WaitingCases(
            [.. cases.Select(each => new WaitingCase(each, ReviewImages.Show(data, each)))],
            IsWhole: cases.Count < Page,
            TimeProvider.System.GetUtcNow());
    }

    public async Task<string> ApproveAsync(string asset, string note, CancellationToken cancellation)
    {
        var decided = await DecideAsync(asset, claimed => api.Moderation.ApproveCaseAsync(
            new ApproveCaseRequest { AssetId = claimed.AssetId, Note = note, Lease = claimed.Lease },
            cancellationToken: cancellation), cancellation);
        return $"Approved {decided.AssetId} of {decided.Campaign}, as {decided.Reviewer}. It goes on to be stored and minted.";
    }

    public async Task<string> RejectAsync(
        string asset, IReadOnlyList<string> reasons, string note, CancellationToken cancellation)
    {
        var decided = await DecideAsync(asset, claimed => api.Moderation.RejectCaseAsync(
            new RejectCaseRequest { AssetId = claimed.AssetId, Reasons = { reasons }, Note = note, Lease = claimed.Lease },
            cancellationToken: cancellation), cancellation);
        return $"Rejected {decided.AssetId} of {decided.Campaign}, as {decided.Reviewer}: {string.Join(", ", decided.Reasons)}.";
    }

    /// <summary>Claims first: two people at one case are then told, not overruled.</summary>
    private async Task<Case> DecideAsync(
        string asset, Func<Case, AsyncUnaryCall<Case>> decide, CancellationToken cancellation)
    {
        var id = await FindAsync(asset, cancellation);
        var decided = await AskAsync(async () => await decide(await api.Moderation.ClaimCaseAsync(
            new ClaimCaseRequest { AssetId = id }, cancellationToken: cancellation)));
        ReviewImages.Forget(data, decided);
        return decided;
    }

    /// <summary>The one asset whose id begins so: of those that wait first, then of those decided.</summary>
    private async Task<string> FindAsync(string asset, CancellationToken cancellation)
    {
        if (Guid.TryParse(asset, out var whole))
        {
            return whole.ToString();
        }

        var prefix = asset.Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();
        if (prefix.Length < ShortestPrefix || prefix.Length > 32 || !prefix.All(char.IsAsciiHexDigit))
        {
            throw new UserErrorException(
                $"'{Plain.Of(asset)}' is no asset id: write one as 'review' shows it, or its first {ShortestPrefix} digits or more.");
        }

        foreach (var state in (string[])["waiting", "approved", "rejected"])
        {
            var found = (await CasesAsync(state, "", cancellation))
                .Where(each => Bare(each.AssetId).StartsWith(prefix, StringComparison.Ordinal))
                .Select(each => each.AssetId)
                .ToList();
            if (found.Count > 1 && state == "waiting")
            {
                throw new UserErrorException(
                    $"'{asset}' names {found.Count} assets; write more of the one you mean:\n  "
                        + string.Join("\n  ", found.Take(10)));
            }

            if (found.Count == 1)
            {
                return found[0];
            }
        }

        throw new UserErrorException($"Nothing that waits begins with '{asset}'; 'review' lists what does.");
    }

    private async Task<IReadOnlyList<Case>> CasesAsync(string state, string campaign, CancellationToken cancellation) =>
        (await AskAsync(async () => await api.Moderation.ListCasesAsync(
            new ListCasesRequest { State = state, Campaign = campaign, Limit = Page }, cancellationToken: cancellation))).Cases;

    private static string Bare(string id) => id.Replace("-", "", StringComparison.Ordinal);

    private static async Task<T> AskAsync<T>(Func<Task<T>> question)
    {
        try
        {
            return await question();
        }
        catch (RpcException exception) when (exception.StatusCode
            is StatusCode.InvalidArgument or StatusCode.FailedPrecondition or StatusCode.NotFound)
        {
            var detail = exception.Status.Detail;
            throw new UserErrorException(
                detail.StartsWith("reasons: ", StringComparison.Ordinal) ? $"--reason: {detail["reasons: ".Length..]}"
                : detail.StartsWith("note: ", StringComparison.Ordinal) ? $"--{detail}"
                : detail);
        }
    }
}
