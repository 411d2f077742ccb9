using System.Globalization;
using System.Numerics;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Platform.Chain;
using Platform.Grpc.RoyaltyIndexer;

namespace Platform.RoyaltyIndexer;

/// <summary>Answers who holds what, how it came there, and how far the chain was read.</summary>
internal sealed partial class RoyaltyIndexerQueriesService(
    Ownership ownership,
    FollowedCollections collections,
    IndexView view,
    Checkpoints checkpoints,
    Feed feed,
    FeedReader reader,
    [FromKeyedServices("royalty-indexer")] IEthereum chain,
    IOptions<RoyaltyIndexerOptions> options,
    TimeProvider clock)
    : Platform.Grpc.RoyaltyIndexer.RoyaltyIndexer.RoyaltyIndexerBase
{
    private const int DefaultPage = 500;
    private const int LargestPage = 5_000;

    public override async Task<Holding> GetHolding(GetHoldingRequest request, ServerCallContext context)
    {
        var holding = await ownership.FindAsync(TokenKey(request.Contract, request.TokenId), context.CancellationToken)
            ?? throw new RpcException(new Status(StatusCode.NotFound, $"No token {request.TokenId} of {request.Contract} was seen on chain."));
        return ToMessage(holding);
    }

    public override async Task<ListHoldingsResponse> ListHoldings(ListHoldingsRequest request, ServerCallContext context)
    {
        var contract = request.Contract.Length == 0 ? null : ParseAddress(request.Contract, "contract");
        var owner = request.Owner.Length == 0 ? null : ParseAddress(request.Owner, "owner");
        var after = request.AfterTokenId.Length == 0 ? null : TokenKey(request.Contract, request.AfterTokenId);
        var limit = request.Limit == 0 ? DefaultPage : Math.Clamp(request.Limit, 1, LargestPage);
        var response = new ListHoldingsResponse();
        response.Holdings.AddRange(
            (await ownership.ListAsync(contract, owner, after, limit, context.CancellationToken)).Select(ToMessage));
        return response;
    }

    public override async Task<GetHistoryResponse> GetHistory(GetHistoryRequest request, ServerCallContext context)
    {
        var response = new GetHistoryResponse();
        var token = TokenKey(request.Contract, request.TokenId);
        var upTo = (await view.ReadAsync(context.CancellationToken))?.Sequence ?? 0;
        response.Transfers.AddRange(
            (await feed.HistoryAsync(token, upTo, context.CancellationToken))
                .Select(entry => entry.Transfer!)
                .Select(transfer => new Platform.Grpc.RoyaltyIndexer.Transfer
                {
                    From = transfer.From,
                    To = transfer.To,
                    BlockNumber = transfer.BlockNumber,
                    BlockHash = transfer.BlockHash,
                    LogIndex = transfer.LogIndex,
                    TransactionHash = transfer.TransactionHash,
                }));
        return response;
    }

    public override async Task<Cursor> GetCursor(GetCursorRequest request, ServerCallContext context)
    {
        var at = await view.ReadAsync(context.CancellationToken) ?? await checkpoints.ReadAsync(context.CancellationToken);
        var contract = request.Contract.Length == 0 ? null : ParseAddress(request.Contract, "contract");
        return new Cursor
        {
            BlockNumber = at.Last,
            BlockHash = at.Hash ?? "",
            Head = (long)await chain.BlockNumberAsync(context.CancellationToken),
            Reorganisations = at.Reorganisations,
            Tokens = await ownership.CountAsync(contract, context.CancellationToken),
            Collections = (await collections.ListAsync(at, context.CancellationToken)).Count,
            Final = at.Finalised,
            Sequence = at.Sequence,
            Stopped = at.Stopped ?? "",
        };
    }

    private static string TokenKey(string contract, string tokenId) =>
        BigInteger.TryParse(tokenId, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? Transfer.TokenKey(ParseAddress(contract, "contract"), number)
            : throw new RpcException(new Status(StatusCode.InvalidArgument, "token_id: send a decimal number."));

    private static string ParseAddress(string text, string field) => Address.TryParse(text, out var address, out var error)
        ? address.ToString()
        : throw new RpcException(new Status(StatusCode.InvalidArgument, $"{field}: {error}"));

    private static Holding ToMessage(TokenHolding holding) => new()
    {
        Contract = holding.Contract,
        TokenId = holding.TokenId,
        Owner = holding.Owner,
        SinceBlock = holding.SinceBlock,
    };
}
