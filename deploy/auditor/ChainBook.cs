using System.Numerics;
using Platform.Chain;

namespace Platform.Auditor;

/// <summary>One Transfer log.</summary>
internal sealed record ChainTransfer(
    Address From, Address To, ulong Block, Hash32 BlockHash, ulong LogIndex, Hash32 Transaction);

/// <summary>A token as its own transfer logs tell it; the first of them is its mint.</summary>
internal sealed class ChainToken(Address contract, BigInteger id)
{
    /// <summary>Batch number times this, plus index, is the token id.</summary>
    public const int TokensABatch = 10_000;

    public Address Contract { get; } = contract;

    public BigInteger Id { get; } = id;

    /// <summary>In the order of the chain.</summary>
    public List<ChainTransfer> Transfers { get; } = new(1);

    public string Name => $"{Contract}/{Id}";

    public BigInteger Batch => Id / TokensABatch;

    public int Index => (int)(Id % TokensABatch);

    public Address FirstOwner => Transfers[0].To;

    /// <summary>Zero when it was burned.</summary>
    public Address Owner => Transfers[^1].To;
}

/// <summary>A batch as the collection logged it.</summary>
internal sealed record ChainBatch
{
    public required Address Contract { get; init; }

    public required BigInteger Number { get; init; }

    public required Hash32 Id { get; init; }

    public required BigInteger FirstTokenId { get; init; }

    public required BigInteger Count { get; init; }

    public required Hash32 MetadataDigest { get; init; }

    public required Hash32 CustodyRoot { get; init; }

    public required Hash32 Transaction { get; init; }

    /// <summary>The newest revision's digest; the one of the mint where there was none.</summary>
    public Hash32 CurrentMetadata { get; set; }

    /// <summary>The code of the batch's data contract; empty where there is none.</summary>
    public ReadOnlyMemory<byte> Code { get; set; }

    public string Name => $"batch {Number} of {Contract}";

    /// <summary>A collection creates nothing but batches, the first of them with nonce 1 (EIP-161).</summary>
    public Address DataContract => Address.OfCreated(Contract, (ulong)Number + 1);
}

/// <summary>A collection that the factory logged.</summary>
internal sealed record ChainCollection(Address Contract, Address Creator, Hash32 CampaignId);

/// <summary>All that the chain says of the platform's collections, up to one height.</summary>
internal sealed class ChainBook
{
    public required ulong ChainId { get; init; }

    public required ulong Block { get; init; }

    public required IReadOnlyDictionary<Address, ChainCollection> Collections { get; init; }

    public List<ChainBatch> Batches { get; } = [];

    public Dictionary<(Address Contract, BigInteger Id), ChainToken> Tokens { get; } = [];

    public long Transfers { get; set; }

    public ChainToken? Find(string name)
    {
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        return slash > 0
            && Address.TryParse(name[..slash], out var contract, out _)
            && BigInteger.TryParse(name[(slash + 1)..], out var id)
                ? Tokens.GetValueOrDefault((contract, id))
                : null;
    }
}
