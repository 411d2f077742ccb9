using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Platform.Chain.Tests;

/// <summary>Speaks raw HTTP on a loopback socket, saying whatever a test wants a node to say.</summary>
internal sealed class LoopbackNode : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly HttpClient http = new(new SocketsHttpHandler());
    private readonly CancellationTokenSource stop = new();
    private readonly Func<string, Task<string>> answer;
    private readonly Task serving;
    private readonly List<string> requests = [];

    /// <param name="answer">From the request's body to the whole HTTP response; an empty one closes the connection.</param>
    public LoopbackNode(Func<string, Task<string>> answer)
    {
        this.answer = answer;
        listener.Start();
        serving = ServeAsync();
    }

    public IReadOnlyList<string> Requests => requests;

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/v2/secret-key");

    public static LoopbackNode Saying(string response) => new(_ => Task.FromResult(response));

    /// <summary>Answers each call, or each of a batch, with what the function makes of it (without the id).</summary>
    public static LoopbackNode Answering(Func<JsonNode, string> member, bool reversed = false) => new(body =>
    {
        var json = JsonNode.Parse(body)!;
        var answers = json is JsonArray batch
            ? $"[{string.Join(',', reversed ? batch.Reverse().Select(call => Response(call!)) : batch.Select(call => Response(call!)))}]"
            : Response(json);

        return Task.FromResult(Json(answers));

        string Response(JsonNode call) => $$"""{"jsonrpc":"2.0","id":{{call["id"]}},{{member(call)}}}""";
    });

    public static string Json(string body, string status = "200 OK", string headers = "") =>
        $"HTTP/1.1 {status}\r\ncontent-type: application/json\r\n{headers}content-length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}";

    public JsonRpcClient Client(JsonRpcOptions? options = null) => new(http, Address, options);

    public EthereumClient Ethereum() => new(Client());

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        http.Dispose();
        await serving;
        listener.Dispose();
        stop.Dispose();
    }

    private async Task ServeAsync()
    {
        List<Task> connections = [];

        try
        {
            while (true)
            {
                connections.Add(TalkAsync(await listener.AcceptTcpClientAsync(stop.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task TalkAsync(TcpClient client)
    {
        using var connection = client;

        try
        {
            var stream = connection.GetStream();
            using var reader = new StreamReader(stream, Encoding.Latin1);

            while (await ReadBodyAsync(reader) is { } body)
            {
                lock (requests)
                {
                    requests.Add(body);
                }

                var response = await answer(body).WaitAsync(stop.Token);
                await stream.WriteAsync(Encoding.UTF8.GetBytes(response), stop.Token);

                if (response.Length == 0 || response.Contains("connection: close", StringComparison.Ordinal))
                {
                    return;
                }
            }
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException or SocketException)
        {
            // the test is over, or the client has hung up
        }
    }

    private async Task<string?> ReadBodyAsync(StreamReader reader)
    {
        var length = 0;

        while (await reader.ReadLineAsync(stop.Token) is { } line)
        {
            if (line.StartsWith("content-length:", StringComparison.OrdinalIgnoreCase))
            {
                length = int.Parse(line["content-length:".Length..]);
            }

            if (line.Length == 0)
            {
                var body = new char[length];
                await reader.ReadBlockAsync(body, stop.Token);
                return new string(body);
            }
        }

        return null;
    }
}
