using Microsoft.Extensions.Options;
using Platform.Hosting;
using Platform.Mongo;

namespace Platform.Campaigns;

/// <summary>Admits many requests, of any campaigns, in a handful of commands; each is accepted or refused on its own.</summary>
/// <remarks>
/// Nothing here waits for the bus: what goes straight to work is announced by <see cref="AnnounceAdmitted"/>, what waits
/// for its turn by <see cref="ReleaseQueued"/>. A request that is given up meanwhile is admitted all the same.
/// </remarks>
internal sealed class AdmitTogether(
    PublishedCampaigns campaigns,
    Subjects subjects,
    Admissions admissions,
    AdmissionWindow window,
    DiskBudget disk,
    IOptions<CampaignsOptions> options,
    TimeProvider clock)
{
    public async Task<IReadOnlyDictionary<AdmissionRequest, Admittance>> AdmitAsync(IReadOnlyList<AdmissionRequest> requests)
    {
        var cancellation = CancellationToken.None; // the command is many callers'
        var finding = admissions.FindManyAsync([.. requests.SelectMany(each => each.AssetIds)], cancellation);
        var keys = await subjects.KeysAsync([.. requests.SelectMany(each => each.Subjects)], cancellation);
        var known = await finding;
        var now = clock.GetUtcNow();
        var asked = requests.Select(each => Ask(each, keys, now)).ToList();

        var budgets = new BudgetTaking(campaigns);
        await ExpectAsync(asked, known, budgets, cancellation);
        var met = known.ToDictionary(each => each.Key, each => each.Value.EventDigest);
        foreach (var each in asked.Where(each => each.Refused is null))
        {
            await DecideAsync(each, met, budgets, cancellation);
        }

        var late = await StoreAsync(asked, now, budgets, cancellation);
        await budgets.GiveBackAsync(cancellation);
        foreach (var each in asked.Where(each => each.Refused is null && late.Count > 0))
        {
            each.Refused = each.FindConflict(late.ToDictionary(one => one.Key, one => one.Value.EventDigest));
        }

        var atWork = asked.SelectMany(each => each.AtWork).Select(each => each.AssetId).ToHashSet();
        return asked.ToDictionary(each => each.Request, each => each.Answer(
            assetId => known.GetValueOrDefault(assetId) ?? late.GetValueOrDefault(assetId), atWork));
    }

    private static Asked Ask(AdmissionRequest request, IReadOnlyDictionary<string, byte[]> keys, DateTimeOffset now)
    {
        try
        {
            return new Asked(request) { Candidates = request.Candidates(keys, now) };
        }
        catch (PromptRenderException exception)
        {
            return new Asked(request) { Refused = Admittance.Refuse(400, "Prompt not rendered", exception.Message) };
        }
    }

    private static async Task ExpectAsync(
        List<Asked> asked,
        IReadOnlyDictionary<Guid, Admission> known,
        BudgetTaking budgets,
        CancellationToken cancellation)
    {
        foreach (var campaign in asked.GroupBy(each => each.Request.Campaign.Name))
        {
            var fresh = campaign.SelectMany(each => each.Candidates)
                .Select(each => each.AssetId).Distinct().Count(id => !known.ContainsKey(id));
            await budgets.ExpectAsync(campaign.First().Request.Campaign, fresh, cancellation);
        }
    }

    private async Task DecideAsync(
        Asked asked, Dictionary<Guid, string> met, BudgetTaking budgets, CancellationToken cancellation)
    {
        var campaign = asked.Request.Campaign;
        asked.Refused = asked.FindConflict(met);
        if (asked.Refused is not null)
        {
            return;
        }

        var fresh = asked.Candidates.Where(each => !met.ContainsKey(each.AssetId)).DistinctBy(each => each.AssetId).ToList();
        if (!await budgets.TryTakeAsync(campaign, fresh.Count, cancellation))
        {
            asked.Refused = Admittance.Refuse(409, "Budget used up",
                $"Campaign '{campaign.Name}' may make {campaign.Definition.Budget} assets in all, "
                + $"and fewer than {fresh.Count} are left.");
            return;
        }

        // At work first who cannot wait; each lane takes what room it is given.
        var (urgent, others) = (fresh.Where(IsUrgent).ToList(), fresh.Where(each => !IsUrgent(each)).ToList());
        var (urgentNow, othersNow) = (TakeRoom(Lane.Interactive, urgent), TakeRoom(Lane.Bulk, others));
        if (fresh.Count > 0 && disk.TryTake(fresh.Count - urgentNow - othersNow) is { } wait)
        {
            window.GiveBack(urgentNow + othersNow);
            budgets.Return(campaign, fresh.Count);
            asked.Refused = Full(wait);
            return;
        }

        asked.AtWork = [.. urgent.Take(urgentNow), .. others.Take(othersNow)];
        asked.Waiting = [.. urgent.Skip(urgentNow), .. others.Skip(othersNow)];
        foreach (var each in fresh)
        {
            met[each.AssetId] = each.Admission.EventDigest;
        }
    }

    private static bool IsUrgent(Candidate candidate) => candidate.Lane == Lane.Interactive;

    private int TakeRoom(Lane lane, List<Candidate> candidates) =>
        candidates.Count == 0 ? 0 : window.Take(lane, candidates.Count);

    /// <returns>Admissions that another replica stored in between: they are the ones that count.</returns>
    private async Task<IReadOnlyDictionary<Guid, Admission>> StoreAsync(
        List<Asked> asked, DateTimeOffset now, BudgetTaking budgets, CancellationToken cancellation)
    {
        var firstCheck = TimeSpan.FromSeconds(options.Value.FirstCheckSeconds);
        var decisions = new List<(Guid Id, Decision<Admission> Decision)>();
        foreach (var each in asked)
        {
            var definition = each.Request.Campaign.Definition;
            foreach (var candidate in each.AtWork)
            {
                var admission = candidate.Admission.Release(now, firstCheck);
                decisions.Add((candidate.AssetId, new Decision<Admission>(
                    admission, admission.ToEvent(candidate.AssetId, definition)) { TraceParent = admission.TraceParent }));
            }

            decisions.AddRange(each.Waiting.Select(waiting =>
                (waiting.AssetId, new Decision<Admission>(waiting.Admission) { TraceParent = waiting.Admission.TraceParent })));
        }

        if (decisions.Count == 0)
        {
            return new Dictionary<Guid, Admission>();
        }

        var added = await admissions.Documents.StoreAsync(decisions, cancellation);
        PlatformTelemetry.Stage.Add(added.Count, new KeyValuePair<string, object?>("stage", "received"));
        if (asked.Exists(each => each.Waiting.Count > 0))
        {
            window.NoteQueued();
        }

        if (added.Count == decisions.Count)
        {
            return new Dictionary<Guid, Admission>();
        }

        foreach (var each in asked)
        {
            budgets.Return(each.Request.Campaign, each.Fresh.Count(candidate => !added.Contains(candidate.AssetId)));
        }

        return await admissions.FindManyAsync(
            decisions.Select(each => each.Id).Where(id => !added.Contains(id)), cancellation);
    }

    private static Admittance.Refused Full(TimeSpan wait) => new(new Refusal(
        429,
        "Too many events wait",
        $"What may wait on disk does; nothing was admitted. Send the events again in {wait.TotalSeconds:0} s.",
        [])
    {
        RetryAfter = wait,
    });
}
