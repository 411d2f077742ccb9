using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Platform.Hosting;

/// <summary>Lets a call in when it names a known host and bears the installation's token, or an API key that reaches that far.</summary>
/// <remarks>Health and the content gateway need neither: a stranger verifies through them.</remarks>
internal sealed class AccessGate(RequestDelegate next, Callers callers, IOptions<PlatformOptions> options)
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
        if (await callers.RefuseAsync(context, isOpen) is { } refusal)
        {
            if (refusal.StatusCode == StatusCodes.Status401Unauthorized)
            {
                context.Response.Headers.WWWAuthenticate = "Bearer realm=\"imprimatur\"";
            }

            await Results.Problem(refusal.Detail, statusCode: refusal.StatusCode, title: refusal.Title).ExecuteAsync(context);
            return;
        }

        await next(context);
    }
}
