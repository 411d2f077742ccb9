using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Platform.Hosting;

/// <summary>Why a call is not let in.</summary>
internal sealed record CallerRefusal(int StatusCode, string Title, string Detail);

/// <summary>Tells who calls: the installation's operator, or the holder of an API key whose scopes reach that far.</summary>
/// <remarks>
/// A key's holder is known by the key's id and not by its name: who reviewed an asset is told in records that anyone may
/// read. Refused credentials are logged without their secret, and so many a minute at most.
/// </remarks>
internal sealed partial class Callers(
    InstallationToken token,
    IOptions<PlatformOptions> options,
    TimeProvider clock,
    ILogger<Callers> logger,
    IKeyRing? keys = null)
{
    private readonly RefusalRate rate = new(clock);

    /// <summary>Null lets the call in, and notes who it is.</summary>
    public async ValueTask<CallerRefusal?> RefuseAsync(HttpContext context, bool isOpen)
    {
        var bearer = Bearer(context.Request.Headers.Authorization);
        if (bearer is not null && token.Matches(bearer))
        {
            context.User = Named("installation-operator", "InstallationToken");
            return null;
        }

        if (isOpen)
        {
            return null;
        }

        if (bearer is null)
        {
            return Unauthorized(
                $"Send the installation's token as 'Authorization: Bearer …'; it is in {options.Value.TokenPath}."
                + (keys is null ? "" : " An API key is sent likewise."));
        }

        if (keys is null || !bearer.StartsWith(IKeyRing.Prefix, StringComparison.Ordinal))
        {
            Note(context, null, 401);
            return Unauthorized($"The token is not this installation's; it is in {options.Value.TokenPath}."
                + (keys is null ? " API keys are not taken here." : $" An API key begins with '{IKeyRing.Prefix}'."));
        }

        return await keys.FindAsync(bearer, context.RequestAborted) switch
        {
            KeyVerdict.Granted { Grant: var grant } => Admit(context, grant),
            KeyVerdict.Refused refused => RefuseKey(context, refused),
            var other => throw new InvalidOperationException(other.ToString()),
        };
    }

    private static CallerRefusal Unauthorized(string detail) => new(StatusCodes.Status401Unauthorized, "Not authorized", detail);

    private static string? Bearer(string? header) =>
        header?.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) == true ? header[7..].Trim() : null;

    private static ClaimsPrincipal Named(string name, string type) =>
        new(new ClaimsIdentity([new Claim(ClaimTypes.Name, name)], authenticationType: type));

    private CallerRefusal RefuseKey(HttpContext context, KeyVerdict.Refused refused)
    {
        Note(context, refused.KeyId, 401);
        return Unauthorized(refused.Why);
    }

    private CallerRefusal? Admit(HttpContext context, KeyGrant grant)
    {
        if (context.GetEndpoint() is { } endpoint && Forbid(endpoint.Metadata.GetMetadata<NeedsScopeAttribute>(), grant) is { } why)
        {
            Note(context, grant.KeyId, 403);
            return new CallerRefusal(StatusCodes.Status403Forbidden, "Not allowed", why);
        }

        context.User = Named($"key-{grant.KeyId}", "ApiKey");
        context.Features.Set(grant);
        return null;
    }

    private static string? Forbid(NeedsScopeAttribute? needs, KeyGrant grant)
    {
        var scope = needs?.Scope ?? NeedsScopeAttribute.Operations;
        return !grant.Has(scope)
                ? $"Key {grant.KeyId} lacks the scope '{scope}'; it has {string.Join(", ", grant.Scopes)}."
            : grant.Campaigns.Count > 0 && needs is not { PerCampaign: true }
                ? $"Key {grant.KeyId} is for {string.Join(", ", grant.Campaigns)} only, and this call reaches beyond one campaign."
            : null;
    }

    private void Note(HttpContext context, string? keyId, int status)
    {
        if (rate.TryTake(out var unsaid))
        {
            LogRefused(status, context.Connection.RemoteIpAddress, keyId ?? "none", unsaid);
        }
    }

    [LoggerMessage(31, LogLevel.Warning, "Refused a call with {Status} from {Remote}, key {KeyId}; {Unsaid} refused before were not logged")]
    private partial void LogRefused(int status, System.Net.IPAddress? remote, string keyId, long unsaid);
}
