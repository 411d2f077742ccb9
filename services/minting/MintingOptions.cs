using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Platform.Minting;

/// <summary>Section <c>Minting</c>.</summary>
internal sealed class MintingOptions
{
    public const string Section = "Minting";

    /// <summary>JSON-RPC endpoint of the chain.</summary>
    [Required]
    public Uri Rpc { get; set; } = new("http://127.0.0.1:8545");

    /// <summary>File with the signer's private key in hex, mode 0600.</summary>
    [Required(ErrorMessage = "Minting:KeyFile must name the file with the signer's private key.")]
    public string KeyFile { get; set; } = "";

    /// <summary>Factory of collections; empty means the one that its own bytecode gives an address (EIP-1014).</summary>
    public string Factory { get; set; } = "";

    /// <summary>Milliseconds that the oldest asset waits for a batch to fill.</summary>
    [Range(0, 3_600_000)]
    public int LingerMilliseconds { get; set; } = 1_000;

    /// <summary>Tokens of a batch at most; the contract's code holds 1,223.</summary>
    [Range(1, 1_200)]
    public int MaxBatch { get; set; } = 1_000;

    /// <summary>Blocks on top of and including the one that holds the transaction, from which on it is final.</summary>
    [Range(1, 10_000)]
    public int Confirmations { get; set; } = 1;

    /// <summary>
    /// Gwei that a transaction offers a unit of gas at least (a cap: what is paid is the block's base fee and the tip).
    /// A chain that lost its tail has its older, higher base fee again, and the same bytes must still be good for it.
    /// </summary>
    [Range(0, 100_000)]
    public decimal LeastMaxFeeGwei { get; set; }

    /// <summary>Gwei that a transaction offers a unit of gas at most, however long it is stuck.</summary>
    [Range(0.001, 1_000_000)]
    public decimal MostMaxFeeGwei { get; set; } = 500;

    /// <summary>Seconds after which a transaction that no new block took offers a tenth more.</summary>
    [Range(1, 86_400)]
    public int StuckSeconds { get; set; } = 60;

    /// <summary>
    /// Seconds after which a transaction without a receipt, that no node knows and whose nonce is used up, counts as
    /// replaced by one that was not signed here.
    /// </summary>
    [Range(1, 86_400)]
    public int ForeignSeconds { get; set; } = 300;

    /// <summary>Seconds that the chain's node has for one answer.</summary>
    [Range(1, 300)]
    public int RpcTimeoutSeconds { get; set; } = 10;

    /// <summary>Milliseconds between looks at the chain while something is under way.</summary>
    [Range(10, 60_000)]
    public int PollMilliseconds { get; set; } = 100;
}

[OptionsValidator]
internal sealed partial class MintingOptionsValidator : IValidateOptions<MintingOptions>;
