using System.Net;
using System.Net.Sockets;

namespace Platform.EndToEnd.Tests;

/// <summary>Four neighbouring ports, free now and taken by no other test of this machine until given back.</summary>
public sealed class Ports : IDisposable
{
    private const int From = 6300;
    private const int To = 6399;
    private const int Needed = 4;

    private readonly FileStream held;

    private Ports(int first, FileStream held)
    {
        First = first;
        this.held = held;
    }

    public int First { get; }

    public static Ports Find()
    {
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "e2e-ports")).FullName;
        for (var first = From; first + Needed - 1 <= To; first += Needed)
        {
            if (TryHold(Path.Combine(folder, $"{first}")) is not { } held)
            {
                continue;
            }

            if (Enumerable.Range(first, Needed).All(IsFree))
            {
                return new Ports(first, held);
            }

            held.Dispose();
        }

        throw new InvalidOperationException($"No {Needed} neighbouring ports are free from {From} to {To}.");
    }

    public void Dispose() => held.Dispose();

    private static FileStream? TryHold(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
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
}
