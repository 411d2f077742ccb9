using System.Diagnostics.CodeAnalysis;

namespace Platform.Embedded;

/// <summary>HTTP clients of a command line: there is no container to ask for a factory.</summary>
internal static class Loopback
{
    [SuppressMessage("ApiDesign", "RS0030", Justification = "One client for the life of the process; nothing to pool.")]
    public static HttpClient CreateClient() => new() { Timeout = TimeSpan.FromMinutes(2) };
}
