using Platform.Chain;

namespace Platform.Auditor;

/// <summary>Whether every minted asset has exactly one token, which its recipient got, and no token is without an asset.</summary>
internal static class TokenCheck
{
    /// <param name="findings">Where differences go.</param>
    /// <param name="book">The chain's word.</param>
    /// <param name="proved">Which token is of which asset, by custody records.</param>
    /// <param name="assets">What campaigns has.</param>
    public static void Run(
        Findings findings, ChainBook book, IReadOnlyList<TokenOfAsset> proved, IReadOnlyDictionary<Guid, Asset> assets)
    {
        var byAsset = proved.ToLookup(token => token.AssetId);
        var attributed = proved.Select(token => token.Token).ToHashSet();
        foreach (var asset in assets.Values)
        {
            // A token whose record cannot be read was told of already; campaigns' word says whose it would be.
            var claimed = asset.Token is { } name && book.Find(name) is { } token && !attributed.Contains(token) ? token : null;
            if (claimed is not null)
            {
                attributed.Add(claimed);
            }

            CheckAsset(findings, asset, [.. byAsset[asset.Id].OrderBy(each => each.Token.Name)], claimed);
        }

        foreach (var token in proved.Where(token => !assets.ContainsKey(token.AssetId)))
        {
            findings.Add("token.orphan", token.Token.Name, $"it is of asset {token.AssetId}, which nobody accepted");
        }

        foreach (var token in book.Tokens.Values.Where(token => !attributed.Contains(token)))
        {
            findings.Add("token.orphan", token.Name, "nothing tells which asset it is of, and campaigns names it for none");
        }
    }

    private static void CheckAsset(Findings findings, Asset asset, IReadOnlyList<TokenOfAsset> tokens, ChainToken? claimed)
    {
        var id = asset.Id.ToString();
        if (tokens.Count > 1)
        {
            findings.Add(
                "token.doubled", id, $"it has {tokens.Count} tokens: {string.Join(", ", tokens.Take(5).Select(each => each.Token.Name))}");
        }

        if (asset.Standing == Standing.Minted)
        {
            findings.Expect(
                tokens.Count > 0 || claimed is not null,
                "token.missing",
                id,
                () => $"campaigns has it as minted{(asset.Token is { } name ? $", token {name}," : "")} and the chain has no token of it");
            findings.Expect(
                tokens.Count == 0 || tokens.Any(each => each.Token.Name == asset.Token),
                "token.differs",
                id,
                () => $"campaigns names token {asset.Token}, and the chain has {tokens[0].Token.Name} of it");
        }
        else if (tokens.Count > 0 && asset.Standing != Standing.Unfinished)
        {
            findings.Add("token.unapproved", id, $"it is {asset.Status}, and has token {tokens[0].Token.Name}");
        }

        foreach (var token in tokens)
        {
            CheckRecipient(findings, asset, token);
        }

        if (claimed is not null)
        {
            ExpectOwner(findings, claimed, "asked for", asset.Recipient);
        }
    }

    private static void CheckRecipient(Findings findings, Asset asset, TokenOfAsset token)
    {
        ExpectOwner(findings, token.Token, "asked for", asset.Recipient);
        ExpectOwner(findings, token.Token, "named by its custody record", token.Recipient);
        findings.Expect(
            token.Content == asset.Content && token.Cid == asset.Cid,
            "token.content",
            token.Token.Name,
            () => $"its custody record has content {token.Content} at {token.Cid}; "
                + $"campaigns has {asset.Content} at {asset.Cid} for asset {asset.Id}");
    }

    /// <remarks>Who holds it later is the chain's own business; who got it first is ours.</remarks>
    private static void ExpectOwner(Findings findings, ChainToken token, string why, string recipient) => findings.Expect(
        Address.TryParse(recipient, out var expected, out _) && expected == token.FirstOwner,
        "token.recipient",
        token.Name,
        () => $"it was minted to {token.FirstOwner}, and {recipient} is {why}");
}
