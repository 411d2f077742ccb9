using System.Net;
using System.Net.Sockets;

namespace Platform.Campaigns;

/// <summary>Where webhooks may go: never to what only this machine can reach.</summary>
internal static class WebhookAddress
{
    private const int Longest = 2_000;

    private static readonly IPNetwork[] NotPublic =
    [
        .. ((string[])
        [
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
            "192.0.2.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",
            "2001::/23", "2001:db8::/32", "2002::/16", // these may carry any IPv4 address within
        ]).Select(network => IPNetwork.Parse(network)),
    ];

    private static readonly IPNetwork GlobalIPv6 = IPNetwork.Parse("2000::/3");

    /// <summary>What is wrong with an endpoint's address; null where nothing is.</summary>
    public static string? WhatIsWrong(string text, bool allowPrivate) =>
        text.Length > Longest || !Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Host.Length == 0
            ? $"Send an absolute address of up to {Longest} characters."
        : url.UserInfo.Length > 0 || url.Fragment.Length > 0 ? "Leave user, password and fragment out."
        : url.Scheme == Uri.UriSchemeHttp && !IsLoopbackByName(url.IdnHost) ? "Use https; http is for localhost, 127.0.0.1 and [::1] only."
        : url.Scheme != Uri.UriSchemeHttps && url.Scheme != Uri.UriSchemeHttp ? "Use https."
        : IPAddress.TryParse(url.IdnHost, out var address) && !MayReach(url.IdnHost, address, allowPrivate)
            ? "The address is in a private or reserved network; Campaigns:Webhooks:AllowPrivateAddresses would allow it."
        : null;

    public static bool IsLoopbackByName(string host) => host is "localhost" or "127.0.0.1" or "::1" or "[::1]";

    /// <summary>Looked at for the address that is connected to, so a name cannot mean one and then another.</summary>
    public static bool MayReach(string host, IPAddress address, bool allowPrivate)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return IPAddress.IsLoopback(plain) ? IsLoopbackByName(host)
            : allowPrivate
            || (!Array.Exists(NotPublic, network => network.Contains(plain))
                && (plain.AddressFamily == AddressFamily.InterNetwork || GlobalIPv6.Contains(plain)));
    }
}
