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

    /// <summary><c>depth</c>: final is what has <see cref="Confirmations"/>; <c>finalized</c>: what the chain itself says is.</summary>
    [RegularExpression("^(depth|finalized)$", ErrorMessage = "RoyaltyIndexer:Finality must be 'depth' or 'finalized'.")]
    public string Finality { get; set; } = "depth";

    /// <summary>
    /// Blocks on top of and including the one that is final; used when <see cref="Finality"/> is <c>depth</c>. Empty: 1 where
    /// the chain id is 31337, else 64.
    /// </summary>
    [Range(1, 10_000)]
    public int? Confirmations { get; set; }

    /// <summary>
    /// Whether the chain may lose blocks that were final, as a local node that was killed does. Then the index follows it however
    /// deep; else it stops and says so. Empty: only where the chain id is 31337.
    /// </summary>
    public bool? MayLoseFinalBlocks { get; set; }

    /// <summary>Seconds between signs of life on an idle stream of the feed.</summary>
    [Range(1, 600)]
    public int HeartbeatSeconds { get; set; } = 10;

    /// <summary>Seconds that a reader of the stream may take for one entry before it is sent away with its cursor.</summary>
    [Range(1, 600)]
    public int SlowReaderSeconds { get; set; } = 30;

    public Address FactoryAddress => Factory.Length == 0 ? CanonicalFactory.Address : Address.Parse(Factory);
}

[OptionsValidator]
internal sealed partial class RoyaltyIndexerOptionsValidator : IValidateOptions<RoyaltyIndexerOptions>;
