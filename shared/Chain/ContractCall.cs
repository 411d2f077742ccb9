namespace Platform.Chain;

/// <summary>
/// A call of a contract's function: its data, ready to be sent in a transaction or asked with eth_call.
/// </summary>
/// <param name="Signature">The function, such as <c>ownerOf(uint256)</c>.</param>
/// <param name="Data">Selector and arguments.</param>
public record ContractCall(string Signature, ReadOnlyMemory<byte> Data)
{
    /// <summary>The call at a contract, to be simulated or its gas estimated.</summary>
    public CallRequest At(Address contract, Address? from = null) => new() { To = contract, From = from, Data = Data };
}

/// <summary>A call whose answer is a value.</summary>
/// <param name="Signature">The function.</param>
/// <param name="Data">Selector and arguments.</param>
/// <param name="Decode">Reads the returned bytes; throws <see cref="AbiException"/> where they are not of the
/// type.</param>
public sealed record ContractCall<T>(string Signature, ReadOnlyMemory<byte> Data, Func<ReadOnlyMemory<byte>, T> Decode)
    : ContractCall(Signature, Data);

/// <summary>An event's record in the generated bindings.</summary>
public interface IContractEvent<TSelf>
    where TSelf : class, IContractEvent<TSelf>
{
    /// <summary>Topic 0: the hash of the event's signature.</summary>
    static abstract Hash32 Topic { get; }

    /// <summary>Reads a log; null where it is another event, or this one indexed otherwise.</summary>
    static abstract TSelf? TryDecode(Log log);
}

/// <summary>A custom error's record in the generated bindings.</summary>
public interface IContractError<TSelf>
    where TSelf : class, IContractError<TSelf>
{
    /// <summary>Name, signature and selector.</summary>
    static abstract AbiError Declaration { get; }

    /// <summary>Reads revert data; null where it is another error's.</summary>
    static abstract TSelf? TryDecode(ReadOnlyMemory<byte> revertData);
}
