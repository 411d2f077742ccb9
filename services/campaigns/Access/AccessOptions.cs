using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Platform.Campaigns;

/// <summary>Section <c>Campaigns:Access</c>.</summary>
internal sealed class AccessOptions
{
    public const string Section = "Campaigns:Access";

    /// <summary>Seconds that a signed request's timestamp may be off, either way.</summary>
    [Range(1, 3_600)]
    public int ToleranceSeconds { get; set; } = 300;

    /// <summary>Hours for which a webhook-id is known: so long it may not come again with another body.</summary>
    [Range(1, 720)]
    public int RememberHours { get; set; } = 24;
}

[OptionsValidator]
internal sealed partial class AccessOptionsValidator : IValidateOptions<AccessOptions>;
