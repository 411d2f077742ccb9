namespace Platform.Chain;

/// <summary>A contract's function: its selector, the types it takes and the types it returns.</summary>
public sealed class AbiFunction
{
    private readonly byte[] selector;
    private readonly IReadOnlyList<AbiType> parameters;
    private readonly IReadOnlyList<AbiType> results;

    /// <param name="signature">Such as <c>ownerOf(uint256)</c>.</param>
    /// <param name="results">The returned types, separated by commas; empty where there are none.</param>
    /// <exception cref="FormatException">One of them is no type.</exception>
    public AbiFunction(string signature, string results)
    {
        Signature = signature;
        selector = Abi.Selector(signature);
        parameters = Abi.Parameters(signature);
        this.results = AbiType.ParseList(results);
    }

    public string Signature { get; }

    /// <summary>The first four bytes of a call.</summary>
    public ReadOnlyMemory<byte> Selector => selector;

    /// <summary>A call's data.</summary>
    /// <exception cref="AbiException">An argument is not of its type or out of its range.</exception>
    public ReadOnlyMemory<byte> Encode(IReadOnlyList<object> arguments) =>
        (byte[])[.. selector, .. AbiEncoder.Encode(parameters, arguments)];

    /// <summary>The arguments in a call's data.</summary>
    /// <exception cref="AbiException">It is a call of another function, or not of its types.</exception>
    public object[] DecodeArguments(ReadOnlyMemory<byte> data) => data.Span.StartsWith(selector)
        ? AbiDecoder.Decode(parameters, data[selector.Length..])
        : throw new AbiException($"The data is no call of {Signature}.");

    /// <summary>What a call returned.</summary>
    /// <exception cref="AbiException">It is not of the function's types.</exception>
    public object[] Decode(ReadOnlyMemory<byte> returned) => AbiDecoder.Decode(results, returned);
}
