using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;

namespace Platform.Hosting;

/// <summary>Closes headers and body of a parked message: it may hold personal facts, and lies in a database for days.</summary>
/// <remarks>AES-256-GCM under a key of its own, bound to the document's id: a sealed body opens in its own document only.</remarks>
internal sealed class LetterSeal(InstallationToken token)
{
    private const byte Version = 1;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int Overhead = 1 + NonceBytes + TagBytes;

    private readonly byte[] key = token.DeriveKey("parking");

    public byte[] Close(Guid id, Letter letter)
    {
        var headers = JsonSerializer.SerializeToUtf8Bytes(letter.Headers);
        var plain = new byte[sizeof(int) + headers.Length + letter.Body.Length];
        BinaryPrimitives.WriteInt32BigEndian(plain, headers.Length);
        headers.CopyTo(plain, sizeof(int));
        letter.Body.Span.CopyTo(plain.AsSpan(sizeof(int) + headers.Length));

        var closed = new byte[Overhead + plain.Length];
        closed[0] = Version;
        RandomNumberGenerator.Fill(closed.AsSpan(1, NonceBytes));
        using var aes = new AesGcm(key, TagBytes);
        aes.Encrypt(
            closed.AsSpan(1, NonceBytes), plain, closed.AsSpan(Overhead), closed.AsSpan(1 + NonceBytes, TagBytes), id.ToByteArray());
        return closed;
    }

    /// <exception cref="CryptographicException">Sealed under another token, or not for this id.</exception>
    public Letter Open(ParkedLetter parked)
    {
        if (parked.Sealed is not [Version, ..] closed || closed.Length < Overhead + sizeof(int))
        {
            throw new CryptographicException($"The body of parked message {parked.Id} is not sealed as this version seals.");
        }

        var plain = new byte[closed.Length - Overhead];
        using var aes = new AesGcm(key, TagBytes);
        aes.Decrypt(
            closed.AsSpan(1, NonceBytes), closed.AsSpan(Overhead), closed.AsSpan(1 + NonceBytes, TagBytes), plain, parked.Id.ToByteArray());
        var headers = BinaryPrimitives.ReadInt32BigEndian(plain);
        return new Letter
        {
            Endpoint = parked.Endpoint,
            ContentType = parked.ContentType,
            MessageId = parked.MessageId,
            Headers = JsonSerializer.Deserialize<Dictionary<string, string>>(plain.AsSpan(sizeof(int), headers))!,
            Body = plain.AsMemory(sizeof(int) + headers),
        };
    }
}
