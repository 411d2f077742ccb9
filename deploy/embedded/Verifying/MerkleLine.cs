namespace Platform.Embedded;

/// <summary>Whether the chain keeps the root of these custody records, and this token's is among them.</summary>
internal static class MerkleLine
{
    /// <param name="token">What the chain says.</param>
    /// <param name="name">Which token.</param>
    /// <param name="tree">The records' tree, rebuilt.</param>
    /// <param name="isProvedOnChain">Whether the contract's own verifyCustody says so; null when it was not asked.</param>
    public static Line Of(TokenOnChain token, TokenName name, Evidence<CustodyTree> tree, bool? isProvedOnChain)
    {
        var judgement = new Judgement("merkle").On(tree);
        if (tree.Value is { } built)
        {
            var root = token.Batch.CustodyRoot;
            var isInside = name.Index < built.Count;
            judgement
                .Expect(
                    built.Count == token.Batch.Count,
                    $"the directory has {built.Count} custody records, but the batch {token.Batch.Count} tokens")
                .Expect(built.Root == root, $"the custody records' root is {built.Root}, but the chain keeps {root}")
                .Expect(isInside && built.Proves(name.Index, root), $"{name.File} has no proof under the chain's root")
                .Expect(isProvedOnChain == true, "the contract's verifyCustody refuses the proof");
        }

        return judgement.Conclude(() =>
            $"{tree.Value!.Count} records have root {tree.Value.Root}; "
            + $"{name.File} is proved by {tree.Value.Proof(name.Index).Count} hashes, and verifyCustody agrees");
    }
}
