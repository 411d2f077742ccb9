using System.Security.Cryptography;
using System.Text;

namespace Platform.Campaigns;

/// <summary>Signatures as Standard Webhooks has them: HMAC-SHA256 over id, timestamp and body, in Base64, called <c>v1</c>.</summary>
internal static class StandardWebhooks
{
    public const string Id = "webhook-id";
    public const string Timestamp = "webhook-timestamp";
    public const string Signature = "webhook-signature";

    /// <summary>More of them in one header are not looked at.</summary>
    public const int MostSignatures = 10;

    private const string SecretPrefix = "whsec_";
    private const string Scheme = "v1,";

    // The specification asks for 24 to 64.
    private const int SecretBytes = 32;

    public static byte[] NewSecret() => RandomNumberGenerator.GetBytes(SecretBytes);

    public static string ToText(byte[] secret) => SecretPrefix + Convert.ToBase64String(secret);

    public static string Sign(byte[] secret, string id, string timestamp, ReadOnlySpan<byte> body) =>
        Scheme + Convert.ToBase64String(Hash(secret, id, timestamp, body));

    /// <summary>Whether any of the header's signatures, separated by spaces, was made with any of the secrets.</summary>
    public static bool Verify(
        string signatures, IEnumerable<byte[]> secrets, string id, string timestamp, ReadOnlySpan<byte> body)
    {
        var sent = signatures.Split(' ', MostSignatures + 1, StringSplitOptions.RemoveEmptyEntries)
            .Take(MostSignatures)
            .Where(each => each.StartsWith(Scheme, StringComparison.Ordinal))
            .Select(each => Decode(each[Scheme.Length..]))
            .ToList();
        var holds = false;
        foreach (var secret in secrets)
        {
            var expected = Hash(secret, id, timestamp, body);
            foreach (var each in sent)
            {
                holds |= CryptographicOperations.FixedTimeEquals(expected, each);
            }
        }

        return holds;
    }

    private static byte[] Hash(byte[] secret, string id, string timestamp, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
        hash.AppendData(Encoding.UTF8.GetBytes($"{id}.{timestamp}."));
        hash.AppendData(body);
        return hash.GetHashAndReset();
    }

    private static byte[] Decode(string text)
    {
        var bytes = new byte[HMACSHA256.HashSizeInBytes + 1];
        return Convert.TryFromBase64String(text, bytes, out var length) ? bytes[..length] : [];
    }
}
