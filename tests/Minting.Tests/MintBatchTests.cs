using static Platform.Minting.Tests.Workshop;

namespace Platform.Minting.Tests;

public sealed class MintBatchTests
{
    [Fact]
    public void Keeps_its_members_all_the_way_to_final_and_back()
    {
        var batch = ASealedBatch();

        var signed = batch.Pin(Directories("0x01")).Sign(7, "0xabc");
        var included = signed.Include(AnInclusion());
        var final = included.Finalize();

        Assert.Equal(batch.Seal, final.Seal);
        Assert.Equal((7, "0xabc", AnInclusion()), (final.Number, final.TransactionHash, final.Inclusion));
        Assert.Equal(signed, included.Revert());
        Assert.Equal(signed, final.Revert());
    }

    [Fact]
    public void Is_signed_again_as_the_same_batch_when_the_chain_refused_it()
    {
        var pinned = ASealedBatch().Pin(Directories("0x01"));

        Assert.Equal(pinned, pinned.Sign(7, "0xabc").SignAgain());
    }

    [Fact]
    public void Releases_every_member_when_it_dissolves()
    {
        var batch = ASealedBatch();

        var dissolved = batch.Dissolve("no picture");

        Assert.Null(dissolved.Seal.Members);
        Assert.Equal(batch.Seal.Members, dissolved.Released);
        Assert.Equal("no picture", dissolved.Reason);
    }

    [Fact]
    public void Has_no_way_to_give_up_a_member_once_it_is_pinned()
    {
        var states = typeof(MintBatch).GetNestedTypes().Where(state => state != typeof(MintBatch.Sealed));

        Assert.DoesNotContain(states, state => state.GetMethods().Any(change => change.ReturnType == typeof(MintBatch.Dissolved)
            && change.DeclaringType == state && !change.Name.StartsWith('<')));
    }

    private static MintBatch.Sealed ASealedBatch() => new()
    {
        Seal = new()
        {
            Campaign = "spring",
            Members = [Guid.CreateVersion7(), Guid.CreateVersion7()],
            Recipients = [AnAddress(), AnAddress()],
            SealedAt = DateTimeOffset.UnixEpoch,
        },
    };

    private static BatchInclusion AnInclusion() => new()
    {
        Contract = "0xc0",
        ChainId = 31337,
        BlockNumber = 5,
        BlockHash = "0xb1",
        GasUsed = 100_000,
        At = DateTimeOffset.UnixEpoch,
    };
}
