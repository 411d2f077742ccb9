using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Platform.Content;
using Platform.Grpc.Moderation;

namespace Platform.Moderation;

/// <summary>One immutable version of a policy, its terms ready to be looked for.</summary>
internal sealed class PublishedPolicy
{
    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default);

    private static readonly JsonParser Parser = new(JsonParser.Settings.Default);

    public PublishedPolicy(Policy rules, int version)
    {
        Rules = rules;
        Version = version;
        Json = CanonicalOf(rules);
        Digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Json)));
        Terms = new TermMatcher([.. rules.Terms]);
    }

    public Policy Rules { get; }

    public int Version { get; }

    /// <summary>Canonical (RFC 8785) protobuf JSON.</summary>
    public string Json { get; }

    /// <summary>SHA-256 of the canonical JSON's UTF-8 bytes, lower-case hex.</summary>
    public string Digest { get; }

    public TermMatcher Terms { get; }

    public string Reference => ReferenceOf(Rules.Name, Version);

    public static string ReferenceOf(string name, int version) => $"{name}@{version}";

    public static Policy Read(string json) => Parser.Parse<Policy>(json);

    private static string CanonicalOf(Policy rules)
    {
        using var json = JsonDocument.Parse(Formatter.Format(rules));
        return Encoding.UTF8.GetString(CanonicalJson.Serialize(json.RootElement));
    }
}
