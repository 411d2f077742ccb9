using System.Collections.Immutable;

namespace Platform.Chain;

/// <summary>
/// A transaction's bytes as they are sent, and what is known of them without asking anybody.
/// </summary>
/// <remarks>
/// Recorded before it is sent: after a restart the same bytes go out again, and no second deed can come of
/// it.
/// </remarks>
/// <param name="Raw">What eth_sendRawTransaction takes.</param>
/// <param name="Hash">Keccak-256 of the bytes.</param>
/// <param name="From">The account that signed.</param>
/// <param name="Nonce">The place in that account's order.</param>
public sealed record SignedTransaction(ReadOnlyMemory<byte> Raw, Hash32 Hash, Address From, ulong Nonce)
{
    /// <summary>Reads a type 2 transaction's bytes and recovers who signed them.</summary>
    /// <exception cref="TransactionFormatException">Not canonical, a field out of range, or no valid
    /// signature.</exception>
    public static SignedTransaction Decode(ReadOnlyMemory<byte> raw)
    {
        var (transaction, signature) = Parse(raw);

        return transaction.Fault() is { } fault
            ? throw new TransactionFormatException(fault)
            : !EthereumKey.HasLowS(signature)
            ? throw new TransactionFormatException("The signature's s is in the upper half (EIP-2).")
            : EthereumKey.TryRecover(transaction.SigningHash(), signature, out var from)
                ? new SignedTransaction(raw, Keccak.Hash256(raw.Span), from, transaction.Nonce)
                : throw new TransactionFormatException("No key can have made this signature.");
    }

    /// <summary>The transaction inside.</summary>
    /// <exception cref="TransactionFormatException">The bytes are none.</exception>
    public Eip1559Transaction ToTransaction() => Parse(Raw).Transaction;

    public bool Equals(SignedTransaction? other) => other is not null && Hash == other.Hash;

    public override int GetHashCode() => Hash.GetHashCode();

    internal static SignedTransaction Of(Eip1559Transaction transaction, Signature signature, Address from)
    {
        var raw = transaction.Encode(
            Rlp.Integer(signature.YParity),
            Rlp.Integer(Number(signature.R)),
            Rlp.Integer(Number(signature.S)));

        return new SignedTransaction(raw, Keccak.Hash256(raw), from, transaction.Nonce);
    }

    private static (Eip1559Transaction Transaction, Signature Signature) Parse(ReadOnlyMemory<byte> raw)
    {
        if (raw.IsEmpty || raw.Span[0] != Eip1559Transaction.TypeByte)
        {
            throw new TransactionFormatException("The first byte of an EIP-1559 transaction is 0x02.");
        }

        try
        {
            var fields = Items(Rlp.Decode(raw[1..]), "transaction");

            return fields.Length == 12
                ? (TransactionOf(fields), SignatureOf(fields))
                : throw new TransactionFormatException($"An EIP-1559 transaction has 12 fields, not {fields.Length}.");
        }
        catch (RlpException notRlp)
        {
            throw new TransactionFormatException($"The transaction is not canonical RLP: {notRlp.Message}", notRlp);
        }
    }

    private static Eip1559Transaction TransactionOf(ImmutableArray<Rlp.Item> fields) => new()
    {
        ChainId = Word(fields[0], "chain id"),
        Nonce = Word(fields[1], "nonce"),
        MaxPriorityFeePerGas = new Wei(Text(fields[2], "tip").ToInteger()),
        MaxFeePerGas = new Wei(Text(fields[3], "fee").ToInteger()),
        GasLimit = Word(fields[4], "gas limit"),
        To = Text(fields[5], "recipient").Value.IsEmpty
            ? null
            : new Address(Exactly(fields[5], Address.Length, "recipient")),
        Value = new Wei(Text(fields[6], "value").ToInteger()),
        Data = Text(fields[7], "data").Value,
        AccessList = [.. Items(fields[8], "access list").Select(EntryOf)],
    };

    private static AccessListEntry EntryOf(Rlp.Item item) => Items(item, "access list entry") is [var address, var keys]
        ? new AccessListEntry(
            new Address(Exactly(address, Address.Length, "access list address")),
            [.. Items(keys, "storage keys").Select(key => new Hash32(Exactly(key, Hash32.Length, "storage key")))])
        : throw new TransactionFormatException("An access list entry is an address and its keys.");

    private static Signature SignatureOf(ImmutableArray<Rlp.Item> fields) => new(
        Padded(Text(fields[10], "r").ToInteger()),
        Padded(Text(fields[11], "s").ToInteger()),
        Text(fields[9], "parity").ToInteger(1) is var parity && parity <= 1
            ? (byte)parity
            : throw new TransactionFormatException("The parity is 0 or 1."));

    private static System.Numerics.BigInteger Number(Hash32 bytes) =>
        new(bytes.ToArray(), isUnsigned: true, isBigEndian: true);

    private static Hash32 Padded(System.Numerics.BigInteger number)
    {
        Span<byte> bytes = stackalloc byte[Hash32.Length];
        bytes.Clear();
        var start = bytes.Length - number.GetByteCount(isUnsigned: true);
        number.TryWriteBytes(bytes[start..], out _, isUnsigned: true, isBigEndian: true);

        return new Hash32(bytes);
    }

    private static ulong Word(Rlp.Item item, string name) => (ulong)Text(item, name).ToInteger(sizeof(ulong));

    private static ReadOnlySpan<byte> Exactly(Rlp.Item item, int length, string name) =>
        Text(item, name).Value is var bytes && bytes.Length == length
            ? bytes.Span
            : throw new TransactionFormatException($"The {name} has {bytes.Length} bytes, not {length}.");

    private static Rlp.Item.Text Text(Rlp.Item item, string name) =>
        item as Rlp.Item.Text ?? throw new TransactionFormatException($"The {name} must be a byte string.");

    private static ImmutableArray<Rlp.Item> Items(Rlp.Item item, string name) =>
        (item as Rlp.Item.List ?? throw new TransactionFormatException($"The {name} must be a list.")).Items;
}

/// <summary>Bytes that are not the signed transaction they should be.</summary>
public sealed class TransactionFormatException : FormatException
{
    public TransactionFormatException()
    {
    }

    public TransactionFormatException(string message)
        : base(message)
    {
    }

    public TransactionFormatException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
