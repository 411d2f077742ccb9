namespace Platform.EmbeddedMongo.Tests;

/// <summary>Compares the tables of every index with the keys its documents make.</summary>
internal static class Consistency
{
    public static List<string> Check(Sqlite sqlite, Collection collection)
    {
        var wrong = new List<string>();
        foreach (var index in collection.Indexes)
        {
            var expected = new HashSet<string>();
            using (var scan = new Scan(sqlite, collection, new Plan(), new ScanPosition()))
            {
                while (scan.MoveNext())
                {
                    foreach (var key in index.Keys(scan.Document).Keys)
                    {
                        expected.Add($"{Convert.ToHexString(key)} {scan.Rid}");
                    }
                }
            }

            using var command = sqlite.Command($"SELECT key, rid FROM c{collection.Id}_{index.Id}");
            using var rows = command.ExecuteReader();
            var found = new HashSet<string>();
            while (rows.Read())
            {
                found.Add($"{Convert.ToHexString((byte[])rows[0])} {rows.GetInt64(1)}");
            }

            if (!found.SetEquals(expected))
            {
                wrong.Add($"{index.Name}: {found.Except(expected).Count()} too many, {expected.Except(found).Count()} missing");
            }
        }

        return wrong;
    }
}
