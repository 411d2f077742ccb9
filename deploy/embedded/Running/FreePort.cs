using System.Net;
using System.Net.Sockets;

namespace Platform.Embedded;

/// <summary>Makes sure of a port before somebody else's answers on it are taken for ours.</summary>
internal static class FreePort
{
    /// <exception cref="UserErrorException">Something listens there, or may not.</exception>
    public static void Ensure(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.ExclusiveAddressUse = true;
            listener.Start();
        }
        catch (SocketException exception)
        {
            throw new UserErrorException(
                $"Port {port} cannot be used ({exception.Message}). The platform takes four neighbouring ports; choose others with --port.");
        }
    }
}
