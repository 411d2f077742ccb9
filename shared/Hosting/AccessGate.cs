using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Platform.Hosting;

/// <summary>Lets a call in when it names a known host and bears the installation's token.</summary>
/// <remarks>Health and the content gateway need no token: a stranger verifies through them.</remarks>
internal sealed class AccessGate(RequestDelegate next, InstallationToken token, IOptions<PlatformOptions> options)
{
    private static readonly PathString[] Open = ["/health", "/ipfs"];

    private readonly HashSet<string> hosts =
        new(["localhost", "127.0.0.1", "[::1]", .. options.Value.AllowedHosts], StringComparer.OrdinalIgnoreCase);

    public async Task InvokeAsync(HttpContext context)
    {
        if (!hosts.Contains(context.Request.Host.Host))
        {
            await Results.Problem(
                $"This installation does not answer for host '{context.Request.Host.Host}'; call it by 127.0.0.1 or localhost, "
                    + "or add the name to Platform:AllowedHosts.",
                statusCode: StatusCodes.Status421MisdirectedRequest,
                title: "Unknown host").ExecuteAsync(context);
            return;
        }

        var isOpen = Array.Exists(Open, path => context.Request.Path.StartsWithSegments(path, StringComparison.Ordinal));
        var bearer = Bearer(context.Request.Headers.Authorization);
        if (bearer is not null && token.Matches(bearer))
        {
            context.User = new ClaimsPrincipal(new ClaimsIdentity(
                [new Claim(ClaimTypes.Name, "installation-operator")], authenticationType: "InstallationToken"));
        }
        else if (!isOpen)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer realm=\"imprimatur\"";
            await Results.Problem(
                bearer is null
                    ? $"Send the installation's token as 'Authorization: Bearer …'; it is in {options.Value.TokenPath}."
                    : $"The token is not this installation's; it is in {options.Value.TokenPath}.",
                statusCode: StatusCodes.Status401Unauthorized,
                title: "Not authorized").ExecuteAsync(context);
            return;
        }

        await next(context);
    }

    private static string? Bearer(string? header) =>
        header?.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) == true ? header[7..].Trim() : null;
}
