using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Platform.Chain;

/// <summary>How a node is asked; the defaults suit geth, anvil and the usual providers.</summary>
public sealed record JsonRpcOptions
{
    /// <summary>For one HTTP exchange, reading the answer included.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Calls in one batch; longer ones are sent in several. Geth's own limit is 1,000, providers' often 100.
    /// </summary>
    public int MaxBatchCalls { get; init; } = 100;

    /// <summary>
    /// Bytes of one batch's body beyond which a further one is begun; anvil refuses more than 2 MB.
    /// </summary>
    public int MaxBatchBytes { get; init; } = 1 << 20;

    /// <summary>Bytes of one answer; a longer one is a <see cref="ResponseTooLargeException"/>.</summary>
    public int MaxResponseBytes { get; init; } = 128 << 20;

    /// <summary>Where <see cref="Timeout"/> takes its time from.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}

/// <summary>One call: the method and its positional parameters.</summary>
public sealed record JsonRpcCall(string Method, params ImmutableArray<JsonNode?> Parameters);

/// <summary>A batched call's result, or the error it had alone.</summary>
public readonly record struct JsonRpcAnswer<T>(T? Result, JsonRpcException? Error)
{
    /// <exception cref="JsonRpcException">The call had an error.</exception>
    public T? ResultOrThrow() => Error is null ? Result : throw Error;
}

/// <summary>
/// JSON-RPC 2.0 over HTTP: single calls and batches, whose answers are matched by id in whatever order.
/// </summary>
/// <remarks>
/// Never retries and keeps no state but a counter: who calls knows what may be asked twice. Errors name the
/// node's
/// host and never its address, whose path often holds a provider's key. Safe for several threads.
/// </remarks>
public sealed class JsonRpcClient(HttpClient http, Uri endpoint, JsonRpcOptions? options = null)
{
    private readonly JsonRpcOptions options = options ?? new JsonRpcOptions();
    private readonly string node = $"{endpoint.Host}:{endpoint.Port.ToString(CultureInfo.InvariantCulture)}";
    private long lastId;

    /// <summary>Host and port, for people; without path, query and user, which may be secret.</summary>
    public string Node => node;

    /// <summary>Calls once. A JSON null is default.</summary>
    /// <exception cref="JsonRpcException">The node answered with an error.</exception>
    /// <exception cref="ChainUnavailableException">No answer, too late an answer, or not one to this
    /// call.</exception>
    public async Task<T?> CallAsync<T>(JsonRpcCall call, JsonTypeInfo<T> resultType, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(call);
        var id = Interlocked.Increment(ref lastId);
        var body = new ArrayBufferWriter<byte>();
        Write(body, call, id);

        using var answer = await ExchangeAsync(body.WrittenMemory, cancellation);
        var response = Responses(answer.Memory, out _).FirstOrDefault();

        return response.Id == id || (response.Id is null && response.IsError)
            ? Read(response, call.Method, resultType).ResultOrThrow()
            : throw Unavailable("answered another call");
    }

    /// <summary>Calls several methods with one kind of result; answers come in the calls' order.</summary>
    /// <exception cref="JsonRpcException">The node refused a batch as a whole.</exception>
    /// <exception cref="ChainUnavailableException">As for a single call, or an answer is missing.</exception>
    public async Task<IReadOnlyList<JsonRpcAnswer<T>>> BatchAsync<T>(
        IReadOnlyList<JsonRpcCall> calls, JsonTypeInfo<T> resultType, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(calls);
        var answers = new JsonRpcAnswer<T>[calls.Count];
        var start = 0;

        while (start < calls.Count)
        {
            var firstId = Interlocked.Add(ref lastId, calls.Count) - calls.Count + 1;
            var (body, count) = WriteBatch(calls, start, firstId);

            using var response = await ExchangeAsync(body.WrittenMemory, cancellation);
            Match(response.Memory, calls, answers.AsSpan(start, count), start, firstId, resultType);
            start += count;
        }

        return answers;
    }

