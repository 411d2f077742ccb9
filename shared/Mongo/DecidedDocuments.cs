using System.Diagnostics;
using System.Text.Json;
using System.Threading.Channels;
using MongoDB.Driver;

namespace Platform.Mongo;

/// <summary>Documents of deciders: state and announcement are one write, published afterwards, pulled last.</summary>
/// <remarks>
/// A crash between the write and the publish leaves the message in the document, and the relay announces it; a crash
/// between the publish and the pull announces it twice, which every consumer is safe against.
/// </remarks>
public sealed partial class DecidedDocuments<TId, TState>(
    IMongoCollection<Decided<TId, TState>> collection, IAnnouncer announcer, TimeProvider clock) : IRelayed
    where TId : notnull
    where TState : class
{
    private readonly Channel<(TId Id, Guid[] Messages)> pulls =
        Channel.CreateUnbounded<(TId, Guid[])>(new UnboundedChannelOptions { SingleReader = true });

    public IMongoCollection<Decided<TId, TState>> Collection => collection;

    public async Task EnsureIndexesAsync(CancellationToken cancellation) =>
        await collection.Indexes.CreateOneAsync(
            new CreateIndexModel<Decided<TId, TState>>(
                Builders<Decided<TId, TState>>.IndexKeys.Ascending("pending.at"),
                new CreateIndexOptions<Decided<TId, TState>>
                {
                    Name = "pending",
                    PartialFilterExpression = Builders<Decided<TId, TState>>.Filter.Exists("pending.at"),
                }),
            cancellationToken: cancellation);

    public async Task<TState?> FindAsync(TId id, CancellationToken cancellation) =>
        (await LoadAsync(id, cancellation))?.State;

    /// <summary>Decides on the newest state, again when another writer was first, and announces what was decided.</summary>
    /// <param name="decide">Pure: it may run more than once.</param>
    public async Task<TState> DecideAsync(
        TId id, Func<TState?, Decision<TState>> decide, CancellationToken cancellation)
    {
        while (true)
        {
            var current = await LoadAsync(id, cancellation);
            var decision = decide(current?.State);

            if (current is not null && ReferenceEquals(current.State, decision.State))
            {
                await AnnounceAsync(id, current.Version, decision, cancellation);
                return decision.State;
            }

            var next = ToDocument(id, (current?.Version ?? 0) + 1, decision, current?.Pending ?? []);
            if (await TrySaveAsync(current, next, cancellation))
            {
                await AnnounceAndPullAsync(next, decision, cancellation);
                return decision.State;
            }
        }
    }

    /// <summary>Writes first decisions, many in one command; what exists already is left as it is.</summary>
    /// <returns>The ids that were new.</returns>
    public async Task<IReadOnlySet<TId>> AddAsync(
        IReadOnlyList<(TId Id, Decision<TState> Decision)> decisions, CancellationToken cancellation)
    {
        var added = await InsertAsync(decisions, cancellation);
        foreach (var (document, decision) in added)
        {
            await AnnounceAndPullAsync(document, decision, cancellation);
        }

        return added.Select(each => each.Document.Id).ToHashSet();
    }

    private async Task<Decided<TId, TState>?> LoadAsync(TId id, CancellationToken cancellation) =>
        await collection.Find(document => document.Id.Equals(id)).FirstOrDefaultAsync(cancellation);

    private async Task<bool> TrySaveAsync(
        Decided<TId, TState>? current, Decided<TId, TState> next, CancellationToken cancellation)
    {
        if (current is null)
        {
            try
            {
                await collection.InsertOneAsync(next, cancellationToken: cancellation);
                return true;
            }
            catch (MongoWriteException exception)
                when (exception.WriteError.Category == ServerErrorCategory.DuplicateKey)
            {
                // The id is taken: decide on what is there. Anything else that is unique and taken is the caller's to know.
                if (await LoadAsync(next.Id, cancellation) is null)
                {
                    throw;
                }

                return false;
            }
        }

        var filter = Builders<Decided<TId, TState>>.Filter;
        var saved = await collection.ReplaceOneAsync(
            filter.Eq(document => document.Id, next.Id) & filter.Eq(document => document.Version, current.Version),
            next,
            cancellationToken: cancellation);
        return saved.MatchedCount == 1;
    }

    private async Task AnnounceAndPullAsync(
        Decided<TId, TState> document, Decision<TState> decision, CancellationToken cancellation)
    {
        if (decision.Announcements.Count == 0)
        {
            return;
        }

        try
        {
            var announced = await AnnounceAsync(document.Id, document.Version, decision, cancellation);
            pulls.Writer.TryWrite((document.Id, announced));
        }
        catch (NotAnnouncedException)
        {
            // It is written: the relay announces it when the bus is back, and whoever decided need not wait for that.
        }
    }

    private async Task<Guid[]> AnnounceAsync(
        TId id, long version, Decision<TState> decision, CancellationToken cancellation)
    {
        var ids = new Guid[decision.Announcements.Count];
        for (var ordinal = 0; ordinal < ids.Length; ordinal++)
        {
            var message = decision.Announcements[ordinal];
            ids[ordinal] = MessageId(id, version, message.GetType(), ordinal);
            await announcer.AnnounceAsync(message, ids[ordinal], decision.TraceParent ?? Activity.Current?.Id, cancellation);
        }

        return ids;
    }

    private Decided<TId, TState> ToDocument(
        TId id, long version, Decision<TState> decision, IReadOnlyList<PendingMessage> pending) => new()
        {
            Id = id,
            Version = version,
            State = decision.State,
            Pending = [.. pending, .. Pend(id, version, decision)],
        };

    private PendingMessage[] Pend(TId id, long version, Decision<TState> decision) =>
        [.. decision.Announcements.Select((message, ordinal) => new PendingMessage
        {
            Id = MessageId(id, version, message.GetType(), ordinal),
            Type = $"{message.GetType().FullName}, {message.GetType().Assembly.GetName().Name}",
            Body = JsonSerializer.Serialize(message, message.GetType()),
            TraceParent = decision.TraceParent ?? Activity.Current?.Id,
            At = clock.GetUtcNow(),
        })];

    private static Guid MessageId(TId id, long version, Type type, int ordinal) =>
        DerivedGuid.From($"{id}|{version}|{type.FullName}|{ordinal}");
}
