using Platform.Auditor;
using Platform.Hosting;

namespace Platform.Embedded;

/// <summary>Finds where the services of the platform on a data folder answer, in one process or in many.</summary>
internal static class AuditedPlatform
{
    /// <exception cref="UserErrorException">No platform runs there, or an address is none.</exception>
    public static AuditAddresses Find(AuditOptions options)
    {
        var token = Path.Combine(options.Data, "token");
        if (RunningFile.Read(options.Data) is not { } running || !File.Exists(token))
        {
            throw new UserErrorException(
                $"No platform runs on {options.Data}. Start it with 'run' and leave it running, or name another with --data.");
        }

        var one = new EmbeddedOptions { Data = options.Data, Port = running.Port };
        var found = AuditAddresses.OfOne(one.Http, running.Rpc ?? one.Rpc, InstallationToken.Read(token).Value);
        if (running.Services is { } services)
        {
            found = found with
            {
                Campaigns = Of(services, "campaigns"),
                Generation = Of(services, "generation"),
                Moderation = Of(services, "moderation"),
                Storage = Of(services, "storage"),
                Minting = Of(services, "minting"),
                RoyaltyIndexer = Of(services, "royalty-indexer"),
                Gateway = Of(services, "storage")[0],
            };
        }

        return found with
        {
            Rpc = options.Rpc is { } rpc ? UriOf("--rpc", rpc) : found.Rpc,
            Gateway = options.Gateway is { } gateway ? UriOf("--gateway", gateway) : found.Gateway,
        };
    }

    private static IReadOnlyList<Uri> Of(IReadOnlyDictionary<string, Uri> services, string name) =>
        services.TryGetValue(name, out var address)
            ? [address]
            : throw new UserErrorException($"The platform's running.json has no address of {name}; start it again.");

    private static Uri UriOf(string option, string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme is "http" or "https")
            ? uri
            : throw new UserErrorException($"{option} '{Plain.Of(text)}' is no address; write one such as http://127.0.0.1:5082.");
}
