namespace Platform.Hosting;

/// <summary>Knows the API keys of this installation; a service without one takes the installation's token only.</summary>
public interface IKeyRing
{
    /// <summary>With what an API key begins: by it a key is told from the installation's token.</summary>
    const string Prefix = "imp_";

    /// <summary>Asked at every call, so it answers from memory.</summary>
    ValueTask<KeyVerdict> FindAsync(string credential, CancellationToken cancellation);
}

/// <summary>What a credential is good for.</summary>
public abstract record KeyVerdict
{
    public sealed record Granted(KeyGrant Grant) : KeyVerdict;

    /// <param name="KeyId">Whose key it claims to be; null where it is not of a key's form. Never the secret.</param>
    /// <param name="Why">A sentence for whoever sent it.</param>
    public sealed record Refused(string? KeyId, string Why) : KeyVerdict;
}

/// <summary>What the holder of one key may do.</summary>
/// <param name="Campaigns">Only these; none means all.</param>
public sealed record KeyGrant(string KeyId, IReadOnlyCollection<string> Scopes, IReadOnlyCollection<string> Campaigns)
{
    public bool Has(string scope) => Scopes.Contains(scope) || Scopes.Contains(NeedsScopeAttribute.Operations);

    public bool MayActFor(string campaign) => Campaigns.Count == 0 || Campaigns.Contains(campaign);
}
