using System.Net.Sockets;
using System.Text;

namespace Platform.Testing;

/// <summary>Whether a Docker daemon truly answers: a client on the PATH, or a socket file, is none.</summary>
internal static class DockerDaemon
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public static async Task<bool> IsAnsweringAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            using var socket = await ConnectAsync(patience.Token);
            await socket.SendAsync("GET /_ping HTTP/1.0\r\nHost: docker\r\n\r\n"u8.ToArray(), patience.Token);
            var answer = new byte[256];
            var read = await socket.ReceiveAsync(answer, patience.Token);
            return Encoding.ASCII.GetString(answer, 0, read).Contains(" 200 ", StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            return false;
        }
    }

    private static async Task<Socket> ConnectAsync(CancellationToken cancellation)
    {
        var host = Environment.GetEnvironmentVariable("DOCKER_HOST");
        if (host is { Length: > 0 } && new Uri(host) is { Scheme: "tcp" } address)
        {
            var tcp = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await tcp.ConnectAsync(address.Host, address.Port, cancellation);
            return tcp;
        }

        var path = host is { Length: > 0 } ? new Uri(host).AbsolutePath : "/var/run/docker.sock";
        var unix = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await unix.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
        return unix;
    }
}
