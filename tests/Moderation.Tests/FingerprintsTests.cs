using CsCheck;
using MongoDB.Driver;
using Platform.Mongo;
using static Platform.Moderation.Tests.Situations;

namespace Platform.Moderation.Tests;

public sealed class FingerprintsTests(ModerationHost host)
{
    private Fingerprints Fingerprints => host.Get<Fingerprints>();

    [Fact]
    public async Task Finds_every_earlier_hash_within_the_distance_and_none_beyond()
    {
        var campaign = ACampaign();
        var original = await SeeAsync(campaign, 0x0123_4567_89AB_CDEF);
        var flips = Gen.Int[0, 63].HashSet[0, 12];

        foreach (var bits in flips.Array[60].Single())
        {
            var hash = bits.Aggregate(original.Appearance.Hash.Bits, (current, bit) => current ^ (1UL << bit));
            var other = new Sighting(AnId(), 0, campaign, ALook(hash), Fingerprints.LargestDistance);
            var nearest = await Fingerprints.FindOriginalAsync(other, default);

            Assert.Equal(bits.Count <= Fingerprints.LargestDistance, nearest == original.AssetId);
            await ForgetAsync(other);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(7)]
    public async Task The_distance_itself_is_still_near(int distance)
    {
        var campaign = ACampaign();
        var original = await SeeAsync(campaign, 0);

        // Spread evenly, so that no band is spared.
        var near = Enumerable.Range(0, distance).Aggregate(0UL, (bits, index) => bits | (1UL << (index * 16 % 64) << (index / 4)));
        var within = new Sighting(AnId(), 0, campaign, ALook(near), distance);
        var beyond = new Sighting(AnId(), 0, campaign, ALook(near | (1UL << 63)), distance);

        Assert.Equal(original.AssetId, await Fingerprints.FindOriginalAsync(within, default));
        await ForgetAsync(within);
        Assert.Null(await Fingerprints.FindOriginalAsync(beyond, default));
    }

    [Fact]
    public async Task The_first_wins_however_often_both_are_looked_at_again()
    {
        var campaign = ACampaign();
        var first = await SeeAsync(campaign, 42);
        var second = await SeeAsync(campaign, 43);

        for (var time = 0; time < 3; time++)
        {
            Assert.Equal(first.AssetId, await Fingerprints.FindOriginalAsync(second, default));
            Assert.Null(await Fingerprints.FindOriginalAsync(first, default));
        }
    }

    [Fact]
    public async Task Of_many_at_once_exactly_one_is_the_first()
    {
        var campaign = ACampaign();
        var alike = Enumerable.Range(0, 64).Select(_ => new Sighting(AnId(), 0, campaign, ALook(7), 2)).ToList();

        var originals = await Task.WhenAll(alike.Select(each => Fingerprints.FindOriginalAsync(each, default)));

        var first = Assert.Single(alike, each => originals[alike.IndexOf(each)] is null);
        Assert.All(originals.Where(each => each is not null), original => Assert.Equal(first.AssetId, original));
    }

    [Fact]
    public async Task Campaigns_do_not_see_each_others_pictures()
    {
        await SeeAsync(ACampaign(), 99);

        Assert.Null(await Fingerprints.FindOriginalAsync(new(AnId(), 0, ACampaign(), ALook(99), 7), default));
    }

    [Fact]
    public async Task A_newer_iteration_takes_the_place_of_the_older_and_counts_from_now()
    {
        var campaign = ACampaign();
        var first = await SeeAsync(campaign, 0xFF00);
        var second = await SeeAsync(campaign, 0xFFFF_FFFF_0000);
        var refined = first with { Iteration = 1, Appearance = second.Appearance };

        Assert.Equal(second.AssetId, await Fingerprints.FindOriginalAsync(refined, default));
        Assert.Null(await Fingerprints.FindOriginalAsync(second, default));
        Assert.Null(await Fingerprints.FindOriginalAsync(new(AnId(), 0, campaign, first.Appearance, 2), default));
    }

    [Fact]
    public async Task The_same_shapes_in_other_colours_are_no_duplicate()
    {
        var campaign = ACampaign();
        await SeeAsync(campaign, 77);

        Assert.Null(await Fingerprints.FindOriginalAsync(new(AnId(), 0, campaign, ALook(77, grey: 90), 7), default));
        Assert.NotNull(await Fingerprints.FindOriginalAsync(new(AnId(), 0, campaign, ALook(77, grey: 103), 7), default));
    }

    private static Appearance ALook(ulong hash, byte grey = 100) =>
        new(4, new(hash), Colours.Read([.. Enumerable.Repeat(grey, 192)]));

    private async Task<Sighting> SeeAsync(string campaign, ulong hash)
    {
        var sighting = new Sighting(AnId(), 0, campaign, ALook(hash), 7);
        await Fingerprints.FindOriginalAsync(sighting, default);
        return sighting;
    }

    private Task ForgetAsync(Sighting sighting) => host.Get<ServiceDatabase<ModerationService>>()
        .Collection<MongoDB.Bson.BsonDocument>("fingerprints")
        .DeleteOneAsync(new MongoDB.Bson.BsonDocument(
            "_id", new MongoDB.Bson.BsonBinaryData(sighting.AssetId, MongoDB.Bson.GuidRepresentation.Standard)));
}
