namespace Platform.Embedded;

/// <summary>Whether the record tells who made the picture and who let it pass.</summary>
internal static class ProvenanceLine
{
    public static Line Of(Evidence<CustodyDocument> custody)
    {
        var record = custody.Value?.Record;
        var last = record?.Decisions is [.., var newest] ? newest : null;
        return new Judgement("provenance")
            .Need(record is not null, "the custody record could not be read")
            .Expect(record is null || record.Generator is not null, "the custody record names no generator")
            .Expect(record is null || last is not null, "the custody record has no decision: it was minted unmoderated")
            .Expect(last is null or { Verdict: "approved" }, $"the last decision, under {last?.Policy}, is '{last?.Verdict}'")
            .Conclude(() => $"made by {record!.Generator!.Name} {record.Generator.Version}, approved under {last!.Policy} by "
                + (last.Reviewer ?? "the policy alone"));
    }
}
