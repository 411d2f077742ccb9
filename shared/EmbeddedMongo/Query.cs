using SQLitePCL;

namespace Platform.EmbeddedMongo;

/// <summary>When a command must be done; looked at now and then.</summary>
internal sealed class Deadline(TimeProvider clock, TimeSpan? within)
{
    private const int Every = 100;
    private readonly long _start = clock.GetTimestamp();
    private int _checks;

    public void Check()
    {
        if (within is { } limit && ++_checks % Every == 0 && clock.GetElapsedTime(_start) > limit)
        {
            throw new MongoError(ErrorCode.MaxTimeMsExpired, "operation exceeded time limit");
        }
    }
}

/// <summary>An index became multikey between the choice of a plan and its first reading: choose again.</summary>
internal sealed class StalePlanException : Exception;

/// <summary>A filter, an order and the plan that serves them, on one connection.</summary>
internal sealed class Query(
    Sqlite sqlite,
    Collection collection,
    Filter filter,
    IReadOnlyList<KeyField>? sort,
    Deadline deadline,
    Plan? known = null)
{
    /// <summary>What a sort in memory may hold, as MongoDB has it.</summary>
    private const long MaxSortBytes = 100L * 1024 * 1024;

    private readonly Plan _plan = known ?? Planner.Choose(collection, filter, sort);

    /// <summary>Gives each document until the receiver returns false; then the position is behind that document.</summary>
    public delegate bool Receiver(long rid, ReadOnlySpan<byte> document);

    public Plan Plan => _plan;

    /// <returns>Whether the receiver stopped before the end.</returns>
    public bool Run(ScanPosition position, Receiver receive)
    {
        var isFirst = position.Rid == long.MinValue;
        using var scan = new Scan(sqlite, collection, _plan, position);
        if (!scan.MoveNext())
        {
            return false;
        }

        // The snapshot is taken by now: whatever flag it needs is up.
        if (isFirst && _plan.IsStale)
        {
            throw new StalePlanException();
        }

        do
        {
            deadline.Check();
            if ((_plan.Exact || filter.Matches(scan.Document)) && !receive(scan.Rid, scan.Document))
            {
                scan.Keep();
                return true;
            }
        }
        while (scan.MoveNext());

        return false;
    }

    /// <summary>The first documents in order; all without a number.</summary>
    public List<(long Rid, byte[] Document)> ToList(long? first)
    {
        if (sort is not null)
        {
            return SortedList(first);
        }

        var found = new List<(long, byte[])>();
        if (first == 0)
        {
            return found;
        }

        Run(new ScanPosition(), (rid, document) =>
        {
            found.Add((rid, document.ToArray()));
            return found.Count != first;
        });
        return found;
    }

    public long Count(long skip, long? limit)
    {
        var counted = _plan.Exact ? CountKeys() : CountDocuments(limit is { } most ? skip + most : null);
        return Math.Min(Math.Max(0, counted - skip), limit ?? long.MaxValue);
    }

    private List<(long Rid, byte[] Document)> SortedList(long? first)
    {
        var pattern = new KeyPattern(sort!);
        var found = new List<(byte[] Key, long Rid, byte[] Document)>();
        var bytes = 0L;
        var sorted = false;
        Run(new ScanPosition(), (rid, document) =>
        {
            if (first == 0)
            {
                return false;
            }

            if (_plan.Sorted)
            {
                sorted = true;
                found.Add(([], rid, document.ToArray()));
                return found.Count != first;
            }

            found.Add((pattern.SortKey(document), rid, document.ToArray()));
            bytes += document.Length + found[^1].Key.Length;
            if (first is { } most && found.Count > (2 * most) + 64)
            {
                Cut(found, (int)most);
                bytes = found.Sum(static one => (long)one.Document.Length + one.Key.Length);
            }

            return bytes <= MaxSortBytes
                ? true
                : throw new MongoError(
                    ErrorCode.QueryExceededMemoryLimit,
                    "Sort exceeded memory limit of 104857600 bytes; make an index or set a limit");
        });

        if (!sorted)
        {
            Cut(found, (int)Math.Min(first ?? int.MaxValue, int.MaxValue));
        }

        return [.. found.Select(static one => (one.Rid, one.Document))];
    }

    private static void Cut(List<(byte[] Key, long Rid, byte[] Document)> found, int length)
    {
        found.Sort(static (left, right) => left.Key.AsSpan().SequenceCompareTo(right.Key) is not 0 and var order
            ? order
            : left.Rid.CompareTo(right.Rid));
        if (found.Count > length)
        {
            found.RemoveRange(length, found.Count - length);
        }
    }

    private long CountKeys()
    {
        if (_plan.Index is not { } index)
        {
            return Number(sqlite.Prepare(collection.Id, 0, Statement.CountDocuments));
        }

        if (_plan.Multikey)
        {
            return CountDistinct(index);
        }

        var count = 0L;
        foreach (var (from, to) in _plan.Ranges)
        {
            var statement = sqlite.Prepare(collection.Id, index.Id, Statement.CountKeys);
            Sqlite.Bind(statement, 1, from);
            Sqlite.Bind(statement, 2, to);
            count += Number(statement);
        }

        // Looked at after the reading: a document with an array may have been counted twice.
        return _plan.IsStale ? throw new StalePlanException() : count;
    }

    private long CountDistinct(Index index)
    {
        var seen = new HashSet<long>();
        foreach (var (from, to) in _plan.Ranges)
        {
            var statement = sqlite.Prepare(collection.Id, index.Id, Statement.CountDistinct);
            Sqlite.Bind(statement, 1, from);
            Sqlite.Bind(statement, 2, to);
            try
            {
                while (sqlite.Step(statement))
                {
                    deadline.Check();
                    seen.Add(raw.sqlite3_column_int64(statement, 0));
                }
            }
            finally
            {
                _ = raw.sqlite3_reset(statement);
            }
        }

        return seen.Count;
    }

    private long CountDocuments(long? atMost)
    {
        var count = 0L;
        Run(new ScanPosition(), (_, _) => ++count != atMost);
        return count;
    }

    private long Number(sqlite3_stmt statement)
    {
        try
        {
            return sqlite.Step(statement) ? raw.sqlite3_column_int64(statement, 0) : 0;
        }
        finally
        {
            _ = raw.sqlite3_reset(statement);
        }
    }
}
