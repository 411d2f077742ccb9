using System.Globalization;
using System.Numerics;
using Platform.Chain;
using Platform.Chain.Contracts;
using Platform.Events;

namespace Platform.RoyaltyIndexer;

/// <summary>One Transfer log of a followed collection.</summary>
internal sealed record Transfer
{
    /// <summary>Block hash and log index: the same log is the same transfer, in another block it is another.</summary>
    public required string Id { get; init; }

    /// <summary>Contract and token, see <see cref="TokenKey"/>.</summary>
    public required string Token { get; init; }

    public required string Contract { get; init; }

    /// <summary>Decimal.</summary>
    public required string TokenId { get; init; }

    public required string From { get; init; }

    public required string To { get; init; }

    public required long BlockNumber { get; init; }

    public required string BlockHash { get; init; }

    public required long LogIndex { get; init; }

    public required string TransactionHash { get; init; }

    /// <summary>Orders as the numbers do: 78 digits hold every uint256.</summary>
    public static string TokenKey(string contract, BigInteger tokenId) =>
        $"{contract}/{tokenId.ToString("D78", CultureInfo.InvariantCulture)}";

    public static Transfer Of(Log log, CampaignCollection.Events.Transfer transfer) => new()
    {
        Id = $"{log.BlockHash}/{log.LogIndex}",
        Token = TokenKey(log.Address.ToString(), transfer.TokenId),
        Contract = log.Address.ToString(),
        TokenId = transfer.TokenId.ToString(CultureInfo.InvariantCulture),
        From = transfer.From.ToString(),
        To = transfer.To.ToString(),
        BlockNumber = (long)log.BlockNumber,
        BlockHash = log.BlockHash.ToString(),
        LogIndex = (long)log.LogIndex,
        TransactionHash = log.TxHash.ToString(),
    };

    public TokenTransferred ToEvent(long chainId) => new()
    {
        ChainId = chainId,
        Contract = Contract,
        TokenId = TokenId,
        From = From,
        To = To,
        BlockNumber = BlockNumber,
        BlockHash = BlockHash,
        LogIndex = LogIndex,
        TransactionHash = TransactionHash,
    };
}
