using System.Net;
using System.Net.Sockets;

namespace Platform.CrashPoints.Tests;

/// <summary>Two neighbouring free ports for a process, other ones for the next.</summary>
internal static class Ports
{
    private const int From = 29_500;
    private const int Pairs = 250;

    private static readonly StrongBox Given = new();

    public static int Next()
    {
        while (true)
        {
            var port = From + (2 * (Interlocked.Increment(ref Given.Count) % Pairs));
            if (IsFree(port) && IsFree(port + 1))
            {
                return port;
            }
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.ExclusiveAddressUse = true;
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private sealed class StrongBox
    {
        public int Count = -1;
    }
}
