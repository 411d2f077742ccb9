using System.Collections.Concurrent;

namespace Platform.EmbeddedMongo;

/// <summary>Runs every write on one thread, many to a commit, and acknowledges them when the commit is on disk.</summary>
internal sealed class Writer : IDisposable
{
    /// <summary>Commands a commit: what waits together is flushed together.</summary>
    private const int MaxBatch = 512;

    private readonly Sqlite _sqlite;
    private readonly Func<Catalog> _load;
    private readonly BlockingCollection<Job> _queue = [];
    private readonly Thread _thread;
    private volatile Catalog _catalog;

    public Writer(Sqlite sqlite, Func<Catalog> load)
    {
        _sqlite = sqlite;
        _load = load;
        _catalog = load();
        _thread = new Thread(Loop) { IsBackground = true, Name = "EmbeddedMongo writer" };
        _thread.Start();
    }

    public Catalog Catalog => _catalog;

    public Task RunAsync(Action<WriteSession> work)
    {
        var job = new Job(work);
        try
        {
            _queue.Add(job);
        }
        catch (InvalidOperationException)
        {
            throw new MongoError(ErrorCode.ShutdownInProgress, "The server is shutting down");
        }

        return job.Done.Task;
    }

    public void Dispose()
    {
        _queue.CompleteAdding();
        _thread.Join();
        _sqlite.Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        _sqlite.Dispose();
        _queue.Dispose();
    }

    private void Loop()
    {
        var batch = new List<Job>(MaxBatch);
        while (!_queue.IsCompleted)
        {
            batch.Clear();
            if (!_queue.TryTake(out var first, Timeout.Infinite))
            {
                return;
            }

            batch.Add(first);
            while (batch.Count < MaxBatch && _queue.TryTake(out var next))
            {
                batch.Add(next);
            }

            RunBatch(batch);
        }
    }

    /// <remarks>
    /// Whatever breaks here (a full disk, a fault of ours) undoes the whole batch and is told to each of its callers:
    /// none of them was acknowledged. A refusal by <see cref="MongoError"/> is an answer, not a fault.
    /// </remarks>
    private void RunBatch(List<Job> batch)
    {
        try
        {
            _sqlite.ExecuteKept("BEGIN IMMEDIATE");
            var session = new WriteSession(_sqlite, _catalog);
            foreach (var job in batch)
            {
                job.Run(session);
            }

            _sqlite.ExecuteKept("COMMIT");
            _catalog = session.Catalog;
        }
        catch (Exception error)
        {
            Undo(batch, error);
            return;
        }

        foreach (var job in batch)
        {
            job.Acknowledge();
        }
    }

    private void Undo(List<Job> batch, Exception error)
    {
        try
        {
            _sqlite.RollBack();

            // Flags and definitions as they are on disk; connections drop their statements with the count.
            _catalog = _load() with { Drops = _catalog.Drops + 1 };
            _sqlite.Follow(_catalog);
        }
        catch (Exception second)
        {
            error = new AggregateException(error, second);
        }

        foreach (var job in batch)
        {
            job.Done.TrySetException(error);
        }
    }

    private sealed class Job(Action<WriteSession> work)
    {
        private MongoError? _refusal;

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Run(WriteSession session)
        {
            try
            {
                work(session);
            }
            catch (MongoError refusal)
            {
                _refusal = refusal;
            }
        }

        public void Acknowledge()
        {
            if (_refusal is null)
            {
                Done.TrySetResult();
            }
            else
            {
                Done.TrySetException(_refusal);
            }
        }
    }
}
