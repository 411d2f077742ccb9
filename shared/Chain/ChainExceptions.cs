using System.Net;
using System.Text.Json;

namespace Platform.Chain;

/// <summary>A node answered a call with a JSON-RPC error.</summary>
public sealed class JsonRpcException : Exception
{
    public JsonRpcException()
    {
    }

    public JsonRpcException(string message)
        : base(message)
    {
    }

    public JsonRpcException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public JsonRpcException(int code, string nodesMessage, JsonElement? nodesData, string method)
        : base($"{method}: {nodesMessage} ({code})")
    {
        Code = code;
        NodesMessage = nodesMessage;
        NodesData = nodesData;
    }

    /// <summary>
    /// JSON-RPC 2.0 reserves -32768 to -32000; 3 is an execution that reverted (EIP-1474 and geth).
    /// </summary>
    public int Code { get; }

    /// <summary>The node's own words, without ours around them.</summary>
    public string NodesMessage { get; } = "";

    /// <summary>What the node added, such as a revert's bytes.</summary>
    public JsonElement? NodesData { get; }

    /// <summary>
    /// Whether it says nothing about the call but that the node has had too many (EIP-1474: -32005).
    /// </summary>
    public bool IsRateLimit => Code is -32005 or 429;
}

/// <summary>
/// A node gave no usable answer: not reached, too late, HTTP error, not JSON-RPC. Asking later may help.
/// </summary>
public class ChainUnavailableException : Exception
{
    public ChainUnavailableException()
    {
    }

    public ChainUnavailableException(string message)
        : base(message)
    {
    }

    public ChainUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>The HTTP status, where that was the answer.</summary>
    public HttpStatusCode? Status { get; init; }

    /// <summary>How long the node asked to be left alone, where it did.</summary>
    public TimeSpan? RetryAfter { get; init; }
}

/// <summary>An answer was longer than allowed: ask for less at once, such as fewer blocks' logs.</summary>
public sealed class ResponseTooLargeException : ChainUnavailableException
{
    public ResponseTooLargeException()
    {
    }

    public ResponseTooLargeException(string message)
        : base(message)
    {
    }

    public ResponseTooLargeException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>A contract refused a call; <see cref="RevertData"/> says why, in its own errors.</summary>
public sealed class ContractRevertedException : Exception
{
    public ContractRevertedException()
    {
    }

    public ContractRevertedException(string message)
        : base(message)
    {
    }

    public ContractRevertedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public ContractRevertedException(ReadOnlyMemory<byte> revertData, Exception innerException)
        : base($"The contract reverted: {ContractError.Decode(revertData)}", innerException) =>
        RevertData = revertData;

    /// <summary>The bytes the contract reverted with; none where it (or the node) gave no reason.</summary>
    public ReadOnlyMemory<byte> RevertData { get; }

    /// <summary>The revert as one of a contract's own errors; null where it is another.</summary>
    public TError? As<TError>()
        where TError : class, IContractError<TError> => TError.TryDecode(RevertData);

    /// <summary>What the bytes say, with the errors that a contract's bindings know.</summary>
    public ContractError Decode(params IReadOnlyList<AbiError> known) => ContractError.Decode(RevertData, known);
}
