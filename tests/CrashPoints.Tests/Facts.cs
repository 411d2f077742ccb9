using MongoDB.Bson;
using MongoDB.Driver;
using Platform.Chain;

namespace Platform.CrashPoints.Tests;

/// <summary>What must be true of an asset at its end, read from the stores and the chain as they lie there.</summary>
internal static class Facts
{
    private static readonly Hash32 Transfer = Keccak.Hash256("Transfer(address,address,uint256)"u8);

    private static readonly (string Service, string Collection)[] Outboxes =
        [("campaigns", "admissions"), ("moderation", "cases"), ("minting", "batches")];

    private static FilterDefinitionBuilder<BsonDocument> Where => Builders<BsonDocument>.Filter;

    public static async Task<BsonDocument?> AdmissionOfAsync(World world, string recipient) =>
        await world.Raw("campaigns", "admissions").Find(Where.Eq("state.recipient", recipient)).FirstOrDefaultAsync();

    public static Guid IdOf(BsonDocument document) => document["_id"].AsGuid;

    public static async Task<bool> IsWaitingAsync(World world, Guid assetId) =>
        await CountAsync(world, "moderation", "cases", Where.Eq("_id", ToBson(assetId)) & Where.Eq("state._t", "Waiting")) == 1;

    /// <summary>The first thing that is not as it must be; null when everything is.</summary>
    public static async Task<string?> LackAsync(World world, string recipient, Ending ending)
    {
        var admissions = await world.Raw("campaigns", "admissions").Find(Where.Eq("state.recipient", recipient)).ToListAsync();
        if (admissions.Count != 1)
        {
            return $"{admissions.Count} admissions of {recipient}";
        }

        var outcome = admissions[0]["state"]["outcome"].AsString;
        if (outcome != ending.ToString())
        {
            return $"campaigns says {outcome} at stage {admissions[0]["state"]["stage"]} of {IdOf(admissions[0])}";
        }

        return await CountsLackAsync(world, IdOf(admissions[0]), ending)
            ?? await TokenLackAsync(world, recipient, ending, admissions[0]["state"].AsBsonDocument)
            ?? await PendingLackAsync(world);
    }

    /// <summary>Messages that were decided and are not known to be on the bus.</summary>
    public static async Task<string?> PendingLackAsync(World world)
    {
        foreach (var (service, collection) in Outboxes)
        {
            if (await CountAsync(world, service, collection, Where.Exists("pending.at")) is > 0 and var pending)
            {
                return $"{pending} documents of {service}.{collection} have messages pending";
            }
        }

        return null;
    }

    public static Task<long> CountAsync(World world, string service, string collection, FilterDefinition<BsonDocument> filter) =>
        world.Raw(service, collection).CountDocumentsAsync(filter);

    /// <summary>Every token that anybody minted for a recipient; for nobody in particular where that is null.</summary>
    public static async Task<IReadOnlyList<Log>> MintsAsync(World world, string? recipient) => await world.Chain.Chain.GetLogsAsync(
        new LogFilter
        {
            Topics = recipient is null ? [[Transfer], [Hash32.Zero]] : [[Transfer], [Hash32.Zero], [Topic(recipient)]],
            FromBlock = BlockTag.Number(0),
            ToBlock = BlockTag.Latest,
        },
        default);

    public static FilterDefinition<BsonDocument> ById(Guid id) => Where.Eq("_id", ToBson(id));

    /// <summary>Whether the world holds so much of everything, and nothing beside it.</summary>
    public static async Task<string?> TotalLackAsync(World world, int admitted, int minted)
    {
        (string Service, string Collection, long Expected)[] totals =
        [
            ("campaigns", "admissions", admitted),
            ("generation", "generations", admitted),
            ("moderation", "cases", admitted),
            ("storage", "pins", minted),
            ("minting", "orders", minted),
            ("royalty_indexer", "tokens", minted),
            ("minting", "transactions", await NonceAsync(world)),
        ];
        foreach (var (service, collection, expected) in totals)
        {
            if (await CountAsync(world, service, collection, Where.Empty) is var found && found != expected)
            {
                return $"{found} documents in {service}.{collection} at the end, not {expected}";
            }
        }

        var told = (await ToldAsync(world, Where.Empty)).Count;
        if (told != minted)
        {
            return $"{told} transfers in the token feed at the end, not {minted}";
        }

        var tokens = (await MintsAsync(world, null)).Count;
        return tokens == minted ? null : $"{tokens} tokens on chain at the end, not {minted}";
    }

