using SQLitePCL;

namespace Platform.EmbeddedMongo;

/// <summary>What commands may do while the writer's transaction is open.</summary>
/// <remarks>
/// There is one writer, so what was looked up stays true: unique keys are checked before anything is written, and an
/// operation that is refused has changed nothing. That is why there are no savepoints.
/// </remarks>
internal sealed class WriteSession(Sqlite sqlite, Catalog catalog)
{
    public Catalog Catalog { get; private set; } = catalog;

    public Collection GetOrCreate(Namespace name) => Catalog.Find(name) ?? Create(name);

    public Collection Create(Namespace name)
    {
        sqlite.Execute(
            "INSERT INTO collections(db, name, next_index) VALUES($1, $2, 1)", name.Database, name.Collection);
        var collection = new Collection((int)sqlite.LastRowId, name, [], 1);
        sqlite.Execute($"CREATE TABLE c{collection.Id}(rid INTEGER PRIMARY KEY, doc BLOB NOT NULL)");
        return AddIndex(collection, Index.ForId());
    }

    public void Drop(Collection collection)
    {
        foreach (var index in collection.Indexes)
        {
            sqlite.Execute($"DROP TABLE c{collection.Id}_{index.Id}");
        }

        sqlite.Execute($"DROP TABLE c{collection.Id}");
        sqlite.Execute($"DELETE FROM indexes WHERE collection = {collection.Id}");
        sqlite.Execute($"DELETE FROM collections WHERE id = {collection.Id}");
        Publish(Catalog.Without(collection));
    }

    /// <summary>Builds an index over what is there; a duplicate leaves nothing of it.</summary>
    public Collection AddIndex(Collection collection, Index index)
    {
        var table = $"c{collection.Id}_{index.Id}";
        sqlite.Execute(
            $"CREATE TABLE {table}(key BLOB NOT NULL, rid INTEGER NOT NULL, PRIMARY KEY(key, rid)) WITHOUT ROWID");
        try
        {
            Fill(collection, index);
        }
        catch (MongoError)
        {
            sqlite.Execute($"DROP TABLE {table}");
            throw;
        }

        sqlite.Execute(
            "INSERT INTO indexes(collection, id, spec, multikey) VALUES($1, $2, $3, $4)",
            collection.Id, index.Id, index.ToDocument(), index.Multikey ? 1 : 0);
        var next = index.Id + 1;
        sqlite.Execute($"UPDATE collections SET next_index = {next} WHERE id = {collection.Id}");
        var grown = collection with { Indexes = collection.Indexes.Add(index), NextIndex = next };
        Publish(Catalog.With(grown));
        return grown;
    }

    public Collection DropIndex(Collection collection, Index index)
    {
        sqlite.Execute($"DROP TABLE c{collection.Id}_{index.Id}");
        sqlite.Execute($"DELETE FROM indexes WHERE collection = {collection.Id} AND id = {index.Id}");
        var shrunk = collection with { Indexes = collection.Indexes.Remove(index) };
        Publish(Catalog.With(shrunk) with { Drops = Catalog.Drops + 1 });
        return shrunk;
    }

    public void Insert(Collection collection, ReadOnlySpan<byte> document)
    {
        Documents.Check(document);
        var keys = KeysOf(collection, document);
        CheckUnique(collection, keys, null, document);

        var insert = sqlite.Prepare(collection.Id, 0, Statement.InsertDocument);
        Sqlite.Bind(insert, 1, document);
        sqlite.Run(insert);
        var rid = sqlite.LastRowId;
        for (var i = 0; i < keys.Length; i++)
        {
            Remember(collection, collection.Indexes[i], keys[i]);
            foreach (var key in keys[i].Keys)
            {
                PutKey(collection, collection.Indexes[i], key, rid, Statement.InsertKey);
            }
        }
    }

