using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Platform.EmbeddedMongo;

/// <summary>A query whose documents are fetched in batches; between two of them it holds nothing of the store.</summary>
internal sealed class Cursor
{
    /// <summary>A batch ends behind the document that reaches this.</summary>
    private const int MaxBatchBytes = Documents.MaxLength;

    private readonly ScanPosition _position = new();
    private List<(long Rid, byte[] Document)>? _sorted;
    private int _next;
    private long _given;
    private Plan? _plan;

    public required Namespace Name { get; init; }

    public required int CollectionId { get; init; }

    public required Filter Filter { get; init; }

    public IReadOnlyList<KeyField>? Sort { get; init; }

    public Projection? Projection { get; init; }

    public long Skip { get; set; }

    public long? Limit { get; init; }

    public long LastUse { get; set; }

    /// <returns>Whether there may be more.</returns>
    public bool WriteBatch(Sqlite sqlite, Collection collection, long batchSize, Deadline deadline, BsonWriter reply)
    {
        if (batchSize == 0)
        {
            return true;
        }

        var query = new Query(sqlite, collection, Filter, Sort, deadline, _plan);
        var batch = new Batch(this, batchSize, reply);
        if (query.Plan.Sorted)
        {
            var more = query.Run(_position, (_, document) => batch.Add(document)) && _given != Limit;

            // Kept only now: a plan found stale by its first reading is made anew.
            _plan = query.Plan;
            return more;
        }

        _sorted ??= query.ToList(Limit + Skip);
        _plan = query.Plan;
        while (_next < _sorted.Count)
        {
            var (_, document) = _sorted[_next];
            _sorted[_next++] = default;
            if (!batch.Add(document))
            {
                return _given != Limit && _next < _sorted.Count;
            }
        }

        return false;
    }

    private sealed class Batch(Cursor cursor, long size, BsonWriter reply)
    {
        private readonly int _start = reply.Length;
        private int _count;

        /// <returns>Whether another one may follow.</returns>
        public bool Add(ReadOnlySpan<byte> document)
        {
            if (cursor.Skip > 0)
            {
                cursor.Skip--;
                return true;
            }

            reply.Name(BsonType.Document, _count++);
            if (cursor.Projection is null)
            {
                reply.Raw(document);
            }
            else
            {
                cursor.Projection.Write(reply, document);
            }

            return ++cursor._given != cursor.Limit && _count != size && reply.Length - _start < MaxBatchBytes;
        }
    }
}

/// <summary>The cursors clients have open.</summary>
internal sealed class Cursors(TimeProvider clock)
{
    private static readonly TimeSpan MaxIdle = TimeSpan.FromMinutes(10);
    private readonly ConcurrentDictionary<long, Cursor> _open = [];

    public int Count => _open.Count;

    public long Add(Cursor cursor)
    {
        long id;
        do
        {
            id = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(8)) & long.MaxValue;
            cursor.LastUse = clock.GetTimestamp();
        }
        while (id == 0 || !_open.TryAdd(id, cursor));

        return id;
    }

    public void PutBack(long id, Cursor cursor)
    {
        cursor.LastUse = clock.GetTimestamp();
        _open[id] = cursor;
    }

    /// <summary>Takes the cursor out, so that nobody else uses it at the same time.</summary>
    public Cursor? Take(long id) => _open.TryRemove(id, out var cursor) ? cursor : null;

    public void CloseIdle()
    {
        foreach (var (id, cursor) in _open)
        {
            if (clock.GetElapsedTime(cursor.LastUse) > MaxIdle)
            {
                _open.TryRemove(id, out _);
            }
        }
    }
}
