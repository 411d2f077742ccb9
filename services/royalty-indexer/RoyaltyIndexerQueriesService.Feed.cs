using Grpc.Core;
using Platform.Grpc.RoyaltyIndexer;
using Platform.Hosting;

namespace Platform.RoyaltyIndexer;

/// <content>The token feed, by the page and as a stream.</content>
[NeedsScope("assets:read")]
internal sealed partial class RoyaltyIndexerQueriesService
{
    private const int LargestFeedPage = 1_000;

    public override async Task<ReadFeedResponse> ReadFeed(ReadFeedRequest request, ServerCallContext context)
    {
        var limit = request.Limit == 0 ? 100 : request.Limit;
        if (limit is < 1 or > LargestFeedPage || request.After < 0)
        {
            throw Invalid($"limit: 1 to {LargestFeedPage}; after: 0 or a sequence number.");
        }

        var filter = Filter(request.Contract, request.Owner, request.MinFinality);
        var page = await reader.ReadAsync(request.After, limit, filter, context.CancellationToken);
        var response = new ReadFeedResponse { Next = page.Next, Latest = page.At.Sequence };
        response.Events.AddRange(page.Events);
        return response;
    }

    public override async Task Follow(
        FollowRequest request, IServerStreamWriter<FollowResponse> stream, ServerCallContext context)
    {
        var cancellation = context.CancellationToken;
        var filter = Filter(request.Contract, request.Owner, request.MinFinality);
        var left = request.Limit switch
        {
            0 => long.MaxValue,
            < 0 => throw Invalid("limit: 0 for no end, or how many events."),
            var limit => limit,
        };
        var cursor = request.Cursor;
        var after = await PositionAsync(cursor, cancellation);
        long? beat = null;
        while (left > 0)
        {
            var page = await reader.ReadAsync(after, (int)Math.Min(left, 200), filter, cancellation);
            foreach (var told in page.Events)
            {
                await WriteAsync(stream, new() { Event = told }, cursor, context);
                cursor = told.Cursor;
                left--;
            }

            if (page.Next > after)
            {
                (after, cursor) = (page.Next, page.Cursor!);
                continue;
            }

            if (beat is null || clock.GetElapsedTime(beat.Value).TotalSeconds >= options.Value.HeartbeatSeconds)
            {
                beat = clock.GetTimestamp();
                await WriteAsync(stream, new() { Heartbeat = Beat(page.At, cursor) }, cursor, context);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(options.Value.PollMilliseconds), clock, cancellation);
        }
    }

    private async Task<long> PositionAsync(string cursor, CancellationToken cancellation)
    {
        try
        {
            return await reader.ParseCursorAsync(cursor, cancellation);
        }
        catch (ForeignCursorException foreign)
        {
            throw new RpcException(new Status(StatusCode.FailedPrecondition, foreign.Message));
        }
    }

    /// <summary>Writes, unless the reader has left what was written before unread for too long.</summary>
    private async Task WriteAsync(
        IServerStreamWriter<FollowResponse> stream, FollowResponse response, string cursor, ServerCallContext context)
    {
        try
        {
            await stream.WriteAsync(response)
                .WaitAsync(TimeSpan.FromSeconds(options.Value.SlowReaderSeconds), clock, context.CancellationToken);
        }
        catch (TimeoutException)
        {
            throw new RpcException(
                new Status(
                    StatusCode.ResourceExhausted,
                    $"Read faster: an entry waited {options.Value.SlowReaderSeconds} seconds. Go on after cursor '{cursor}'."),
                new Metadata { { "cursor", cursor } });
        }
    }

    private static Heartbeat Beat(Checkpoint at, string cursor) => new()
    {
        Head = at.Last,
        Final = at.Finalised,
        Earliest = Math.Min(1, at.Sequence), // The feed is kept whole.
        Latest = at.Sequence,
        Cursor = cursor,
    };

    private static FeedFilter Filter(string contract, string owner, string minFinality) => new()
    {
        Contract = contract.Length == 0 ? null : ParseAddress(contract, "contract"),
        Owner = owner.Length == 0 ? null : ParseAddress(owner, "owner"),
        FinalOnly = minFinality switch
        {
            "" or "included" => false,
            "final" => true,
            _ => throw Invalid("min_finality: 'included' or 'final'."),
        },
    };

    private static RpcException Invalid(string message) => new(new Status(StatusCode.InvalidArgument, message));
}
