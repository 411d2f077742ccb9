using System.Buffers.Binary;
using System.Net.Sockets;

namespace Platform.EmbeddedMongo;

/// <summary>One client: reads a message, answers it, reads the next.</summary>
internal sealed class Connection(Socket socket, Engine engine, int id) : IDisposable
{
    /// <summary>A reply's buffer beyond this is given back after use.</summary>
    private const int KeptReply = 1 << 20;

    private readonly byte[] _buffer = new byte[16 * 1024];
    private readonly BsonWriter _reply = new(4096);
    private int _start;
    private int _end;

    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            socket.NoDelay = true;
            while (await ReceiveAsync(cancellation) is { } message && await AnswerAsync(message, cancellation))
            {
                _reply.Trim(KeptReply);
            }
        }
        catch (Exception error)
            when (error is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The client went, or the server goes: either way the conversation is over.
        }
    }

    public void Dispose() => socket.Dispose();

    /// <returns>Null at the end, and for a length no message can have.</returns>
    private async ValueTask<byte[]?> ReceiveAsync(CancellationToken cancellation)
    {
        while (_end - _start < Wire.HeaderLength)
        {
            if (_start > 0)
            {
                _buffer.AsSpan(_start.._end).CopyTo(_buffer);
                (_start, _end) = (0, _end - _start);
            }

            var received = await socket.ReceiveAsync(_buffer.AsMemory(_end), cancellation);
            if (received == 0)
            {
                return null;
            }

            _end += received;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(_buffer.AsSpan(_start));
        if (length is < Wire.HeaderLength or > Wire.MaxMessageLength)
        {
            return null;
        }

        var message = GC.AllocateUninitializedArray<byte>(length);
        var have = Math.Min(length, _end - _start);
        _buffer.AsSpan(_start, have).CopyTo(message);
        _start += have;
        while (have < length)
        {
            var received = await socket.ReceiveAsync(message.AsMemory(have), cancellation);
            if (received == 0)
            {
                return null;
            }

            have += received;
        }

        return message;
    }

    /// <returns>Whether the conversation goes on.</returns>
    private async ValueTask<bool> AnswerAsync(byte[] message, CancellationToken cancellation)
    {
        Request? request = null;
        MongoError? refusal = null;
        try
        {
            request = Wire.Parse(message, id);
            if (request is null)
            {
                return false;
            }
        }
        catch (MongoError error)
        {
            refusal = error;
        }

        var isQuery = request?.IsQuery ?? Wire.IsQuery(message);
        var document = Wire.BeginReply(_reply, isQuery);
        if (request is not null)
        {
            await engine.AnswerAsync(request, _reply);
        }
        else
        {
            refusal!.WriteTo(_reply);
        }

        if (request is { MoreToCome: true })
        {
            return true;
        }

        Wire.EndReply(_reply, document, Wire.Id(message), isQuery);
        for (var rest = _reply.Written; !rest.IsEmpty;)
        {
            rest = rest[await socket.SendAsync(rest, cancellation)..];
        }

        return true;
    }
}
