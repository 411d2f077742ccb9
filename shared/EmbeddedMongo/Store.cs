using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Data.Sqlite;

namespace Platform.EmbeddedMongo;

/// <summary>The file, its one writer and its readers.</summary>
internal sealed class Store : IDisposable
{
    /// <summary>"Impr": tells our files from others.</summary>
    private const int ApplicationId = 0x496D7072;

    /// <summary>Raised by whatever an older program could not read.</summary>
    private const int FormatVersion = 1;

    private const int MaxAttempts = 10;

    private const int MaxIdleReaders = 16;

    private readonly string _path;
    private readonly bool _fullSync;
    private readonly FileStream _lock;
    private readonly ConcurrentStack<Sqlite> _readers = [];
    private readonly Writer _writer;

    private Store(EmbeddedMongoOptions options, FileStream @lock)
    {
        _path = options.Path;
        _fullSync = options.FullSync;
        _lock = @lock;
        var sqlite = new Sqlite(_path, _fullSync);
        try
        {
            Prepare(sqlite);
            _writer = new Writer(sqlite, () => Load(sqlite));
        }
        catch
        {
            sqlite.Dispose();
            throw;
        }
    }

    public Catalog Catalog => _writer.Catalog;

    public static Store Open(EmbeddedMongoOptions options)
    {
        var file = StoreLock.Take(options.Path);
        try
        {
            return new Store(options, file);
        }
        catch (SqliteException error)
        {
            file.Dispose();
            throw new EmbeddedMongoException(
                error.SqliteErrorCode == SQLitePCL.raw.SQLITE_NOTADB
                    ? $"{options.Path} is not a store of EmbeddedMongo; move it away or name another file."
                    : $"{options.Path} could not be opened: {error.Message}",
                error);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public Task WriteAsync(Action<WriteSession> work) => _writer.RunAsync(work);

    /// <summary>Reads on a connection of its own; what was dropped in between is looked up once more.</summary>
    public T Read<T>(Func<Sqlite, Catalog, T> read)
    {
        for (var attempt = 0; ; attempt++)
        {
            var reader = _readers.TryPop(out var idle) ? idle : new Sqlite(_path, _fullSync);
            try
            {
                var catalog = Catalog;
                reader.Follow(catalog);
                return read(reader, catalog);
            }
            catch (SqliteException error) when (attempt < MaxAttempts && IsGone(error))
            {
                // The next round sees the catalog without it.
            }
            catch (StalePlanException) when (attempt < MaxAttempts)
            {
                // The next round plans with the flag up.
            }
            finally
            {
                Return(reader);
            }
        }
    }

    /// <summary>A table was dropped between the plan and the reading.</summary>
    public static bool IsGone(SqliteException error) =>
        error.Message.Contains("no such table", StringComparison.Ordinal);

    public void Dispose()
    {
        while (_readers.TryPop(out var reader))
        {
            reader.Dispose();
        }

        _writer.Dispose();
        _lock.Dispose();
    }

    private void Return(Sqlite reader)
    {
        if (_readers.Count < MaxIdleReaders)
        {
            _readers.Push(reader);
        }
        else
        {
            reader.Dispose();
        }
    }

    private void Prepare(Sqlite sqlite)
    {
        var application = sqlite.Scalar<long>("PRAGMA application_id");
        var version = sqlite.Scalar<long>("PRAGMA user_version");
        var isNew = sqlite.Scalar<long>("SELECT count(*) FROM sqlite_master") == 0 && application == 0;
        if (!isNew && application != ApplicationId)
        {
            throw new EmbeddedMongoException(
                $"{_path} is a database of another program; move it away or name another file.");
        }

        if (!isNew && version != FormatVersion)
        {
            throw new EmbeddedMongoException(
                $"{_path} was written in format {version}, this program reads format {FormatVersion}: start the "
                + "program that wrote it, or move the file away to begin with an empty store.");
        }

        sqlite.Execute("PRAGMA journal_mode = WAL");
        sqlite.Execute("PRAGMA wal_autocheckpoint = 8000");
        if (isNew)
        {
            sqlite.Execute($"""
                BEGIN IMMEDIATE;
                CREATE TABLE collections(id INTEGER PRIMARY KEY AUTOINCREMENT, db TEXT NOT NULL, name TEXT NOT NULL,
                    next_index INTEGER NOT NULL, UNIQUE(db, name));
                CREATE TABLE indexes(collection INTEGER NOT NULL, id INTEGER NOT NULL, spec BLOB NOT NULL,
                    multikey INTEGER NOT NULL, PRIMARY KEY(collection, id)) WITHOUT ROWID;
                PRAGMA application_id = {ApplicationId};
                PRAGMA user_version = {FormatVersion};
                COMMIT;
                """);
        }
    }

    private static Catalog Load(Sqlite sqlite)
    {
        var indexes = new List<(int Collection, Index Index)>();
        using (var command = sqlite.Command("SELECT collection, id, spec, multikey FROM indexes ORDER BY collection, id"))
        using (var rows = command.ExecuteReader())
        {
            while (rows.Read())
            {
                var index = Index.Parse(rows.GetInt32(1), new RawValue(BsonType.Document, (byte[])rows[2]));
                index.Multikey = rows.GetInt32(3) != 0;
                indexes.Add((rows.GetInt32(0), index));
            }
        }

        var collections = ImmutableSortedDictionary.CreateBuilder<Namespace, Collection>(Catalog.Order);
        using var all = sqlite.Command("SELECT id, db, name, next_index FROM collections");
        using var found = all.ExecuteReader();
        while (found.Read())
        {
            var name = new Namespace(found.GetString(1), found.GetString(2));
            var id = found.GetInt32(0);
            collections.Add(name, new Collection(
                id,
                name,
                [.. indexes.Where(one => one.Collection == id).Select(static one => one.Index)],
                found.GetInt32(3)));
        }

        return new Catalog(collections.ToImmutable(), 0);
    }
}
