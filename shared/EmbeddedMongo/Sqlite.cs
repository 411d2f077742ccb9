using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Platform.EmbeddedMongo;

/// <summary>The statements that are run again and again, one of each kind a table.</summary>
internal enum Statement
{
    InsertDocument,
    UpdateDocument,
    DeleteDocument,
    FindDocument,
    ScanDocuments,
    CountDocuments,
    InsertKey,
    DeleteKey,
    FindKey,
    Forwards,
    Backwards,
    CountKeys,
    CountDistinct,
}

/// <summary>A connection of SQLite with its prepared statements; used by one thread at a time.</summary>
/// <remarks>Statements are reset after each use: one left open would hold its snapshot and pin the log.</remarks>
internal sealed class Sqlite : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Dictionary<(int Collection, int Index, Statement Kind), sqlite3_stmt> _statements = [];
    private readonly Dictionary<string, sqlite3_stmt> _others = [];
    private int _drops;

    public Sqlite(string path, bool fullSync)
    {
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Pooling = false,
        }.ToString());
        _connection.Open();
        Execute("PRAGMA busy_timeout = 5000");
        Execute($"PRAGMA synchronous = {(fullSync ? "FULL" : "NORMAL")}");
        Execute("PRAGMA temp_store = MEMORY");
        Execute("PRAGMA cache_size = -16000");
    }

    private sqlite3 Handle => _connection.Handle!;

    public long LastRowId => raw.sqlite3_last_insert_rowid(Handle);

    public void Execute(string sql, params ReadOnlySpan<object?> values)
    {
        using var command = Command(sql, values);
        command.ExecuteNonQuery();
    }

    public T Scalar<T>(string sql)
    {
        using var command = Command(sql);
        return (T)command.ExecuteScalar()!;
    }

    /// <summary>Runs a statement of the transaction, kept prepared.</summary>
    public void ExecuteKept(string sql)
    {
        if (!_others.TryGetValue(sql, out var statement))
        {
            _others[sql] = statement = Compile(sql);
        }

        Run(statement);
    }

    public void RollBack()
    {
        // SQLite may have ended the transaction itself, as it does when the disk is full.
        if (raw.sqlite3_get_autocommit(Handle) == 0)
        {
            Execute("ROLLBACK");
        }
    }

    public SqliteCommand Command(string sql, params ReadOnlySpan<object?> values)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters.AddWithValue($"${i + 1}", values[i] ?? DBNull.Value);
        }

        return command;
    }

    public sqlite3_stmt Prepare(int collection, int index, Statement kind)
    {
        if (!_statements.TryGetValue((collection, index, kind), out var statement))
        {
            statement = Compile(Sql(collection, index, kind));
            _statements.Add((collection, index, kind), statement);
        }

        return statement;
    }

    /// <summary>Forgets all statements if something was dropped since the last time.</summary>
    public void Follow(Catalog catalog)
    {
        if (_drops != catalog.Drops)
        {
            _drops = catalog.Drops;
            Finish();
        }
    }

    /// <returns>Whether there is a row.</returns>
    public bool Step(sqlite3_stmt statement) => raw.sqlite3_step(statement) switch
    {
        raw.SQLITE_ROW => true,
        raw.SQLITE_DONE => false,
        var code => throw new SqliteException(raw.sqlite3_errmsg(Handle).utf8_to_string(), code),
    };

    /// <summary>Runs a statement that has no rows to give.</summary>
    public void Run(sqlite3_stmt statement)
    {
        try
        {
            Step(statement);
        }
        finally
        {
            _ = raw.sqlite3_reset(statement);
        }
    }

    public static void Bind(sqlite3_stmt statement, int position, ReadOnlySpan<byte> value)
    {
        // An empty span would bind NULL.
        _ = value.IsEmpty
            ? raw.sqlite3_bind_zeroblob(statement, position, 0)
            : raw.sqlite3_bind_blob(statement, position, value);
    }

    public static void Bind(sqlite3_stmt statement, int position, long value) =>
        _ = raw.sqlite3_bind_int64(statement, position, value);

    public void Dispose()
    {
        Finish();
        foreach (var statement in _others.Values)
        {
            statement.Dispose();
        }

        _connection.Dispose();
    }

    private void Finish()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
        }

        _statements.Clear();
    }

    private sqlite3_stmt Compile(string sql)
    {
        var code = raw.sqlite3_prepare_v3(Handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out var statement);
        return code == raw.SQLITE_OK
            ? statement
            : throw new SqliteException(raw.sqlite3_errmsg(Handle).utf8_to_string(), code);
    }

    private static string Sql(int c, int i, Statement kind) => kind switch
    {
        Statement.InsertDocument => $"INSERT INTO c{c}(doc) VALUES(?1)",
        Statement.UpdateDocument => $"UPDATE c{c} SET doc = ?2 WHERE rid = ?1",
        Statement.DeleteDocument => $"DELETE FROM c{c} WHERE rid = ?1",
        Statement.FindDocument => $"SELECT doc FROM c{c} WHERE rid = ?1",
        Statement.ScanDocuments => $"SELECT doc, rid FROM c{c} WHERE rid > ?1 ORDER BY rid",
        Statement.CountDocuments => $"SELECT count(*) FROM c{c}",
        Statement.InsertKey => $"INSERT INTO c{c}_{i}(key, rid) VALUES(?1, ?2)",
        Statement.DeleteKey => $"DELETE FROM c{c}_{i} WHERE key = ?1 AND rid = ?2",
        Statement.FindKey => $"SELECT rid FROM c{c}_{i} WHERE key = ?1",
        Statement.Forwards =>
            $"SELECT d.doc, i.rid, i.key FROM c{c}_{i} i CROSS JOIN c{c} d ON d.rid = i.rid "
            + "WHERE (i.key, i.rid) > (?1, ?3) AND i.key < ?2 ORDER BY i.key, i.rid",
        Statement.Backwards =>
            $"SELECT d.doc, i.rid, i.key FROM c{c}_{i} i CROSS JOIN c{c} d ON d.rid = i.rid "
            + "WHERE (i.key, i.rid) < (?2, ?3) AND i.key >= ?1 ORDER BY i.key DESC, i.rid DESC",
        Statement.CountKeys => $"SELECT count(*) FROM c{c}_{i} WHERE key >= ?1 AND key < ?2",
        _ => $"SELECT DISTINCT rid FROM c{c}_{i} WHERE key >= ?1 AND key < ?2",
    };
}
