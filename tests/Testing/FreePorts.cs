using System.Net;
using System.Net.Sockets;

namespace Platform.Testing;

/// <summary>Neighbouring ports, free now and taken by no other test of this machine until given back.</summary>
public sealed class FreePorts : IDisposable
{
    private const int From = 27_000;
    private const int To = 27_499;
    private const int Stride = 5;

    private readonly FileStream held;

    private FreePorts(int first, FileStream held)
    {
        First = first;
        this.held = held;
    }

    public int First { get; }

    public static FreePorts Find(int needed)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(needed, Stride);
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "imprimatur-test-ports")).FullName;
        for (var first = From; first + Stride - 1 <= To; first += Stride)
        {
            if (TryHold(Path.Combine(folder, $"{first}")) is not { } held)
            {
                continue;
            }

            if (Enumerable.Range(first, needed).All(IsFree))
            {
                return new FreePorts(first, held);
            }

            held.Dispose();
        }

        throw new InvalidOperationException($"No {needed} neighbouring ports are free from {From} to {To}.");
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
