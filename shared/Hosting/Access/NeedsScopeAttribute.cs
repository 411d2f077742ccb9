using Microsoft.AspNetCore.Http;

namespace Platform.Hosting;

/// <summary>The scope that an API key needs for an endpoint or a gRPC method; without one it is <see cref="Operations"/>.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class NeedsScopeAttribute(string scope) : Attribute
{
    /// <summary>Reaches everything, making keys included: the installation's token as a key.</summary>
    public const string Operations = "operations";

    public string Scope => scope;

    /// <summary>The endpoint itself asks <see cref="CallerExtensions.MayActFor"/>; else keys of some campaigns only are refused.</summary>
    public bool PerCampaign { get; init; }
}

/// <summary>Who calls, as the gate found.</summary>
public static class CallerExtensions
{
    /// <summary>Null where the caller bears the installation's token.</summary>
    public static KeyGrant? KeyGrant(this HttpContext context) => context?.Features.Get<KeyGrant>();

    /// <summary>False where the caller's key is limited to other campaigns.</summary>
    public static bool MayActFor(this HttpContext context, string campaign) => context.KeyGrant()?.MayActFor(campaign) ?? true;
}
