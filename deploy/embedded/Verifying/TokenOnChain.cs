using System.Numerics;
using Platform.Chain;

namespace Platform.Embedded;

/// <summary>All that the chain says of a token, at one height.</summary>
internal sealed record TokenOnChain
{
    public required ulong ChainId { get; init; }

    public required ulong Block { get; init; }

    public required CollectionOnChain Collection { get; init; }

    public required BatchOnChain Batch { get; init; }

    /// <summary>Null when the token was burned.</summary>
    public required Address? Holder { get; init; }

    public required Address FirstOwner { get; init; }

    /// <summary>Null when the token was burned.</summary>
    public required string? Uri { get; init; }

    public required Address RoyaltyReceiver { get; init; }

    /// <summary>Of 10,000.</summary>
    public required BigInteger RoyaltyBasisPoints { get; init; }
}

/// <summary>A collection's own words, and what the factory it names says of it.</summary>
internal sealed record CollectionOnChain
{
    public required Address Contract { get; init; }

    public required Address Factory { get; init; }

    public required Address Creator { get; init; }

    public required Hash32 CampaignId { get; init; }

    /// <summary>Zero when the last owner renounced.</summary>
    public required Address Owner { get; init; }

    public required string Name { get; init; }

    public required string Symbol { get; init; }

    /// <summary>Whether the factory made it.</summary>
    public required bool IsOfFactory { get; init; }

    /// <summary>Which collection the factory has for creator and campaign; null when it has no answer.</summary>
    public required Address? OfCampaign { get; init; }
}

/// <summary>A batch as the collection tells it, and as its data contract has it.</summary>
internal sealed record BatchOnChain
{
    public required BigInteger Number { get; init; }

    public required Hash32 Id { get; init; }

    /// <summary>The newest: the owner may have revised it.</summary>
    public required Hash32 MetadataDigest { get; init; }

    public required Hash32 CustodyRoot { get; init; }

    public required BigInteger Count { get; init; }

    /// <summary>Which batch the collection has under this id; null when none.</summary>
    public required BigInteger? NumberOfId { get; init; }

    /// <summary>Where the recipients lie.</summary>
    public required Address DataContract { get; init; }

    /// <summary>Null when what lies there is no batch.</summary>
    public required BatchCode? Code { get; init; }
}

/// <summary>The code of a batch's data contract: written once at the mint, and nobody can change it.</summary>
internal sealed record BatchCode(Hash32 MetadataDigest, Hash32 CustodyRoot, Hash32 BatchId, IReadOnlyList<Address> Recipients)
{
    // STOP and three words, then addresses: contracts/solidity/src/BatchCode.sol.
    private const int Header = 1 + (3 * Hash32.Length);

    public static BatchCode? TryRead(ReadOnlySpan<byte> code)
    {
        if (code.Length <= Header || code[0] != 0 || (code.Length - Header) % Address.Length != 0)
        {
            return null;
        }

        var recipients = new Address[(code.Length - Header) / Address.Length];
        for (var index = 0; index < recipients.Length; index++)
        {
            recipients[index] = new Address(code.Slice(Header + (index * Address.Length), Address.Length));
        }

        return new BatchCode(
            new Hash32(code.Slice(1, Hash32.Length)),
            new Hash32(code.Slice(1 + Hash32.Length, Hash32.Length)),
            new Hash32(code.Slice(1 + (2 * Hash32.Length), Hash32.Length)),
            recipients);
    }
}
