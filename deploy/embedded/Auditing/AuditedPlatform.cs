using System.Text.Json;
using Platform.Auditor;
using Platform.Hosting;

namespace Platform.Embedded;

/// <summary>Finds where the services of the platform on a data folder answer, in one process or in many.</summary>
internal static class AuditedPlatform
{
    /// <exception cref="UserErrorException">No platform runs there, or an address is none.</exception>
    public static AuditAddresses Find(AuditOptions options)
    {
        var file = DataFolder.RunningFile(options.Data);
        var token = Path.Combine(options.Data, "token");
        if (!File.Exists(file) || !File.Exists(token))
        {
            throw new UserErrorException(
                $"No platform runs on {options.Data}. Start it with 'run' and leave it running, or name another with --data.");
        }

        using var running = JsonDocument.Parse(TextFile.Read(file));
        var one = OfOneProcess(running.RootElement, token);
        var all = running.RootElement.TryGetProperty("services", out var services)
            ? one with
            {
                Campaigns = Of(services, "campaigns"),
                Generation = Of(services, "generation"),
                Moderation = Of(services, "moderation"),
                Storage = Of(services, "storage"),
                Minting = Of(services, "minting"),
                RoyaltyIndexer = Of(services, "royalty-indexer"),
                Gateway = Of(services, "storage")[0],
            }
            : one;
        return all with
        {
            Rpc = options.Rpc is { } rpc ? UriOf("--rpc", rpc) : all.Rpc,
            Gateway = options.Gateway is { } gateway ? UriOf("--gateway", gateway) : all.Gateway,
        };
    }

    private static AuditAddresses OfOneProcess(JsonElement running, string token)
    {
        var one = new EmbeddedOptions { Data = "", Port = running.GetProperty("port").GetInt32() };
        var rpc = running.TryGetProperty("rpc", out var told) ? UriOf("running.json's rpc", told.GetString()!) : one.Rpc;
        return AuditAddresses.OfOne(one.Http, rpc, InstallationToken.Read(token).Value);
    }

    private static IReadOnlyList<Uri> Of(JsonElement services, string name) =>
        services.TryGetProperty(name, out var addresses) && addresses.GetArrayLength() > 0
            ? [.. addresses.EnumerateArray().Select(address => UriOf($"running.json's {name}", address.GetString()!))]
            : throw new UserErrorException($"The platform's running.json has no address of {name}; start it again.");

    private static Uri UriOf(string option, string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is ("http" or "https")
            ? uri
            : throw new UserErrorException($"{option} '{Plain.Of(text)}' is no address; write one such as http://127.0.0.1:5082.");
}
