using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Platform.Campaigns;

/// <summary>Section <c>Campaigns:Webhooks</c>.</summary>
internal sealed class WebhooksOptions
{
    public const string Section = "Campaigns:Webhooks";

    /// <summary>Seconds that an endpoint has to answer.</summary>
    [Range(0.1, 120)]
    public double TimeoutSeconds { get; set; } = 15;

    /// <summary>Deliveries under way to one endpoint at one time, in each replica.</summary>
    [Range(1, 100)]
    public int Concurrency { get; set; } = 4;

    /// <summary>Seconds before the first retry; doubles up to an hour, a fifth more or less by chance.</summary>
    [Range(0.01, 3_600)]
    public double FirstRetrySeconds { get; set; } = 5;

    /// <summary>Hours after which a delivery is given up and shown as dead.</summary>
    [Range(0.0001, 720)]
    public double GiveUpHours { get; set; } = 24;

    /// <summary>Days that deliveries are kept, delivered or dead; so long they can be replayed.</summary>
    [Range(1, 3_650)]
    public int KeepDays { get; set; } = 30;

    /// <summary>Endpoints may be in private networks. Off, because whoever may add endpoints could reach what only we can reach.</summary>
    public bool AllowPrivateAddresses { get; set; }
}

[OptionsValidator]
internal sealed partial class WebhooksOptionsValidator : IValidateOptions<WebhooksOptions>;
