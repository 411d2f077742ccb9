namespace Platform.Campaigns;

/// <summary>A request on its way through the command that admits it.</summary>
internal sealed class Asked(AdmissionRequest request)
{
    public AdmissionRequest Request => request;

    public IReadOnlyList<Candidate> Candidates { get; init; } = [];

    /// <summary>What is new and goes straight to work.</summary>
    public IReadOnlyList<Candidate> AtWork { get; set; } = [];

    /// <summary>What is new and waits for its turn.</summary>
    public IReadOnlyList<Candidate> Waiting { get; set; } = [];

    public Admittance.Refused? Refused { get; set; }

    public IEnumerable<Candidate> Fresh => AtWork.Concat(Waiting);

    /// <param name="digests">Of the events whose assets are known already.</param>
    public Admittance.Refused? FindConflict(Dictionary<Guid, string> digests)
    {
        // Two events of one request may claim one id as well.
        var first = new Dictionary<Guid, string>();
        var conflicts = Candidates
            .Where(each => each.Admission.EventDigest != DigestOf(each))
            .Select(each => new FieldError("id", $"Event '{each.EventId}' was received before with another body."))
            .Distinct()
            .ToList();
        return conflicts.Count == 0
            ? null
            : Admittance.Refuse(409, "Event id used with another body",
                "An event id names one event for ever; send the changed event under an id of its own.", conflicts);

        string DigestOf(Candidate candidate)
        {
            if (!digests.TryGetValue(candidate.AssetId, out var digest)
                && !first.TryGetValue(candidate.AssetId, out digest))
            {
                first[candidate.AssetId] = digest = candidate.Admission.EventDigest;
            }

            return digest;
        }
    }

    /// <param name="earlier">An admission that was there before.</param>
    /// <param name="atWork">The assets that the whole command sent to work.</param>
    public Admittance Answer(Func<Guid, Admission?> earlier, HashSet<Guid> atWork) => Refused is not null
        ? Refused
        : new Admittance.Accepted([.. Candidates.Select(each => new AdmittedAsset(
            each.EventId,
            each.Admission.Variant,
            each.AssetId,
            (earlier(each.AssetId) ?? each.Admission with
            {
                Stage = (int)(atWork.Contains(each.AssetId) ? Stage.Admitted : Stage.Received),
            }).Status))]);
}
