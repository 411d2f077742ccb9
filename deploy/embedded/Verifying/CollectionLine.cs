using Platform.Chain;
using Platform.Chain.Contracts;

namespace Platform.Embedded;

/// <summary>Whose collection it is, and whether its code is the one we know.</summary>
/// <remarks>
/// The canonical factory's address follows from its creation code (EIP-1014), and only that code can have put an
/// address into its records; so the factory's word says which code a collection runs, and a collection's own does not.
/// </remarks>
internal static class CollectionLine
{
    public static Line Of(CollectionOnChain collection, Address trusted) => new Judgement("collection")
        .Expect(
            collection.Factory == trusted,
            $"made by {collection.Factory}, not by {(trusted == CanonicalFactory.Address ? "the canonical" : "the named")} "
                + $"factory {trusted}: what its code does is unknown")
        .Expect(collection.IsOfFactory, $"the factory {collection.Factory} does not know it as its own")
        .Expect(
            collection.OfCampaign == collection.Contract,
            $"the factory's collection of creator {collection.Creator} and campaign {collection.CampaignId} is "
                + $"{collection.OfCampaign?.ToString() ?? "not told"}")
        .Conclude(() =>
            $"{collection.Name} ({collection.Symbol}), made by {(trusted == CanonicalFactory.Address ? "the canonical" : "the named")} "
            + $"factory {trusted}; creator {collection.Creator}, "
            + (collection.Owner.IsZero ? "without an owner" : $"owner {collection.Owner}")
            + $", campaign {collection.CampaignId}");
}
