using Grpc.Core;
using MassTransit;
using MongoDB.Driver;
using Platform.Mongo;
using RabbitMQ.Client.Exceptions;

namespace Platform.Hosting;

/// <summary>Tells an outage outside, which passes, from a fault of the message, which does not.</summary>
internal static class Outages
{
    public static bool Contains(Exception exception) => exception switch
    {
        IOutage or NotAnnouncedException or TimeoutException or HttpRequestException => true,
        MongoConnectionException or MongoNotPrimaryException or MongoNodeIsRecoveringException => true,
        RpcException rpc => rpc.StatusCode is StatusCode.Unavailable or StatusCode.DeadlineExceeded,
        MassTransit.ConnectionException or OperationInterruptedException or BrokerUnreachableException => true,
        AggregateException many => many.InnerExceptions.All(Contains),
        // What was cancelled was waited for in vain: a call that took too long, or our own end.
        OperationCanceledException or ConsumerCanceledException => true,
        _ => false,
    };
}
