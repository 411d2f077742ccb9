using SQLitePCL;

namespace Platform.EmbeddedMongo;

/// <summary>Where a scan stands: nothing is held open between two of its parts.</summary>
internal sealed class ScanPosition
{
    public int Range { get; set; }

    public byte[]? Key { get; set; }

    public long Rid { get; set; } = long.MinValue;

    /// <summary>What a multikey index gave already.</summary>
    public HashSet<long>? Seen { get; set; }
}

/// <summary>Walks the documents of a plan from a position on.</summary>
internal sealed class Scan(Sqlite sqlite, Collection collection, Plan plan, ScanPosition position) : IDisposable
{
    private sqlite3_stmt? _statement;
    private bool _resumes = position.Rid != long.MinValue;

    public long Rid { get; private set; }

    /// <summary>Valid until the next move.</summary>
    public ReadOnlySpan<byte> Document => raw.sqlite3_column_blob(_statement, 0);

    public bool MoveNext()
    {
        while (true)
        {
            if (_statement is null && !Open())
            {
                return false;
            }

            if (!sqlite.Step(_statement!))
            {
                Close();
                position.Range++;
                continue;
            }

            Rid = raw.sqlite3_column_int64(_statement, 1);
            if (plan.Index is not { Multikey: true } || (position.Seen ??= []).Add(Rid))
            {
                return true;
            }
        }
    }

    /// <summary>Leaves the scan so that another one goes on behind the current document.</summary>
    public void Keep()
    {
        position.Rid = Rid;
        if (plan.Index is not null && _statement is not null)
        {
            position.Key = raw.sqlite3_column_blob(_statement, 2).ToArray();
        }
    }

    public void Dispose() => Close();

    private bool Open()
    {
        if (plan.Index is null)
        {
            if (position.Range > 0)
            {
                return false;
            }

            _statement = sqlite.Prepare(collection.Id, 0, Statement.ScanDocuments);
            Sqlite.Bind(_statement, 1, position.Rid);
            return true;
        }

        if (position.Range >= plan.Ranges.Count)
        {
            return false;
        }

        var (from, to) = plan.Ranges[position.Range];
        var kind = plan.Backwards ? Statement.Backwards : Statement.Forwards;
        _statement = sqlite.Prepare(collection.Id, plan.Index.Id, kind);
        var rid = long.MinValue; // before every entry of the key it is compared with, in both directions
        if (_resumes)
        {
            (from, to, rid) = plan.Backwards ? (from, position.Key!, position.Rid) : (position.Key!, to, position.Rid);
            _resumes = false;
        }

        Sqlite.Bind(_statement, 1, from);
        Sqlite.Bind(_statement, 2, to);
        Sqlite.Bind(_statement, 3, rid);
        return true;
    }

    private void Close()
    {
        if (_statement is not null)
        {
            _ = raw.sqlite3_reset(_statement);
            _statement = null;
        }
    }
}
