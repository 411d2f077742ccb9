using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Platform.Campaigns;

/// <summary>Section <c>Campaigns</c>.</summary>
internal sealed class CampaignsOptions
{
    public const string Section = "Campaigns";

    /// <summary>Seconds without news after which an open admission is announced again; doubles up to an hour.</summary>
    [Range(0.1, 86_400)]
    public double FirstCheckSeconds { get; set; } = 120;

    /// <summary>Checks in vain after which an admission is stalled and shown to operators.</summary>
    [Range(1, 100)]
    public int ChecksInVain { get; set; } = 5;

    /// <summary>
    /// Assets at work at one time at most, over all campaigns and replicas: from release until they are pinned. What is more
    /// waits here, durably, interactive events first, then campaign by campaign. An eighth of it is always used,
    /// so give a slow generator eight times what it works on at once.
    /// </summary>
    [Range(1, 100_000)]
    public int Window { get; set; } = 256;

    /// <summary>
    /// MiB of the database that waiting events may take, as measured by their documents, doubled for indexes; past it new
    /// events are answered 429 until some were released. 0: nothing may wait.
    /// </summary>
    [Range(0, 1_000_000)]
    public int DiskBudgetMiB { get; set; } = 1_024;

    /// <summary>MiB that must remain free on the volume of <c>Platform:Data</c>; below it new events are answered 429.</summary>
    [Range(0, 1_000_000)]
    public int FreeDiskMiB { get; set; } = 256;
}

[OptionsValidator]
internal sealed partial class CampaignsOptionsValidator : IValidateOptions<CampaignsOptions>;