    public void Update(Collection collection, long rid, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        Documents.Check(after);
        var old = KeysOf(collection, before);
        var keys = KeysOf(collection, after);
        CheckUnique(collection, keys, old, after);

        var update = sqlite.Prepare(collection.Id, 0, Statement.UpdateDocument);
        Sqlite.Bind(update, 1, rid);
        Sqlite.Bind(update, 2, after);
        sqlite.Run(update);
        for (var i = 0; i < keys.Length; i++)
        {
            var index = collection.Indexes[i];
            Remember(collection, index, keys[i]);
            PutMissing(collection, index, old[i], keys[i], rid, Statement.DeleteKey);
            PutMissing(collection, index, keys[i], old[i], rid, Statement.InsertKey);
        }
    }

    public void Delete(Collection collection, long rid, ReadOnlySpan<byte> document)
    {
        foreach (var index in collection.Indexes)
        {
            foreach (var key in index.Keys(document).Keys)
            {
                PutKey(collection, index, key, rid, Statement.DeleteKey);
            }
        }

        var delete = sqlite.Prepare(collection.Id, 0, Statement.DeleteDocument);
        Sqlite.Bind(delete, 1, rid);
        sqlite.Run(delete);
    }

    /// <summary>The documents a filter meets, in order, found before any of them is changed.</summary>
    /// <remarks>An update that moves a document along the index it was found by must not meet it again.</remarks>
    public List<(long Rid, byte[] Document)> Find(
        Collection collection, Filter filter, IReadOnlyList<KeyField>? sort, long? first, Deadline deadline) =>
        new Query(sqlite, collection, filter, sort, deadline).ToList(first);

    /// <summary>Anything else, inside the same transaction.</summary>
    public void Run(string sql) => sqlite.Execute(sql);

    private static KeySet[] KeysOf(Collection collection, ReadOnlySpan<byte> document)
    {
        var keys = new KeySet[collection.Indexes.Length];
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = collection.Indexes[i].Keys(document);
        }

        return keys;
    }

    private void CheckUnique(Collection collection, KeySet[] keys, KeySet[]? old, ReadOnlySpan<byte> document)
    {
        for (var i = 0; i < keys.Length; i++)
        {
            var index = collection.Indexes[i];
            if (!index.Unique)
            {
                continue;
            }

            foreach (var key in keys[i].Keys)
            {
                if ((old is null || !old[i].Contains(key)) && HasKey(collection, index, key))
                {
                    throw DuplicateKey.Of(collection.Name, index, key, document);
                }
            }
        }
    }

    private bool HasKey(Collection collection, Index index, byte[] key)
    {
        var find = sqlite.Prepare(collection.Id, index.Id, Statement.FindKey);
        Sqlite.Bind(find, 1, key);
        try
        {
            return sqlite.Step(find);
        }
        finally
        {
            _ = raw.sqlite3_reset(find);
        }
    }

    private void PutMissing(
        Collection collection, Index index, KeySet keys, KeySet others, long rid, Statement kind)
    {
        foreach (var key in keys.Keys)
        {
            if (!others.Contains(key))
            {
                PutKey(collection, index, key, rid, kind);
            }
        }
    }

    private void PutKey(Collection collection, Index index, byte[] key, long rid, Statement kind)
    {
        var statement = sqlite.Prepare(collection.Id, index.Id, kind);
        Sqlite.Bind(statement, 1, key);
        Sqlite.Bind(statement, 2, rid);
        sqlite.Run(statement);
    }

    private void Remember(Collection collection, Index index, KeySet keys)
    {
        if (keys.Multikey && !index.Multikey)
        {
            index.Multikey = true;
            sqlite.Execute($"UPDATE indexes SET multikey = 1 WHERE collection = {collection.Id} AND id = {index.Id}");
        }
    }

    private void Fill(Collection collection, Index index)
    {
        using var scan = new Scan(sqlite, collection, new Plan(), new ScanPosition());
        while (scan.MoveNext())
        {
            var keys = index.Keys(scan.Document);
            index.Multikey |= keys.Multikey;
            foreach (var key in keys.Keys)
            {
                if (index.Unique && HasKey(collection, index, key))
                {
                    throw DuplicateKey.Of(collection.Name, index, key, scan.Document);
                }

                PutKey(collection, index, key, scan.Rid, Statement.InsertKey);
            }
        }
    }

    private void Publish(Catalog changed)
    {
        Catalog = changed;
        sqlite.Follow(changed);
    }
}
