using Platform.Chain;

namespace Platform.Minting;

/// <summary>What a transaction offers, within what the operator allows.</summary>
internal static class Fees
{
    /// <summary>For a first attempt.</summary>
    public static (Wei Tip, Wei Max) Offer(SuggestedFees suggested, MintingOptions options)
    {
        var most = Wei.FromGwei(options.MostMaxFeeGwei);
        var max = Least(most, Most(suggested.MaxFeePerGas, Wei.FromGwei(options.LeastMaxFeeGwei)));
        return (Least(suggested.MaxPriorityFeePerGas, max), max);
    }

    /// <summary>
    /// The same deed for a tenth more of both fees (what nodes ask of a replacement), or for what the chain asks by
    /// now if that is more; null when it may not offer as much.
    /// </summary>
    public static Eip1559Transaction? Raise(Eip1559Transaction stuck, SuggestedFees suggested, MintingOptions options)
    {
        var least = stuck.WithRaisedFees();
        var most = Wei.FromGwei(options.MostMaxFeeGwei);
        if (least.MaxFeePerGas > most)
        {
            return null;
        }

        var max = Least(most, Most(least.MaxFeePerGas, suggested.MaxFeePerGas));
        return stuck with
        {
            MaxFeePerGas = max,
            MaxPriorityFeePerGas = Least(max, Most(least.MaxPriorityFeePerGas, suggested.MaxPriorityFeePerGas)),
        };
    }

    private static Wei Most(Wei one, Wei other) => one > other ? one : other;

    private static Wei Least(Wei one, Wei other) => one < other ? one : other;
}
