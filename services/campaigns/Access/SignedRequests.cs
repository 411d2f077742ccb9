using System.Globalization;
using Microsoft.Extensions.Options;
using Platform.Hosting;

namespace Platform.Campaigns;

/// <summary>Checks the Standard Webhooks headers of a request that a publisher signed.</summary>
/// <remarks>
/// A request that is sent again as it was is let through and answers as before, because its events are known by their
/// own ids. The path is not signed: that a body is for another campaign now is seen by its webhook-id, which came before.
/// </remarks>
internal sealed partial class SignedRequests(
    KeyRing ring, SeenRequests seen, IOptions<AccessOptions> options, TimeProvider clock, ILogger<SignedRequests> logger)
{
    private const int LongestId = 256;

    private const int LongestSignature = 2_000;

    private readonly RefusalRate rate = new(clock);

    /// <summary>Null where the request is rightly signed, or is not and need not be.</summary>
    public async ValueTask<Refusal?> RefuseAsync(
        HttpContext context, string campaign, ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        var headers = context.Request.Headers;
        var (id, timestamp, signature) = (
            headers[StandardWebhooks.Id].ToString(),
            headers[StandardWebhooks.Timestamp].ToString(),
            headers[StandardWebhooks.Signature].ToString());
        if (context.KeyGrant() is not { KeyId: var keyId })
        {
            return signature.Length == 0 ? null : Refuse(
                "none", "The installation's token has no signing secret; sign with an API key's, and send that key.");
        }

        var isSigned = id.Length + timestamp.Length + signature.Length > 0;
        var (secrets, isRequired) = await ring.SigningOfAsync(keyId, cancellation);
        if (!isSigned)
        {
            return !isRequired ? null : Refuse(keyId, $"API key {keyId} takes signed requests only: send "
                + $"{StandardWebhooks.Id}, {StandardWebhooks.Timestamp} and {StandardWebhooks.Signature}.");
        }

        if (WrongForm(id, timestamp, signature) is { } wrong)
        {
            return Refuse(keyId, wrong);
        }

        if (WrongTime(timestamp) is { } late)
        {
            return Refuse(keyId, late);
        }

        if (!StandardWebhooks.Verify(signature, secrets, id, timestamp, body.Span))
        {
            return Refuse(keyId, $"No signature in {StandardWebhooks.Signature} fits: sign '<id>.<timestamp>.<body>', the body as it "
                + $"is sent, with the signing secret of API key {keyId}, as 'v1,<base64>'.");
        }

        return await seen.IsFirstOrSameAsync(SeenRequest.Of(keyId, id, campaign, body.Span), cancellation)
            ? null
            : Refuse(keyId, $"This {StandardWebhooks.Id} came before with another body or for another campaign; give each request its own.", 409);
    }

    private static string? WrongForm(string id, string timestamp, string signature) =>
        id.Length is 0 or > LongestId || !id.All(each => each is > ' ' and <= '~')
            ? $"{StandardWebhooks.Id} must be 1 to {LongestId} visible ASCII characters."
        : timestamp.Length is 0 or > 12 || !timestamp.All(char.IsAsciiDigit)
            ? $"{StandardWebhooks.Timestamp} must be seconds since 1970, in digits."
        : signature.Length is 0 or > LongestSignature
            ? $"{StandardWebhooks.Signature} must be 'v1,<base64>', several separated by spaces, {LongestSignature} characters in all."
        : null;

    private string? WrongTime(string timestamp)
    {
        var age = clock.GetUtcNow().ToUnixTimeSeconds() - long.Parse(timestamp, CultureInfo.InvariantCulture);
        var tolerance = options.Value.ToleranceSeconds;
        return age > tolerance ? $"{StandardWebhooks.Timestamp} is {age} s old, and {tolerance} s are taken: sign at each sending."
            : -age > tolerance ? $"{StandardWebhooks.Timestamp} is {-age} s ahead, and {tolerance} s are taken: set the sender's clock."
            : null;
    }

    private Refusal Refuse(string keyId, string why, int status = 401)
    {
        if (rate.TryTake(out var unsaid))
        {
            LogRefused(status, keyId, unsaid);
        }

        return new Refusal(status, status == 401 ? "Not authorized" : "Webhook id used with another body", why, []);
    }

    [LoggerMessage(1, LogLevel.Warning,
        "Refused a signed request with {Status}, key {KeyId}; {Unsaid} refused before were not logged")]
    private partial void LogRefused(int status, string keyId, long unsaid);
}
