using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Platform.EmbeddedMongo;

/// <summary>Serves MongoDB's wire protocol on loopback from one SQLite file.</summary>
public sealed class EmbeddedMongoServer : IAsyncDisposable
{
    private readonly Socket _listener;
    private readonly Store _store;
    private readonly Engine _engine;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<Connection, Task> _connections = [];
    private readonly Task _accepting;
    private readonly Task _maintaining;
    private int _disposed;

    private EmbeddedMongoServer(Socket listener, Store store, EmbeddedMongoOptions options)
    {
        _listener = listener;
        _store = store;
        _engine = new Engine(store, options.Clock);
        Port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        _accepting = AcceptAsync();
        _maintaining = new Maintenance(_engine).RunAsync(options.TtlInterval, _stopping.Token);
    }

    /// <summary>Opens the file, which nobody else may have open, and listens.</summary>
    /// <exception cref="EmbeddedMongoException">The file or the port cannot be had.</exception>
    public static async Task<EmbeddedMongoServer> StartAsync(
        EmbeddedMongoOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        cancellation.ThrowIfCancellationRequested();
        var listener = Listen(options.Port);
        try
        {
            // Opening may replay a log: not on the caller's thread.
            await Task.Yield();
            return new EmbeddedMongoServer(listener, Store.Open(options), options);
        }
        catch
        {
            listener.Dispose();
            throw;
        }
    }

    /// <summary>For a driver; more than its two connections at a time may be opened.</summary>
    public string ConnectionString => $"mongodb://127.0.0.1:{Port}/?directConnection=true&maxConnecting=16";

    public int Port { get; }

    internal Store Store => _store;

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _stopping.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await _maintaining;
        foreach (var connection in _connections.Keys)
        {
            connection.Dispose();
        }

        await Task.WhenAll(_connections.Values);
        _store.Dispose();
        _stopping.Dispose();
    }

    private static Socket Listen(int port)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
            listener.Listen(512);
            return listener;
        }
        catch (SocketException error)
        {
            listener.Dispose();
            throw new EmbeddedMongoException(
                $"Port {port} on 127.0.0.1 cannot be had ({error.SocketErrorCode}); name another one, or 0 for any.",
                error);
        }
    }

    private async Task AcceptAsync()
    {
        var id = 0;
        while (!_stopping.IsCancellationRequested)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptAsync(_stopping.Token);
            }
            catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // The peer was gone before it was accepted.
                continue;
            }

            var connection = new Connection(socket, _engine, ++id);
            _connections[connection] = ServeAsync(connection);
        }
    }

    private async Task ServeAsync(Connection connection)
    {
        // The entry is made before the task can end, so that removing it comes second.
        await Task.Yield();
        try
        {
            await connection.RunAsync(_stopping.Token);
        }
        finally
        {
            connection.Dispose();
            _connections.TryRemove(connection, out _);
        }
    }
}
