namespace Platform.Auditor;

/// <summary>Whether every accepted event has exactly one asset per variant, and each asset ended.</summary>
internal static class EventCheck
{
    /// <param name="findings">Where differences go.</param>
    /// <param name="answers">What the ingest answered.</param>
    /// <param name="assets">What campaigns has.</param>
    /// <param name="variantsOf">The variants of a campaign's version; null where campaigns does not know it.</param>
    public static void Run(
        Findings findings,
        IReadOnlyList<IngestAnswer> answers,
        IReadOnlyDictionary<Guid, Asset> assets,
        Func<Asset, IReadOnlyCollection<string>?> variantsOf)
    {
        var accepted = answers
            .GroupBy(answer => (Campaign(answer, assets), answer.Source, answer.Event))
            .ToList();
        foreach (var happened in accepted)
        {
            CheckEvent(findings, happened.Key.Event, [.. happened], assets, variantsOf);
        }

        // Sent again, an event answers the same asset again; two events never answer one.
        foreach (var shared in answers.GroupBy(answer => answer.AssetId))
        {
            var events = shared.Select(each => (each.Source, each.Event, each.Variant)).Distinct().ToList();
            findings.Expect(
                events.Count == 1,
                "event.shared",
                shared.Key.ToString(),
                () => $"one asset was answered to {events.Count} events or variants: "
                    + string.Join(", ", events.Take(5).Select(each => $"{each.Event} {each.Variant}")));
        }

        CheckUnaccepted(findings, answers, assets);
    }

    /// <summary>Whether each asset ended: it was minted, rejected, failed, or waits for somebody.</summary>
    public static void ExpectEnded(Findings findings, IEnumerable<Asset> assets)
    {
        foreach (var asset in assets.Where(asset => asset.Standing == Standing.Unfinished))
        {
            findings.Add(
                "asset.unfinished", asset.Id.ToString(), $"it is {asset.Status}, in campaign {asset.Campaign}, and did not end");
        }
    }

    private static void CheckEvent(
        Findings findings,
        string name,
        IReadOnlyList<IngestAnswer> answers,
        IReadOnlyDictionary<Guid, Asset> assets,
        Func<Asset, IReadOnlyCollection<string>?> variantsOf)
    {
        foreach (var variant in answers.GroupBy(answer => answer.Variant))
        {
            var ids = variant.Select(answer => answer.AssetId).Distinct().ToList();
            findings.Expect(
                ids.Count == 1,
                "event.doubled",
                name,
                () => $"its variant {variant.Key} was answered {ids.Count} assets: {string.Join(", ", ids.Take(5))}");
            foreach (var id in ids.Where(id => !assets.ContainsKey(id)))
            {
                findings.Add("event.lost", name, $"it was accepted as asset {id}, variant {variant.Key}, and campaigns has none");
            }
        }

        if (answers.Select(answer => assets.GetValueOrDefault(answer.AssetId)).FirstOrDefault(found => found is not null)
            is { } asset && variantsOf(asset) is { } variants)
        {
            var told = answers.Select(answer => answer.Variant).Distinct().Order(StringComparer.Ordinal).ToList();
            findings.Expect(
                told.SequenceEqual(variants.Order(StringComparer.Ordinal)),
                "event.variants",
                name,
                () => $"it was answered the variants {string.Join(", ", told)}; "
                    + $"{asset.Campaign}@{asset.CampaignVersion} has {string.Join(", ", variants)}");
        }
    }

    /// <remarks>Answers speak for a whole campaign: what nobody was answered there was made from nothing.</remarks>
    private static void CheckUnaccepted(
        Findings findings, IReadOnlyList<IngestAnswer> answers, IReadOnlyDictionary<Guid, Asset> assets)
    {
        var known = answers.Select(answer => answer.AssetId).ToHashSet();
        var campaigns = known.Where(assets.ContainsKey).Select(id => assets[id].Campaign).ToHashSet(StringComparer.Ordinal);
        foreach (var asset in assets.Values.Where(each => campaigns.Contains(each.Campaign) && !known.Contains(each.Id)))
        {
            findings.Add(
                "asset.unaccepted",
                asset.Id.ToString(),
                $"it is {asset.Status} in campaign {asset.Campaign}, and no ingest answer names it");
        }
    }

    private static string Campaign(IngestAnswer answer, IReadOnlyDictionary<Guid, Asset> assets) =>
        answer.Campaign ?? assets.GetValueOrDefault(answer.AssetId)?.Campaign ?? "";
}
