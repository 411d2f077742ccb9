namespace Platform.Chain;

/// <summary>What the contract ABI derives from signatures: selectors, topics, calls.</summary>
public static class Abi
{
    /// <summary>The number of bytes of a selector.</summary>
    public const int SelectorLength = 4;

    /// <summary>
    /// The first four bytes of the hash of a function's or error's signature, such as
    /// <c>transfer(address,uint256)</c>.
    /// </summary>
    public static byte[] Selector(string signature) => Keccak.Hash256(signature).ToArray()[..SelectorLength];

    /// <summary>An event's topic 0: the hash of its signature.</summary>
    public static Hash32 Topic(string signature) => Keccak.Hash256(signature);

    /// <summary>A signature's parameter types: what its outermost brackets hold.</summary>
    /// <exception cref="FormatException">No signature.</exception>
    public static IReadOnlyList<AbiType> Parameters(string signature)
    {
        ArgumentNullException.ThrowIfNull(signature);
        var start = signature.IndexOf('(', StringComparison.Ordinal);

        return start > 0 && AbiType.Parse(signature[start..]) is AbiType.Tuple parameters
            ? parameters.Members
            : throw new FormatException($"No signature: {signature}");
    }

    /// <summary>A call's data: the selector, then the arguments.</summary>
    /// <exception cref="AbiException">An argument is not of its type.</exception>
    public static byte[] EncodeCall(string signature, IReadOnlyList<object> arguments) =>
        [.. Selector(signature), .. AbiEncoder.Encode(Parameters(signature), arguments)];
}

/// <summary>
/// Bytes that are not of the ABI type they should be, or a value that is not; the message names where.
/// </summary>
public sealed class AbiException : FormatException
{
    public AbiException()
    {
    }

    public AbiException(string message)
        : base(message)
    {
    }

    public AbiException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>
    /// Where in the decoded bytes, counted from the first after any selector; -1 when encoding.
    /// </summary>
    public int Offset { get; init; } = -1;

    internal static AbiException At(int offset, string message) =>
        new($"{message} (at offset {offset})") { Offset = offset };
}
