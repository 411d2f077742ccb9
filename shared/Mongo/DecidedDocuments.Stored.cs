using System.Threading.Channels;
using MongoDB.Driver;

namespace Platform.Mongo;

/// <summary>Decisions whose deciders do not wait for the bus: stored now, announced by a loop of the service's own.</summary>
/// <remarks>
/// What is stored and not yet announced is kept in memory too, so a caller bounds how much it stores ahead of the bus.
/// Whatever an announcement fails by, the message is in its document, and the relay announces it.
/// </remarks>
public sealed partial class DecidedDocuments<TId, TState>
{
    private readonly Channel<(Decided<TId, TState> Document, Decision<TState> Decision)> stored =
        Channel.CreateUnbounded<(Decided<TId, TState>, Decision<TState>)>(new UnboundedChannelOptions { SingleReader = true });

    /// <summary>Writes first decisions as <see cref="AddAsync"/> does, and returns when they are durable.</summary>
    /// <returns>The ids that were new.</returns>
    public async Task<IReadOnlySet<TId>> StoreAsync(
        IReadOnlyList<(TId Id, Decision<TState> Decision)> decisions, CancellationToken cancellation)
    {
        var added = await InsertAsync(decisions, cancellation);
        AnnounceLater(added);
        return added.Select(each => each.Document.Id).ToHashSet();
    }

    /// <summary>Writes next decisions on documents as they were read, many in one command, and returns when they are durable.</summary>
    /// <param name="decisions">Each announces something: by its message a decision is known among others'.</param>
    /// <returns>The ids decided so; a document that another writer changed meanwhile is left as it is.</returns>
    public async Task<IReadOnlySet<TId>> StoreAsync(
        IReadOnlyList<(Decided<TId, TState> Current, Decision<TState> Decision)> decisions, CancellationToken cancellation)
    {
        if (decisions.Count == 0)
        {
            return new HashSet<TId>();
        }

        var where = Builders<Decided<TId, TState>>.Filter;
        var next = decisions.Select(each => (
            Document: ToDocument(each.Current.Id, each.Current.Version + 1, each.Decision, each.Current.Pending),
            each.Decision)).ToList();
        var saved = await collection.BulkWriteAsync(
            next.Select(each => new ReplaceOneModel<Decided<TId, TState>>(
                where.Eq("Id", each.Document.Id) & where.Eq("Version", each.Document.Version - 1), each.Document)),
            new BulkWriteOptions { IsOrdered = false },
            cancellation);
        if (saved.MatchedCount < next.Count)
        {
            // Which of them is not said. Another writer may have decided the same: announcing it twice is harmless.
            var found = await collection.Find(where.In("Id", next.Select(each => each.Document.Id))).ToListAsync(cancellation);
            var pending = found.ToDictionary(
                each => each.Id, each => each.Pending.Select(message => (message.Id, message.Body)).ToHashSet());
            next.RemoveAll(each => !pending.TryGetValue(each.Document.Id, out var messages)
                || !each.Document.Pending.All(message => messages.Contains((message.Id, message.Body))));
        }

        AnnounceLater(next);
        return next.Select(each => each.Document.Id).ToHashSet();
    }

    /// <summary>Announces what was stored, as it comes, until an announcement fails or it is cancelled.</summary>
    /// <param name="atOnce">Announcements under way at one time.</param>
    public Task AnnounceStoredAsync(int atOnce, CancellationToken cancellation) => Parallel.ForEachAsync(
        stored.Reader.ReadAllAsync(cancellation),
        new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = cancellation },
        async (each, token) => await AnnounceAndPullAsync(each.Document, each.Decision, token));

    private void AnnounceLater(IEnumerable<(Decided<TId, TState> Document, Decision<TState> Decision)> decided)
    {
        foreach (var each in decided)
        {
            if (each.Decision.Announcements.Count > 0)
            {
                stored.Writer.TryWrite(each);
            }
        }
    }

    /// <summary>What exists already is left as it is, and is not among the answers.</summary>
    private async Task<IReadOnlyList<(Decided<TId, TState> Document, Decision<TState> Decision)>> InsertAsync(
        IReadOnlyList<(TId Id, Decision<TState> Decision)> decisions, CancellationToken cancellation)
    {
        var documents = decisions
            .DistinctBy(each => each.Id) // the first of a repeated id, as if they came one by one
            .Select(each => (Document: ToDocument(each.Id, 1, each.Decision, []), each.Decision))
            .ToList();
        if (documents.Count == 0)
        {
            return documents;
        }

        try
        {
            await collection.InsertManyAsync(
                documents.Select(each => each.Document), new InsertManyOptions { IsOrdered = false }, cancellation);
        }
        catch (MongoBulkWriteException<Decided<TId, TState>> exception)
            when (exception.WriteErrors.All(error => error.Category == ServerErrorCategory.DuplicateKey))
        {
            foreach (var error in exception.WriteErrors.OrderByDescending(error => error.Index))
            {
                documents.RemoveAt(error.Index);
            }
        }

        return documents;
    }
}
