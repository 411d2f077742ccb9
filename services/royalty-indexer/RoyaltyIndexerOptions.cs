using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Platform.Chain;
using Platform.Chain.Contracts;

namespace Platform.RoyaltyIndexer;

/// <summary>Section <c>RoyaltyIndexer</c>.</summary>
internal sealed class RoyaltyIndexerOptions
{
    public const string Section = "RoyaltyIndexer";

    /// <summary>JSON-RPC endpoint of the chain.</summary>
    [Required]
    public Uri Rpc { get; set; } = new("http://127.0.0.1:8545");

    /// <summary>Factory whose collections are followed; empty means the one that its own bytecode gives an address.</summary>
    public string Factory { get; set; } = "";

    /// <summary>Block to begin at: the factory's deployment, or earlier.</summary>
    [Range(0, long.MaxValue)]
    public long FromBlock { get; set; }

    /// <summary>Blocks read in one step.</summary>
    [Range(1, 2_000)]
    public int BlocksAtATime { get; set; } = 200;

    /// <summary>Milliseconds between looks at the head.</summary>
    [Range(10, 60_000)]
    public int PollMilliseconds { get; set; } = 200;

    public Address FactoryAddress => Factory.Length == 0 ? CanonicalFactory.Address : Address.Parse(Factory);
}

[OptionsValidator]
internal sealed partial class RoyaltyIndexerOptionsValidator : IValidateOptions<RoyaltyIndexerOptions>;
