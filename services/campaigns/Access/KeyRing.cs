using System.Security.Cryptography;
using Platform.Hosting;

namespace Platform.Campaigns;

/// <summary>Answers for API keys from memory: what changed here at once, what changed elsewhere within five seconds.</summary>
/// <remarks>
/// An unknown id and a wrong secret are told alike, so that ids cannot be searched for. Who shows the right secret has
/// proved whose key it was, and is told plainly that it expired or was revoked.
/// </remarks>
internal sealed class KeyRing(ApiKeys keys, SecretSeal seal, NoteKeyUse use, TimeProvider clock) : IKeyRing
{
    private static readonly byte[] Nobody = new byte[HMACSHA256.HashSizeInBytes];

    private readonly Snapshot<IReadOnlyDictionary<string, ApiKey>> known = new(() => ReadAsync(keys), clock);

    public async ValueTask<KeyVerdict> FindAsync(string credential, CancellationToken cancellation)
    {
        if (!Credential.TryParse(credential, out var shown))
        {
            return new KeyVerdict.Refused(null, $"An API key has the form {IKeyRing.Prefix}<id>_<secret>; this one is cut or changed.");
        }

        var digest = keys.DigestOf(shown);
        var match = Match((await known.GetAsync().WaitAsync(cancellation)).GetValueOrDefault(shown.Id), digest);
        match ??= Match((await known.GetNewestAsync().WaitAsync(cancellation)).GetValueOrDefault(shown.Id), digest);
        var now = clock.GetUtcNow();
        switch (match)
        {
            case null:
                return new KeyVerdict.Refused(shown.Id, "There is no such API key, or its secret is another.");
            case ({ RevokedAt: { } at }, _):
                return new KeyVerdict.Refused(shown.Id, $"API key {shown.Id} was revoked at {at:u}.");
            case ({ ExpiresAt: { } at }, _) when at <= now:
                return new KeyVerdict.Refused(shown.Id, $"API key {shown.Id} expired at {at:u}.");
            case (_, { Until: { } until }) when until <= now:
                return new KeyVerdict.Refused(shown.Id, $"API key {shown.Id} was rotated; this secret was taken until {until:u}.");
            case var (key, _):
                use.Note(key.Id);
                return new KeyVerdict.Granted(new KeyGrant(key.Id, key.Scopes, key.Campaigns));
        }
    }

    /// <summary>With what a key's requests may be signed now, and whether they must be.</summary>
    public async ValueTask<(IReadOnlyList<byte[]> Secrets, bool IsRequired)> SigningOfAsync(
        string keyId, CancellationToken cancellation)
    {
        if (!(await known.GetAsync().WaitAsync(cancellation)).TryGetValue(keyId, out var key))
        {
            return ([], true);
        }

        var now = clock.GetUtcNow();
        return (
            [.. key.Secrets.Where(each => each.IsLiveAt(now)).Select(each => seal.Open(each.SealedSigning, key.Id))],
            key.RequiresSignature);
    }

    /// <summary>A key has just been changed here.</summary>
    public void Forget() => known.Forget();

    private static async Task<IReadOnlyDictionary<string, ApiKey>> ReadAsync(ApiKeys keys) =>
        (await keys.ListAsync(CancellationToken.None)).ToDictionary(each => each.Id);

    private static (ApiKey Key, KeySecret Secret)? Match(ApiKey? key, byte[] digest)
    {
        KeySecret? match = null;
        foreach (var each in key?.Secrets ?? [])
        {
            match = CryptographicOperations.FixedTimeEquals(each.Digest, digest) ? each : match;
        }

        // An id that nobody has takes as long as one that somebody has.
        _ = key is null && CryptographicOperations.FixedTimeEquals(Nobody, digest);
        return match is null ? null : (key!, match);
    }
}
