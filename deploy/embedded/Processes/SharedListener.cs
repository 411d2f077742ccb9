using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Platform.Embedded;

/// <summary>A listening socket that all replicas of a service inherit and take connections from.</summary>
/// <remarks>
/// It is the supervisor's: while a replica is replaced, or all of them are, who connects waits in its queue instead of
/// being refused. Where the system cannot inherit sockets, each replica listens on its own port only.
/// </remarks>
internal sealed partial class SharedListener : IDisposable
{
    private const int Backlog = 4_096; // as many as the kernel lets it (net.core.somaxconn)
    private const int SetFlags = 2; // F_SETFD
    private readonly Socket socket;

    private SharedListener(Socket socket) => this.socket = socket;

    public static bool IsSupported => !OperatingSystem.IsWindows();

    /// <summary>The descriptor's number, in the supervisor and in its children.</summary>
    public nint Handle => socket.Handle;

    /// <exception cref="UserErrorException">The port is taken.</exception>
    public static SharedListener Open(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            socket.Listen(Backlog);
            if (Control((int)socket.Handle, SetFlags, 0) < 0)
            {
                throw new InvalidOperationException(
                    $"The socket on port {port} cannot be inherited (errno {Marshal.GetLastPInvokeError()}).");
            }

            return new SharedListener(socket);
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            throw new UserErrorException(
                $"Port {port} cannot be used ({exception.Message}). Choose others with --port; tye.yaml lists what is taken from there on.");
        }
    }

    public void Dispose() => socket.Dispose();

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(int descriptor, int command, int flags);
}
