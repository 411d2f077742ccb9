using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using CsCheck;

namespace Platform.Chain.Tests;

public class JsonRpcClientTests
{
    private static readonly CancellationToken Never = CancellationToken.None;

    public static TheoryData<string> Unusable =>
    [
        "",
        LoopbackNode.Json("oops", "500 Internal Server Error"),
        LoopbackNode.Json("""{"jsonrpc":"2.0","id":1,"result":"0x1"}""", "502 Bad Gateway"),
        "HTTP/1.1 404 Not Found\r\ncontent-type: text/html\r\ncontent-length: 3\r\n\r\nno!",
        "HTTP/1.1 200 OK\r\ncontent-length: 1000\r\nconnection: close\r\n\r\n{\"jsonrpc\"",
        "no HTTP at all\r\nconnection: close\r\n\r\n",
        LoopbackNode.Json("<html></html>"),
        LoopbackNode.Json(""),
        LoopbackNode.Json("17"),
        LoopbackNode.Json("{}"),
        LoopbackNode.Json("[]"),
        LoopbackNode.Json("""{"jsonrpc":"2.0","id":1,"result":"0x1"} trailing"""),
        LoopbackNode.Json("""{"jsonrpc":"2.0","id":1,"result":"0x1"}{}"""),
        LoopbackNode.Json("""{"jsonrpc":"2.0","id":77,"result":"0x1"}"""),
        LoopbackNode.Json("""{"jsonrpc":"2.0","id":"1","result":"0x1"}"""),
        LoopbackNode.Json("""{"jsonrpc":"2.0","result":"0x1"}"""),
        LoopbackNode.Json("""{"jsonrpc":"2.0","id":1}"""),
        LoopbackNode.Json("""{"jsonrpc":"2.0","id":1,"result":null}"""),
        LoopbackNode.Json("""{"jsonrpc":"2.0","id":1,"result":"0x"}"""),
        LoopbackNode.Json("""{"jsonrpc":"2.0","id":1,"result":"one"}"""),
        LoopbackNode.Json("""{"jsonrpc":"2.0","id":1,"result":"0x10000000000000000"}"""),
        LoopbackNode.Json("""{"jsonrpc":"2.0","id":1,"result":{}}"""),
        LoopbackNode.Json("""{"jsonrpc":"2.0","id":1,"error":"bad"}"""),
    ];

