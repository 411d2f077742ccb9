namespace Platform.Chain;

/// <summary>Tells from a node's words why it did not take a transaction.</summary>
/// <remarks>
/// There is no code for it (all are -32000 or -32003), so the words of geth's txpool are read, which most
/// others
/// repeat, and those of anvil, reth, Erigon, Besu and Nethermind. The first that fits counts.
/// </remarks>
internal static class SendRefusals
{
    private static readonly (string Words, SendOutcome Outcome)[] Known =
    [
        ("already known", SendOutcome.AlreadyKnown),
        ("alreadyknown", SendOutcome.AlreadyKnown),
        ("already imported", SendOutcome.AlreadyKnown),
        ("known transaction", SendOutcome.AlreadyKnown),
        ("transaction already exists", SendOutcome.AlreadyKnown),
        ("nonce too low", SendOutcome.NonceTooLow),
        ("nonce is too low", SendOutcome.NonceTooLow),
        ("oldnonce", SendOutcome.NonceTooLow),
        ("nonce too high", SendOutcome.NonceTooHigh),
        ("nonce is too high", SendOutcome.NonceTooHigh),
        ("nonce gap", SendOutcome.NonceTooHigh),
        ("noncegap", SendOutcome.NonceTooHigh),
        ("too distant in the future", SendOutcome.NonceTooHigh),
        ("gapped-nonce", SendOutcome.NonceTooHigh),
        ("replacement transaction underpriced", SendOutcome.ReplacementUnderpriced),
        ("replacementnotallowed", SendOutcome.ReplacementUnderpriced),
        ("underpriced", SendOutcome.Underpriced),
        ("less than block base fee", SendOutcome.Underpriced),
        ("feetoolow", SendOutcome.Underpriced),
        ("gas price below", SendOutcome.Underpriced),
        ("gas tip cap", SendOutcome.Underpriced),
        ("insufficient funds", SendOutcome.InsufficientFunds),
        ("insufficientfunds", SendOutcome.InsufficientFunds),
        ("upfront cost exceeds account balance", SendOutcome.InsufficientFunds),
        ("intrinsic gas too low", SendOutcome.GasLimitRefused),
        ("intrinsic gas too high", SendOutcome.GasLimitRefused),
        ("exceeds block gas limit", SendOutcome.GasLimitRefused),
        ("gas limit too high", SendOutcome.GasLimitRefused),
        ("floor data gas", SendOutcome.GasLimitRefused),
        ("gaslimitexceeded", SendOutcome.GasLimitRefused),
        ("txpool is full", SendOutcome.PoolFull),
        ("pool is full", SendOutcome.PoolFull),
        ("account limit exceeded", SendOutcome.PoolFull),
        ("exceeds the max pending", SendOutcome.PoolFull),
    ];

    public static SendOutcome? OutcomeOf(JsonRpcException refusal)
    {
        foreach (var (words, outcome) in Known)
        {
            if (refusal.NodesMessage.Contains(words, StringComparison.OrdinalIgnoreCase))
            {
                return outcome;
            }
        }

        return null;
    }
}
