using Microsoft.Extensions.Options;
using Platform.Chain;

namespace Platform.Minting;

/// <summary>The one key of this installation, and what it refuses to be.</summary>
internal sealed class Signer : IDisposable
{
    private const ulong LocalChainId = 31337;

    // Accounts 0 to 9 of the test mnemonic that every development chain prints; anybody can spend from them.
    private static readonly HashSet<string> WellKnown = new(StringComparer.OrdinalIgnoreCase)
    {
        "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266", "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
        "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC", "0x90F79bf6EB2c4f870365E785982E1f101E93b906",
        "0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65", "0x9965507D1a55bcC2695C58ba16FB37d819B0A4dc",
        "0x976EA74026E726554dB657fA54763abd0C3a0aa9", "0x14dC79964da2C08b23698B3D3cc7Ca32193d9955",
        "0x23618e81E3f5cdF7f54C3d65f7FBc0aBf5B21E8f", "0xa0Ee7A142d267C1f36714E4a8F75612F20a79720",
    };

    private readonly EthereumKey key;

    public Signer(IOptions<MintingOptions> options)
    {
        var path = options.Value.KeyFile;
        if (!File.Exists(path))
        {
            throw new FileNotFoundException(
                $"The signer's key file {path} is missing; write a private key in hex there (mode 0600), or set Minting:KeyFile.");
        }

        key = EthereumKey.FromHex(File.ReadAllText(path).Trim());
    }

    public Address Address => key.Address;

    public SignedTransaction Sign(Eip1559Transaction transaction) => transaction.Sign(key);

    /// <exception cref="InvalidOperationException">The key is one that everybody has, and the chain is not a local one.</exception>
    public void EnsureUsableOn(ulong chainId)
    {
        if (chainId != LocalChainId && WellKnown.Contains(Address.ToString()))
        {
            throw new InvalidOperationException(
                $"The signer {Address} is a well-known development account; it is refused on chain {chainId}.");
        }
    }

    public void Dispose() => key.Dispose();
}
