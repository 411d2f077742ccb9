using Platform.Chain;
using Platform.Events;

namespace Platform.Minting;

/// <summary>Who is to own a token, as an event names them.</summary>
internal static class Recipient
{
    /// <summary>Why no token can go there; null where one can.</summary>
    public static string? Fault(string? recipient) =>
        !Address.TryParse(recipient, out var address, out var error) ? $"its recipient is no address. {error}"
        : address.IsZero ? "its recipient is the zero address, which is nobody's."
        : null;

    public static MintFailed ToFailure(Guid assetId, string campaign, string reason, DateTimeOffset at) => new()
    {
        AssetId = assetId,
        Campaign = campaign,
        Reason = reason,
        FailedAt = at,
    };
}
