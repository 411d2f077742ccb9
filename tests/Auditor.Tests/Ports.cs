using System.Net;
using System.Net.Sockets;

namespace Platform.Auditor.Tests;

/// <summary>Four neighbouring ports that nobody listens on.</summary>
internal static class Ports
{
    private const int From = 29_000;
    private const int To = 29_200;
    private const int Needed = 4;

    public static int Find()
    {
        for (var first = From; first < To; first += Needed)
        {
            if (Enumerable.Range(first, Needed).All(IsFree))
            {
                return first;
            }
        }

        throw new InvalidOperationException($"No {Needed} neighbouring ports are free from {From} to {To}.");
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