    [Theory]
    [MemberData(nameof(Unusable))]
    public async Task Says_that_the_chain_is_unavailable_when_the_answer_is_none(string response)
    {
        await using var node = LoopbackNode.Saying(response);

        var fault = await Assert.ThrowsAsync<ChainUnavailableException>(() => node.Ethereum().BlockNumberAsync(Never));

        Assert.DoesNotContain("secret-key", fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_that_the_chain_is_unavailable_when_nobody_listens()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        using var http = new HttpClient(new SocketsHttpHandler());
        var chain = new EthereumClient(new JsonRpcClient(http, new Uri($"http://127.0.0.1:{port}/secret-key")));

        var fault = await Assert.ThrowsAsync<ChainUnavailableException>(() => chain.ChainIdAsync(Never));

        Assert.Contains($"127.0.0.1:{port}", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-key", fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_how_long_a_node_wants_to_be_left_alone()
    {
        await using var node = LoopbackNode.Saying(LoopbackNode.Json("{}", "429 Too Many Requests", "retry-after: 7\r\n"));

        var fault = await Assert.ThrowsAsync<ChainUnavailableException>(() => node.Ethereum().ChainIdAsync(Never));

        Assert.Equal(HttpStatusCode.TooManyRequests, fault.Status);
        Assert.Equal(TimeSpan.FromSeconds(7), fault.RetryAfter);
    }

    [Fact]
    public async Task Does_not_wait_for_ever()
    {
        await using var node = new LoopbackNode(_ => new TaskCompletionSource<string>().Task);
        var client = new EthereumClient(node.Client(new JsonRpcOptions { Timeout = TimeSpan.FromMilliseconds(100) }));
        var watch = Stopwatch.StartNew();

        await Assert.ThrowsAsync<ChainUnavailableException>(() => client.ChainIdAsync(Never));

        Assert.InRange(watch.Elapsed, TimeSpan.FromMilliseconds(90), TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Does_not_wait_for_ever_for_the_rest_of_an_answer()
    {
        await using var node = LoopbackNode.Saying("HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{\"jsonrpc\"");
        var client = new EthereumClient(node.Client(new JsonRpcOptions { Timeout = TimeSpan.FromMilliseconds(100) }));

        await Assert.ThrowsAsync<ChainUnavailableException>(() => client.ChainIdAsync(Never));
    }

    [Fact]
    public async Task Stops_when_its_caller_does()
    {
        await using var node = new LoopbackNode(_ => new TaskCompletionSource<string>().Task);
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => node.Ethereum().ChainIdAsync(cancel.Token));
    }

    [Theory]
    [InlineData("content-length: 40")]
    [InlineData("transfer-encoding: chunked")]
    public async Task Reads_no_more_than_it_may(string framing)
    {
        var body = """{"jsonrpc":"2.0","id":1,"result":"0x11"}""";
        var framed = framing.Contains("chunked", StringComparison.Ordinal) ? $"{body.Length:x}\r\n{body}\r\n0\r\n\r\n" : body;
        await using var node = LoopbackNode.Saying($"HTTP/1.1 200 OK\r\n{framing}\r\n\r\n{framed}");

        await Assert.ThrowsAsync<ResponseTooLargeException>(
            () => new EthereumClient(node.Client(new JsonRpcOptions { MaxResponseBytes = 39 })).ChainIdAsync(Never));
        Assert.Equal(
            17UL,
            await new EthereumClient(node.Client(new JsonRpcOptions { MaxResponseBytes = 40 })).ChainIdAsync(Never));
    }

    [Fact]
    public async Task Passes_a_nodes_error_on_with_code_message_and_data()
    {
        await using var node = LoopbackNode.Answering(
            _ => """ "error":{"code":-32005,"message":"slow down","data":{"rate":5}} """);

        var error = await Assert.ThrowsAsync<JsonRpcException>(() => node.Ethereum().ChainIdAsync(Never));

        Assert.Equal((-32005, "slow down", true), (error.Code, error.NodesMessage, error.IsRateLimit));
        Assert.Equal(5, error.NodesData!.Value.GetProperty("rate").GetInt32());
    }

    [Fact]
    public async Task Reads_an_error_that_comes_as_a_bad_request()
    {
        await using var node = LoopbackNode.Saying(LoopbackNode.Json(
            """{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"no"}}""", "400 Bad Request"));

        var error = await Assert.ThrowsAsync<JsonRpcException>(() => node.Ethereum().ChainIdAsync(Never));

        Assert.Equal(-32600, error.Code);
    }

    [Fact]
    public async Task Reads_a_result_beside_a_null_error_and_unknown_members()
    {
        await using var node = LoopbackNode.Answering(_ => """ "extra":[1,{"id":2}],"error":null,"result":"0x05" """);

        Assert.Equal(5UL, await node.Ethereum().ChainIdAsync(Never));
    }

    [Fact]
    public async Task Matches_a_batchs_answers_by_id_whatever_their_order()
    {
        await using var node = LoopbackNode.Answering(call => $"\"result\":{call["params"]![0]!.ToJsonString()}", reversed: true);
        var calls = Enumerable.Range(0, 250).Select(i => new JsonRpcCall("echo", $"0x{i:x}")).ToArray();

        var answers = await node.Client().BatchAsync(calls, ChainJson.Default.UInt64, Never);

        Assert.Equal(Enumerable.Range(0, 250).Select(i => (ulong)i), answers.Select(answer => answer.ResultOrThrow()));
        Assert.Equal([100, 100, 50], node.Requests.Select(request => JsonNode.Parse(request)!.AsArray().Count));
    }

    [Fact]
    public async Task Begins_a_further_batch_when_one_has_bytes_enough()
    {
        await using var node = LoopbackNode.Answering(_ => "\"result\":\"0x1\"");
        var calls = Enumerable.Range(0, 10).Select(_ => new JsonRpcCall("put", new string('x', 1000))).ToArray();

        await node.Client(new JsonRpcOptions { MaxBatchBytes = 3000 }).BatchAsync(calls, ChainJson.Default.UInt64, Never);

        Assert.Equal([3, 3, 3, 1], node.Requests.Select(request => JsonNode.Parse(request)!.AsArray().Count));
    }

    [Fact]
    public async Task Keeps_one_calls_error_apart_from_the_others_of_its_batch()
    {
        await using var node = LoopbackNode.Answering(call => (string?)call["params"]![0] == "0x1"
            ? """ "error":{"code":-32000,"message":"not this one"} """
            : "\"result\":\"0x9\"");

        var answers = await node.Client().BatchAsync(
            [new JsonRpcCall("a", "0x0"), new JsonRpcCall("a", "0x1"), new JsonRpcCall("a", "0x2")], ChainJson.Default.UInt64, Never);

        Assert.Equal([9UL, 0UL, 9UL], answers.Select(answer => answer.Result));
        Assert.Equal("not this one", answers[1].Error!.NodesMessage);
    }

    [Theory]
    [InlineData("""[{"id":1,"result":"0x1"}]""")]
    [InlineData("""[{"id":1,"result":"0x1"},{"id":1,"result":"0x1"}]""")]
    [InlineData("""[{"id":1,"result":"0x1"},{"id":3,"result":"0x1"}]""")]
    [InlineData("""[{"id":1,"result":"0x1"},{"id":null,"result":"0x1"}]""")]
    [InlineData("""{"id":1,"result":"0x1"}""")]
    [InlineData("[]")]
    public async Task Takes_no_batch_that_is_not_whole(string answer)
    {
        await using var node = LoopbackNode.Saying(LoopbackNode.Json(answer));

        await Assert.ThrowsAsync<ChainUnavailableException>(
            () => node.Client().BatchAsync([new JsonRpcCall("a"), new JsonRpcCall("b")], ChainJson.Default.UInt64, Never));
    }

    [Fact]
    public async Task Passes_on_that_a_node_takes_no_batches()
    {
        await using var node = LoopbackNode.Saying(LoopbackNode.Json("""{"id":null,"error":{"code":-32600,"message":"no batches"}}"""));

        var error = await Assert.ThrowsAsync<JsonRpcException>(
            () => node.Client().BatchAsync([new JsonRpcCall("a")], ChainJson.Default.UInt64, Never));

        Assert.Equal("no batches", error.NodesMessage);
    }

    [Fact]
    public async Task Never_fails_on_random_JSON_but_as_it_says()
    {
        string[] pieces = ["{", "}", "[", "]", "\"id\":1", "\"result\":", "\"error\":", ",", "\"0x1\"", "null", "{\"code\":1}", "1e9", "\\", "\u0001"];
        var body = "";
        await using var node = new LoopbackNode(_ => Task.FromResult(LoopbackNode.Json(body)));
        var bodies = Gen.OneOfConst(pieces).Array[0, 12].Array[200].Single();

        foreach (var random in bodies)
        {
            body = string.Concat(random);
            var fault = await Record.ExceptionAsync(() => node.Ethereum().ChainIdAsync(Never));

            Assert.True(fault is ChainUnavailableException or JsonRpcException or null, $"{body}: {fault}");
        }
    }

    [Fact]
    public async Task Speaks_JSON_RPC_2_as_it_is_written()
    {
        await using var node = LoopbackNode.Answering(_ => "\"result\":\"0x0\"");

        await node.Ethereum().GetTransactionCountAsync(Address.Zero, 16, Never);

        Assert.Equal(
            """{"jsonrpc":"2.0","id":1,"method":"eth_getTransactionCount","params":["0x0000000000000000000000000000000000000000","0x10"]}""",
            Assert.Single(node.Requests));
        Assert.Equal(Encoding.UTF8.GetByteCount(node.Requests[0]), node.Requests[0].Length);
    }
}