    private void Match<T>(
        ReadOnlyMemory<byte> body,
        IReadOnlyList<JsonRpcCall> calls,
        Span<JsonRpcAnswer<T>> answers,
        int start,
        long firstId,
        JsonTypeInfo<T> resultType)
    {
        var responses = Responses(body, out var isArray);

        if (!isArray && responses is [{ IsError: true } refusal])
        {
            throw Read(refusal, "batch", resultType).Error!;
        }

        var answered = new bool[answers.Length];

        foreach (var response in responses)
        {
            var place = response.Id - firstId;

            if (place is not { } known || known < 0 || known >= answers.Length || answered[known])
            {
                throw Unavailable("answered a call of a batch twice, or one that was not in it");
            }

            answers[(int)known] = Read(response, calls[start + (int)known].Method, resultType);
            answered[known] = true;
        }

        if (answered.Contains(false))
        {
            throw Unavailable($"answered {responses.Count} of {answers.Length} calls");
        }
    }

    private (ArrayBufferWriter<byte> Body, int Count) WriteBatch(
        IReadOnlyList<JsonRpcCall> calls, int start, long firstId)
    {
        var body = new ArrayBufferWriter<byte>();
        body.Write("["u8);
        var count = 0;

        while (start + count < calls.Count && count < options.MaxBatchCalls
            && (count == 0 || body.WrittenCount < options.MaxBatchBytes))
        {
            body.Write(count == 0 ? ""u8 : ","u8);
            Write(body, calls[start + count], firstId + count);
            count++;
        }

        body.Write("]"u8);

        return (body, count);
    }

