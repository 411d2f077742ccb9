using System.Security.Cryptography;
using System.Text;
using Platform.Hosting;

namespace Platform.Campaigns;

/// <summary>Seals secrets for the database: AES-256-GCM under a key of the installation, bound to whose they are.</summary>
internal sealed class SecretSeal(InstallationToken installation)
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    private readonly byte[] key = installation.DeriveKey("campaigns.secrets");

    /// <param name="secret">Any bytes.</param>
    /// <param name="owner">An id: what is sealed for one opens for no other.</param>
    public byte[] Seal(ReadOnlySpan<byte> secret, string owner)
    {
        // Random nonces are safe for 2^32 secrets under one key (NIST SP 800-38D, 8.3).
        var whole = new byte[NonceBytes + TagBytes + secret.Length];
        var nonce = whole.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, TagBytes);
        aes.Encrypt(
            nonce, secret, whole.AsSpan(NonceBytes + TagBytes), whole.AsSpan(NonceBytes, TagBytes), Encoding.UTF8.GetBytes(owner));
        return whole;
    }

    /// <exception cref="CryptographicException">It was sealed by another installation, for another owner, or was changed.</exception>
    public byte[] Open(ReadOnlySpan<byte> whole, string owner)
    {
        if (whole.Length < NonceBytes + TagBytes)
        {
            throw new CryptographicException("What was sealed is too short.");
        }

        var secret = new byte[whole.Length - NonceBytes - TagBytes];
        using var aes = new AesGcm(key, TagBytes);
        aes.Decrypt(
            whole[..NonceBytes], whole[(NonceBytes + TagBytes)..], whole[NonceBytes..(NonceBytes + TagBytes)], secret,
            Encoding.UTF8.GetBytes(owner));
        return secret;
    }
}
