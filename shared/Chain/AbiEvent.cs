namespace Platform.Chain;

/// <summary>A contract's event: its topic, its types, and which of them are topics themselves.</summary>
public sealed class AbiEvent
{
    private readonly IReadOnlyList<AbiType> topics;
    private readonly IReadOnlyList<AbiType> data;
    private readonly bool[] indexed;

    /// <param name="signature">Such as <c>Transfer(address,address,uint256)</c>.</param>
    /// <param name="indexed">For each parameter, whether it is a topic.</param>
    /// <exception cref="FormatException">No signature of so many parameters, or more than three
    /// topics.</exception>
    public AbiEvent(string signature, params bool[] indexed)
    {
        ArgumentNullException.ThrowIfNull(indexed);
        var parameters = Abi.Parameters(signature);

        if (parameters.Count != indexed.Length || indexed.Count(isTopic => isTopic) > 3)
        {
            throw new FormatException($"{signature} cannot be indexed so.");
        }

        Signature = signature;
        Topic = Abi.Topic(signature);
        this.indexed = indexed;
        topics = [.. parameters.Where((_, i) => indexed[i]).Select(AsTopic)];
        data = [.. parameters.Where((_, i) => !indexed[i])];
    }

    public string Signature { get; }

    /// <summary>Topic 0 of its logs.</summary>
    public Hash32 Topic { get; }

    /// <summary>
    /// The arguments in the event's order; null where the log is another event's, or a stranger's of the same
    /// name that
    /// is indexed or encoded otherwise. Of an indexed string, byte string, array or struct only the hash is
    /// there.
    /// </summary>
    public object[]? TryDecode(Log log)
    {
        ArgumentNullException.ThrowIfNull(log);

        if (log.Topics.Length != topics.Count + 1 || log.Topics[0] != Topic)
        {
            return null;
        }

        try
        {
            return Decode(log);
        }
        catch (AbiException)
        {
            return null;
        }
    }

    private object[] Decode(Log log)
    {
        var fromData = AbiDecoder.Decode(data, log.Data);
        var arguments = new object[indexed.Length];
        var topic = 0;
        var place = 0;

        for (var i = 0; i < arguments.Length; i++)
        {
            arguments[i] = indexed[i]
                ? AbiDecoder.Decode([topics[topic]], log.Topics[++topic].ToArray())[0]
                : fromData[place++];
        }

        return arguments;
    }

    private static AbiType AsTopic(AbiType type) =>
        type is AbiType.Bytes or AbiType.Text or AbiType.DynamicArray or AbiType.FixedArray or AbiType.Tuple
            ? new AbiType.FixedBytes(Hash32.Length)
            : type;
}
