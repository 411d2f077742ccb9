namespace Platform.Campaigns;

/// <summary>One asset of one event, and how it stands.</summary>
internal sealed record AdmittedAsset(string Event, string Variant, Guid AssetId, string Status);

/// <summary>Why events were not admitted; nothing of the request was kept.</summary>
internal sealed record Refusal(int StatusCode, string Title, string Detail, IReadOnlyList<FieldError> Errors)
{
    /// <summary>Where the events are well and only the time is not: when to send them again.</summary>
    public TimeSpan? RetryAfter { get; init; }
}

/// <summary>What became of a request: its assets, or why there are none.</summary>
internal abstract record Admittance
{
    public sealed record Accepted(IReadOnlyList<AdmittedAsset> Assets) : Admittance;

    public sealed record Refused(Refusal Refusal) : Admittance;

    public static Refused Refuse(int statusCode, string title, string detail, IReadOnlyList<FieldError>? errors = null) =>
        new(new Refusal(statusCode, title, detail, errors ?? []));
}
