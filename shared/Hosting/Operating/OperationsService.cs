using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Platform.Grpc.Operations;
using Queue = Platform.Grpc.Operations.Queue;

namespace Platform.Hosting;

/// <summary>Answers what is parked and what waits in this process's services, and sends parked messages again.</summary>
internal sealed partial class OperationsService(
    ParkingLots lots, Replay replay, ICourier courier, EndpointNames endpoints, QueueWatch watch,
    PlatformOptions options, ILogger<OperationsService> logger) : Operations.OperationsBase
{
    private const int DefaultPage = 100;
    private const int LargestPage = 500;

    public override async Task<ListParkedResponse> ListParked(ListParkedRequest request, ServerCallContext context)
    {
        var limit = request.PageSize switch
        {
            0 => DefaultPage,
            > 0 and <= LargestPage => request.PageSize,
            _ => throw Invalid($"page_size must be 1 to {LargestPage}, and is {request.PageSize}."),
        };
        var state = request.State.Length == 0 ? ParkedLetter.Parked : request.State;
        if (state is not (ParkedLetter.Parked or ParkedLetter.Replayed or ParkedLetter.Discarded))
        {
            throw Invalid($"state must be parked, replayed or discarded, and is '{request.State}'.");
        }

        var query = new ParkedQuery(state, request.Endpoint, request.Reason);
        var page = PageToken.Parse(request.PageToken) ?? throw Invalid("page_token is not one that this call gave out.");
        var answer = new ListParkedResponse();
        foreach (var lot in LotsOf(request.Service).SkipWhile(lot => page.Service.Length > 0 && lot.Service != page.Service))
        {
            var after = lot.Service == page.Service ? page.After : null;
            // One more than asked: whether there is a next page.
            var found = await lot.ListAsync(query, after, limit - answer.Messages.Count + 1, context.CancellationToken);
            foreach (var parked in found)
            {
                if (answer.Messages.Count == limit)
                {
                    var last = answer.Messages[^1];
                    answer.NextPageToken = new PageToken(last.Service, Guid.Parse(last.Id)).ToString();
                    return answer;
                }

                answer.Messages.Add(ParkedMessages.Of(lot.Service, parked));
            }
        }

        return answer;
    }

    public override async Task<ParkedMessage> GetParked(GetParkedRequest request, ServerCallContext context)
    {
        var (lot, parked) = await FindAsync(request.Id, context.CancellationToken);
        var answer = ParkedMessages.Of(lot.Service, parked);
        if (request.WithBody)
        {
            LogBodyRead(parked.Id);
            answer.Body = Google.Protobuf.ByteString.CopyFrom(Replay.Open(lot, parked).Body.Span);
        }

        return answer;
    }

    public override async Task<ReplayParkedResponse> ReplayParked(ReplayParkedRequest request, ServerCallContext context)
    {
        var (lot, parked) = await FindAsync(request.Id, context.CancellationToken);
        return new ReplayParkedResponse { Sent = await replay.SendAsync(lot, parked, context.CancellationToken) };
    }

    public override async Task<ReplayAllParkedResponse> ReplayAllParked(
        ReplayAllParkedRequest request, ServerCallContext context)
    {
        if (request.Endpoint.Length == 0 && request.Reason.Length == 0)
        {
            throw Invalid("Say which: give endpoint, reason, or both.");
        }

        var query = new ParkedQuery(ParkedLetter.Parked, request.Endpoint, request.Reason);
        var answer = new ReplayAllParkedResponse();
        foreach (var lot in LotsOf(request.Service))
        {
            await replay.SendAllAsync(lot, query, answer, context.CancellationToken);
        }

        return answer;
    }

    public override async Task<ParkedMessage> DiscardParked(DiscardParkedRequest request, ServerCallContext context)
    {
        var (lot, parked) = await FindAsync(request.Id, context.CancellationToken);
        await lot.DiscardAsync(parked.Id, context.CancellationToken);
        LogDiscarded(parked.Id, parked.Endpoint, parked.Reason);
        return ParkedMessages.Of(lot.Service, parked with { State = ParkedLetter.Discarded });
    }

    public override async Task<ListQueuesResponse> ListQueues(ListQueuesRequest request, ServerCallContext context)
    {
        var answer = new ListQueuesResponse();
        foreach (var name in QueueNames())
        {
            var length = await courier.MeasureAsync(name, context.CancellationToken);
            var queue = new Queue { Service = name.Split('.')[0], Name = name };
            if (length is not null)
            {
                queue.Waiting = length.Waiting;
                queue.Consumers = length.Consumers;
            }

            queue.OldestAtMost = length?.Waiting == 0
                ? Duration.FromTimeSpan(TimeSpan.Zero)
                : watch.OldestAtMost(name) is { } age ? Duration.FromTimeSpan(age) : null;
            answer.Queues.Add(queue);
        }

        return answer;
    }

    private IEnumerable<string> QueueNames() => options.Bus == "rabbitmq"
        ? [.. endpoints.All, .. lots.All.Select(lot => DeadLetters.QueueOf(lot.Service)), .. options.Delays.Select(RabbitCourier.DelayName)]
        : endpoints.All;

    private IEnumerable<ParkingLot> LotsOf(string service) =>
        service.Length == 0 ? lots.All
        : lots.All.Where(lot => lot.Service == service).ToList() is { Count: > 0 } one ? one
        : throw Invalid($"There is no service '{service}' here; there are {string.Join(", ", lots.All.Select(lot => lot.Service))}.");

    private async Task<(ParkingLot Lot, ParkedLetter Parked)> FindAsync(string text, CancellationToken cancellation)
    {
        if (!Guid.TryParse(text, out var id))
        {
            throw Invalid($"id must be a UUID, as ListParked answers it, and is '{text}'.");
        }

        foreach (var lot in lots.All)
        {
            if (await lot.FindAsync(id, cancellation) is { } parked)
            {
                return (lot, parked);
            }
        }

        throw new RpcException(new Status(
            StatusCode.NotFound, $"No parked message {id} is in this process's services; it may have expired, or another's it is."));
    }

    private static RpcException Invalid(string message) => new(new Status(StatusCode.InvalidArgument, message));

    [LoggerMessage(1, LogLevel.Information, "Discarded parked message {ParkedId} of {Endpoint}, {Reason}")]
    private partial void LogDiscarded(Guid parkedId, string endpoint, string reason);

    [LoggerMessage(2, LogLevel.Information, "Opened the body of parked message {ParkedId}")]
    private partial void LogBodyRead(Guid parkedId);
}
