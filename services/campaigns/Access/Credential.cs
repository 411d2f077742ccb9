using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Platform.Hosting;

namespace Platform.Campaigns;

/// <summary>An API key as its holder sends it: <c>imp_&lt;id&gt;_&lt;secret&gt;</c>.</summary>
/// <remarks>Has no <c>ToString</c> that would show the secret.</remarks>
internal sealed class Credential
{
    private const int IdBytes = 8;
    private const int SecretBytes = 24;

    private Credential(string id, string secret) => (Id, Secret) = (id, secret);

    public string Id { get; }

    public string Secret { get; }

    public string Text => $"{IKeyRing.Prefix}{Id}_{Secret}";

    public static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));

    public static Credential New(string id) => new(id, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes)));

    public static bool TryParse(string text, [NotNullWhen(true)] out Credential? credential)
    {
        credential = text.StartsWith(IKeyRing.Prefix, StringComparison.Ordinal)
            && text[IKeyRing.Prefix.Length..].Split('_') is [{ Length: IdBytes * 2 } id, { Length: SecretBytes * 2 } secret]
            && id.All(char.IsAsciiHexDigitLower)
            && secret.All(char.IsAsciiHexDigitLower)
                ? new Credential(id, secret)
                : null;
        return credential is not null;
    }
}
