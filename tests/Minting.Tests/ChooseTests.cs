using Platform.Chain;
using static Platform.Minting.Tests.Workshop;

namespace Platform.Minting.Tests;

public sealed class ChooseTests
{
    [Fact]
    public void Takes_recipients_in_strictly_ascending_order_of_their_bytes()
    {
        var chosen = SealBatches.Choose([.. Enumerable.Range(0, 300).Select(_ => Queued())], 1_000);

        Address[] recipients = [.. chosen.Select(order => Address.Parse(order.Recipient))];
        Assert.Equal(300, recipients.Length);
        Assert.All(recipients.Skip(1).Zip(recipients), pair => Assert.True(pair.First > pair.Second));
    }

    [Fact]
    public void Leaves_a_recipients_second_token_to_a_later_batch()
    {
        var first = Queued();
        var second = Queued(first.Recipient);
        var third = Queued(first.Recipient.ToLowerInvariant()); // the same account, however it is written
        var other = Queued();

        var chosen = SealBatches.Choose([first, second, third, other], 1_000);

        Assert.Equal(new[] { first, other }.OrderBy(order => Address.Parse(order.Recipient)), chosen);
    }

    [Fact]
    public void Takes_those_that_wait_longest_when_there_are_more_than_fit()
    {
        MintOrder[] queued = [.. Enumerable.Range(0, 10).Select(_ => Queued())];

        var chosen = SealBatches.Choose(queued, 4);

        Assert.Equivalent(queued[..4].Select(order => order.Id), chosen.Select(order => order.Id), strict: true);
    }

    [Fact]
    public void Chooses_nobody_of_nobody() => Assert.Empty(SealBatches.Choose([], 10));

    [Fact]
    public void A_batch_id_is_the_Keccak_256_of_the_ordered_asset_ids_in_network_order()
    {
        var one = Guid.Parse("00112233-4455-8677-8899-aabbccddeeff");
        var two = Guid.Parse("ffeeddcc-bbaa-8988-b766-554433221100");

        Assert.Equal(
            Keccak.Hash256(Convert.FromHexString("00112233445586778899aabbccddeeffffeeddccbbaa8988b766554433221100")),
            BatchId.Of([one, two]));
        Assert.NotEqual(BatchId.Of([one, two]), BatchId.Of([two, one]));
    }

    private static MintOrder Queued(string? recipient = null) => AnOrder("spring", DateTimeOffset.UnixEpoch, recipient);
}
