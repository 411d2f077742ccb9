using System.Net;
using System.Net.Sockets;

namespace Platform.Embedded;

/// <summary>Asks a port for AMQP 0-9-1: an open port is not yet a broker.</summary>
internal static class AmqpGreeting
{
    private static readonly byte[] ProtocolHeader = [(byte)'A', (byte)'M', (byte)'Q', (byte)'P', 0, 0, 9, 1];

    /// <summary>Whether a method frame with <c>connection.start</c> comes back.</summary>
    public static async Task<bool> IsAnsweredAsync(int port, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(TimeSpan.FromSeconds(5));
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port, patience.Token);
            var stream = client.GetStream();
            await stream.WriteAsync(ProtocolHeader, patience.Token);
            var answer = new byte[11];
            await stream.ReadExactlyAsync(answer, patience.Token);
            // Frame type 1, channel 0, four bytes of length, class 10, method 10 (AMQP 0-9-1, 2.3.5 and 1.4).
            return answer is [1, 0, 0, _, _, _, _, 0, 10, 0, 10];
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }
}
