namespace Platform.Chain.Contracts;

/// <summary>The factory at the address that its own bytecode gives it: the same on every chain, whoever deploys it.</summary>
/// <remarks>
/// EIP-1014 through the deterministic deployment proxy, which development chains carry from the start. A stranger can
/// tell from the address alone which code made a collection.
/// </remarks>
public static class CanonicalFactory
{
    /// <summary>The deterministic deployment proxy (github.com/Arachnid/deterministic-deployment-proxy).</summary>
    public static Address Deployer { get; } = Address.Parse("0x4e59b44847b379578588920cA78FbF26c0B4956C");

    public static Address Address { get; } = Address.OfCreated2(
        Deployer, Hash32.Zero, Keccak.Hash256(CampaignCollectionFactory.Deploy().Span));

    /// <summary>What the proxy is called with: salt, then creation code.</summary>
    public static ReadOnlyMemory<byte> DeploymentData { get; } =
        (byte[])[.. Hash32.Zero.ToArray(), .. CampaignCollectionFactory.Deploy().Span];
}
