using Platform.Hosting;

namespace Platform.Campaigns;

/// <summary>Announces what was admitted or released, behind the back of whoever sent it.</summary>
/// <remarks>A failure leaves messages in their documents, and the relay announces them; so does the end of the process.</remarks>
internal sealed class AnnounceAdmitted(Admissions admissions, TimeProvider clock, ILogger<AnnounceAdmitted> logger)
    : Forever(clock, logger)
{
    /// <summary>A broker confirms many publishes at once, so waiting for one at a time would be slow.</summary>
    private const int AtOnce = 32;

    protected override TimeSpan Pause => TimeSpan.FromSeconds(1);

    protected override async Task<bool> WorkAsync(CancellationToken cancellation)
    {
        await admissions.Documents.AnnounceStoredAsync(AtOnce, cancellation);
        return false;
    }
}