    private static void Write(ArrayBufferWriter<byte> body, JsonRpcCall call, long id)
    {
        using var json = new Utf8JsonWriter(body);
        json.WriteStartObject();
        json.WriteString("jsonrpc"u8, "2.0"u8);
        json.WriteNumber("id"u8, id);
        json.WriteString("method"u8, call.Method);
        json.WriteStartArray("params"u8);

        foreach (var parameter in call.Parameters)
        {
            if (parameter is null)
            {
                json.WriteNullValue();
            }
            else
            {
                parameter.WriteTo(json);
            }
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private async Task<PooledBytes> ExchangeAsync(ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(options.Timeout, options.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, late.Token);

        try
        {
            using var content = new ReadOnlyMemoryContent(body);
            using var request = new HttpRequestMessage(HttpMethod.Post, endpoint) { Content = content };
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");

            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            RefuseStatus(response);

            return await ReadAsync(response, either.Token);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw;
        }
        catch (OperationCanceledException timeout)
        {
            throw Unavailable($"did not answer within {options.Timeout.TotalSeconds:0.###} s", timeout);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException)
        {
            throw Unavailable($"could not be asked ({fault.Message})", fault);
        }
    }

    /// <summary>
    /// Some nodes wrap an error in 400 or 404, so only the statuses that say nothing about the call are
    /// refused here.
    /// </summary>
    private void RefuseStatus(HttpResponseMessage response)
    {
        var status = response.StatusCode;

        if (response.IsSuccessStatusCode
            || (response.Content.Headers.ContentType?.MediaType == "application/json"
                && status is HttpStatusCode.BadRequest or HttpStatusCode.NotFound or HttpStatusCode.UnprocessableEntity))
        {
            return;
        }

        var wait = response.Headers.RetryAfter;

        throw new ChainUnavailableException($"{node} answered HTTP {(int)status}.")
        {
            Status = status,
            RetryAfter = wait?.Delta ?? (wait?.Date - options.Clock.GetUtcNow()),
        };
    }

    private async Task<PooledBytes> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var announced = response.Content.Headers.ContentLength;

        if (announced > options.MaxResponseBytes)
        {
            throw TooLarge();
        }

        await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
        var bytes = new PooledBytes((int)(announced ?? 4096) + 1);

        try
        {
            while (await stream.ReadAsync(bytes.Free(), cancellation) is var read && read > 0)
            {
                bytes.Length += read;

                if (bytes.Length > options.MaxResponseBytes)
                {
                    throw TooLarge();
                }
            }

            return bytes;
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }

    private ResponseTooLargeException TooLarge() =>
        new($"{node} answered more than {options.MaxResponseBytes} bytes.");

    private ChainUnavailableException Unavailable(string what, Exception? cause = null) => cause is null
        ? new ChainUnavailableException($"{node} {what}.")
        : new ChainUnavailableException($"{node} {what}.", cause);

    private JsonRpcAnswer<T> Read<T>(Response response, string method, JsonTypeInfo<T> resultType)
    {
        try
        {
            if (response.IsError)
            {
                var error = JsonSerializer.Deserialize(response.Body.Span, ChainJson.Default.RpcError)
                    ?? throw new JsonException("The error is null.");

                var refusal = new JsonRpcException(error.Code, error.Message ?? "", error.Data, method);

                return new JsonRpcAnswer<T>(default, refusal);
            }

            return new JsonRpcAnswer<T>(JsonSerializer.Deserialize(response.Body.Span, resultType), null);
        }
        catch (JsonException notOfType)
        {
            throw Unavailable($"answered {method} with something else than its result", notOfType);
        }
    }

    /// <summary>Finds ids and results; the results themselves are read once, by their own type.</summary>
    private List<Response> Responses(ReadOnlyMemory<byte> body, out bool isArray)
    {
        List<Response> responses = [];

        try
        {
            var reader = new Utf8JsonReader(body.Span);
            reader.Read();
            isArray = reader.TokenType == JsonTokenType.StartArray;

            if (isArray)
            {
                reader.Read();
            }

            while (reader.TokenType == JsonTokenType.StartObject)
            {
                responses.Add(ReadResponse(ref reader, body));
                reader.Read();
            }

            return reader.TokenType == (isArray ? JsonTokenType.EndArray : JsonTokenType.EndObject) && !reader.Read()
                ? responses
                : throw new JsonException("Neither a response nor a list of responses.");
        }
        catch (Exception notJson) when (notJson is JsonException or InvalidOperationException)
        {
            throw Unavailable("did not answer JSON-RPC 2.0", notJson);
        }
    }

    private static Response ReadResponse(ref Utf8JsonReader reader, ReadOnlyMemory<byte> body)
    {
        long? id = null;
        ReadOnlyMemory<byte>? result = null;
        ReadOnlyMemory<byte>? error = null;

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("id"u8))
            {
                reader.Read();
                id = reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number) ? number : null;
            }
            else if (reader.ValueTextEquals("result"u8))
            {
                result = Value(ref reader, body);
            }
            else if (reader.ValueTextEquals("error"u8))
            {
                // Some nodes write "error": null beside a result.
                var value = Value(ref reader, body);
                error = value.Span.SequenceEqual("null"u8) ? default(ReadOnlyMemory<byte>?) : value;
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        var outcome = error ?? result ?? throw new JsonException("No result and no error.");

        return new Response(id, outcome, error is not null);
    }

    private static ReadOnlyMemory<byte> Value(ref Utf8JsonReader reader, ReadOnlyMemory<byte> body)
    {
        reader.Read();
        var start = (int)reader.TokenStartIndex;
        reader.Skip();

        return body[start..(int)reader.BytesConsumed];
    }

    private readonly record struct Response(long? Id, ReadOnlyMemory<byte> Body, bool IsError);

    private sealed class PooledBytes(int capacity) : IDisposable
    {
        private byte[] buffer = ArrayPool<byte>.Shared.Rent(capacity);

        public int Length { get; set; }

        public ReadOnlyMemory<byte> Memory => buffer.AsMemory(0, Length);

        public Memory<byte> Free()
        {
            if (Length == buffer.Length)
            {
                var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
                buffer.CopyTo(larger, 0);
                ArrayPool<byte>.Shared.Return(buffer);
                buffer = larger;
            }

            return buffer.AsMemory(Length);
        }

        public void Dispose() => ArrayPool<byte>.Shared.Return(buffer);
    }
}
