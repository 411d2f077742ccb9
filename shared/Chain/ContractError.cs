using System.Collections.Immutable;
using System.Numerics;

namespace Platform.Chain;

/// <summary>A custom error that a contract declares.</summary>
/// <param name="Name">Without parameters.</param>
/// <param name="Signature">What is hashed into the selector, such as <c>Unsorted(uint256)</c>.</param>
/// <param name="ParameterNames">In order; empty where the contract names none.</param>
public sealed record AbiError(string Name, string Signature, ImmutableArray<string> ParameterNames)
{
    /// <summary>The first four bytes of revert data.</summary>
    public ReadOnlyMemory<byte> Selector { get; } = Abi.Selector(Signature);

    /// <summary>Whether revert data begins with this error's selector.</summary>
    public bool IsIn(ReadOnlyMemory<byte> revertData) => revertData.Span.StartsWith(Selector.Span);

    /// <summary>
    /// The arguments in revert data; null where it is another error's, or not of this one's types.
    /// </summary>
    public object[]? TryDecode(ReadOnlyMemory<byte> revertData)
    {
        try
        {
            return IsIn(revertData) ? DecodeArguments(revertData) : null;
        }
        catch (AbiException)
        {
            return null;
        }
    }

    /// <summary>The arguments in revert data.</summary>
    /// <exception cref="AbiException">They are not of this error's types.</exception>
    public object[] DecodeArguments(ReadOnlyMemory<byte> revertData) =>
        AbiDecoder.Decode(Abi.Parameters(Signature), revertData[Abi.SelectorLength..]);

    public bool Equals(AbiError? other) => other is not null && Signature == other.Signature;

    public override int GetHashCode() => string.GetHashCode(Signature, StringComparison.Ordinal);
}

/// <summary>Why a contract reverted, read from its revert data.</summary>
public abstract record ContractError
{
    private static readonly AbiError Reason = new("Error", "Error(string)", ["message"]);
    private static readonly AbiError Panicked = new("Panic", "Panic(uint256)", ["code"]);

    private ContractError()
    {
    }

    /// <summary>Reads revert data. Never fails: what it cannot read is <see cref="Unknown"/>.</summary>
    public static ContractError Decode(ReadOnlyMemory<byte> revertData, params IReadOnlyList<AbiError> known)
    {
        ArgumentNullException.ThrowIfNull(known);

        try
        {
            return revertData.IsEmpty ? new Silent()
                : Reason.IsIn(revertData) ? new Message((string)Reason.DecodeArguments(revertData)[0])
                : Panicked.IsIn(revertData) ? new Panic((BigInteger)Panicked.DecodeArguments(revertData)[0])
                : known.FirstOrDefault(error => error.IsIn(revertData)) is { } custom
                    ? new Custom(custom, [.. custom.DecodeArguments(revertData)])
                : new Unknown(revertData);
        }
        catch (AbiException)
        {
            return new Unknown(revertData);
        }
    }

    /// <summary>No reason at all: <c>revert()</c>, out of gas, or a node that keeps it to itself.</summary>
    public sealed record Silent : ContractError
    {
        public override string ToString() => "without a reason";
    }

    /// <summary><c>revert("…")</c> or <c>require(…, "…")</c>; a stranger's words.</summary>
    public sealed record Message(string Text) : ContractError
    {
        public override string ToString() => Text;
    }

    /// <summary>
    /// Solidity's own checks: 0x01 assert, 0x11 overflow, 0x12 division by zero, 0x32 index out of bounds, ….
    /// </summary>
    public sealed record Panic(BigInteger Code) : ContractError
    {
        public override string ToString() => Code == 0x01 ? "assertion failed"
            : Code == 0x11 ? "arithmetic overflow"
            : Code == 0x12 ? "division by zero"
            : Code == 0x21 ? "value out of its enum"
            : Code == 0x22 ? "malformed storage"
            : Code == 0x31 ? "pop of an empty array"
            : Code == 0x32 ? "index out of bounds"
            : Code == 0x41 ? "too much memory"
            : Code == 0x51 ? "call of an unset function"
            : $"panic {Code}";
    }

    /// <summary>An error the bindings know.</summary>
    public sealed record Custom(AbiError Error, ImmutableArray<object> Arguments) : ContractError
    {
        public override string ToString() => $"{Error.Name}({string.Join(", ", Arguments.Select(Print))})";

        private static string Print(object value) => value switch
        {
            ReadOnlyMemory<byte> bytes => Hex.Encode(bytes.Span),
            object[] items => $"[{string.Join(", ", items.Select(Print))}]",
            bool truth => truth ? "true" : "false",
            _ => value.ToString() ?? "",
        };
    }

    /// <summary>Nothing that is known; begins with the selector of a custom error, if it is one.</summary>
    public sealed record Unknown(ReadOnlyMemory<byte> RevertData) : ContractError
    {
        public override string ToString() => Hex.Encode(RevertData.Span[..Math.Min(RevertData.Length, 68)]);
    }
}
