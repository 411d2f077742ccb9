using MassTransit;
using MassTransit.Serialization;

namespace Platform.Hosting;

/// <summary>The largest message: 1 MiB on the wire. Content travels by its digest.</summary>
public static class MessageLimit
{
    public const int Bytes = 1024 * 1024;

    internal static ParkingReason Reason(long size) => new()
    {
        Kind = ParkingReason.TooLarge,
        Message = $"The message has {size} bytes; {Bytes} is the most.",
    };
}

/// <summary>The message is larger than 1 MiB and was not sent.</summary>
public sealed class MessageTooLargeException(string type, long size) : Exception(
    $"A {type} of {size} bytes is not sent: a message has at most {MessageLimit.Bytes} bytes. "
        + "Put what is large into the content store, and its digest into the message.");

/// <summary>Refuses to send what is too large, before a broker closes the connection over it.</summary>
internal sealed class MessageLimitObserver : ISendObserver, IPublishObserver
{
    public Task PreSend<T>(SendContext<T> context)
        where T : class
    {
        // A parked or held letter is sent as it came, whatever its size.
        if (context.Serializer is { } serializer and not (LimitedSerializer or CopyBodySerializer))
        {
            context.Serializer = new LimitedSerializer(serializer);
        }

        return Task.CompletedTask;
    }

    public Task PostSend<T>(SendContext<T> context)
        where T : class => Task.CompletedTask;

    public Task SendFault<T>(SendContext<T> context, Exception exception)
        where T : class => Task.CompletedTask;

    public Task PrePublish<T>(PublishContext<T> context)
        where T : class => PreSend(context);

    public Task PostPublish<T>(PublishContext<T> context)
        where T : class => Task.CompletedTask;

    public Task PublishFault<T>(PublishContext<T> context, Exception exception)
        where T : class => Task.CompletedTask;

    /// <summary>Measures what was serialized anyway.</summary>
    private sealed class LimitedSerializer(IMessageSerializer serializer) : IMessageSerializer
    {
        public System.Net.Mime.ContentType ContentType => serializer.ContentType;

        public MessageBody GetMessageBody<T>(SendContext<T> context)
            where T : class
        {
            var body = serializer.GetMessageBody(context);
            var size = body.GetBytes().Length; // kept, and what the transport sends
            return size > MessageLimit.Bytes ? throw new MessageTooLargeException(typeof(T).Name, size) : body;
        }
    }
}