    /// <summary>Transfers of the token feed, as far as readers may see it: past the checkpoint lie leftovers of crashes.</summary>
    private static async Task<IReadOnlyList<BsonDocument>> ToldAsync(World world, FilterDefinition<BsonDocument> which)
    {
        var checkpoint = await world.Raw("royalty_indexer", "checkpoint").Find(Where.Empty).FirstOrDefaultAsync();
        return await world.Raw("royalty_indexer", "feed").Find(
            which & Where.Eq("kind", "Transferred") & Where.Lte("_id", checkpoint?["sequence"].AsInt64 ?? 0)).ToListAsync();
    }

    private static async Task<long> NonceAsync(World world) =>
        (long)await world.Chain.Chain.GetTransactionCountAsync(world.Minter, BlockTag.Latest, default);

    private static BsonBinaryData ToBson(Guid id) => new(id, GuidRepresentation.Standard);

    private static Hash32 Topic(string address)
    {
        var topic = new byte[32];
        Address.Parse(address).WriteTo(topic.AsSpan(12));
        return new Hash32(topic);
    }

    private static async Task<string?> CountsLackAsync(World world, Guid assetId, Ending ending)
    {
        var id = ToBson(assetId);
        var goesOn = ending == Ending.Minted ? 1 : 0;
        (string Service, string Collection, FilterDefinition<BsonDocument> Filter, int Expected)[] counts =
        [
            ("generation", "generations", Where.Eq("_id", id), 1),
            ("moderation", "cases", Where.Eq("_id", id) & Where.Eq("state._t", goesOn == 1 ? "Approved" : "Rejected"), 1),
            ("storage", "pins", Where.Eq("_id", id), goesOn),
            ("minting", "orders", Where.Eq("_id", id), goesOn),
            ("minting", "orders", Where.Eq("_id", id) & Where.Eq("state", "Minted"), goesOn),
            ("minting", "batches", Where.Eq("state.seal.members", id), goesOn),
            ("minting", "batches", Where.Eq("state.seal.members", id) & Where.Eq("state._t", "Final"), goesOn),
        ];
        foreach (var (service, collection, filter, expected) in counts)
        {
            if (await CountAsync(world, service, collection, filter) is var found && found != expected)
            {
                var index = Array.FindIndex(counts, each => ReferenceEquals(each.Filter, filter));
                return $"{found} of {expected} in {service}.{collection} (fact {index}) of {assetId}";
            }
        }

        return null;
    }

    private static async Task<string?> TokenLackAsync(World world, string recipient, Ending ending, BsonDocument admission)
    {
        var mints = await MintsAsync(world, recipient);
        var expected = ending == Ending.Minted ? 1 : 0;
        if (mints.Count != expected)
        {
            return $"{mints.Count} tokens on chain for {recipient}, not {expected}";
        }

        var indexed = await ToldAsync(world, Where.Eq("transfer.to", recipient));
        var held = await world.Raw("royalty_indexer", "tokens").Find(Where.Eq("owner", recipient)).ToListAsync();
        if (indexed.Count != expected || held.Count != expected)
        {
            return $"the indexer knows {indexed.Count} transfers to and {held.Count} holdings of {recipient}, not {expected}";
        }

        if (expected == 0)
        {
            return null;
        }

        var token = (Contract: mints[0].Address.ToString(), TokenId: $"{new System.Numerics.BigInteger(
            Hex.Decode(mints[0].Topics[3].ToString()).AsSpan(), isUnsigned: true, isBigEndian: true)}");
        return (held[0]["contract"].AsString, held[0]["tokenId"].AsString) != token
            ? $"the indexer says {held[0]["contract"]}/{held[0]["tokenId"]}, the chain {token}"
            : (admission["contract"].AsString, admission["tokenId"].AsString) != token
                ? $"campaigns says {admission["contract"]}/{admission["tokenId"]}, the chain {token}"
                : indexed[0]["transfer"]["_id"].AsString != $"{mints[0].BlockHash}/{mints[0].LogIndex}"
                    ? $"the indexer's transfer is {indexed[0]["transfer"]["_id"]}, the chain's {mints[0].BlockHash}/{mints[0].LogIndex}"
                    : null;
    }
}
