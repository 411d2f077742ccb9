using CsCheck;
using MongoDB.Bson;

namespace Platform.EmbeddedMongo.Tests;

/// <summary>A plan is only a faster way to what a scan finds.</summary>
public sealed class PlanTests : IDisposable
{
    private static readonly string[] Indexes =
    [
        "{key: {a: 1}, name: '1'}",
        "{key: {a: -1, b: 1}, name: '2'}",
        "{key: {'a.c': 1, b: -1}, name: '3'}",
        "{key: {b: 1}, name: '4', sparse: true}",
        "{key: {'b.c': -1}, name: '5', sparse: true}",
        "{key: {b: 1, a: 1}, name: '6', partialFilterExpression: {a: {$gt: 1}}}",
        "{key: {'a.c': 1}, name: '7', partialFilterExpression: {'a.c': {$exists: true}}}",
        "{key: {b: -1}, name: '8'}",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("embedded-mongo-").FullName;
    private readonly Store _store;
    private int _collections;

    public PlanTests() => _store = Store.Open(new EmbeddedMongoOptions
    {
        Path = Path.Combine(_folder, "store.db"),
        FullSync = false,
    });

    public void Dispose()
    {
        _store.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Finds_by_any_index_what_a_scan_finds() =>
        await Gen.Select(
            Generators.Document.Array[0, 25],
            Gen.OneOfConst(Indexes).Array[1, 3],
            Gen.Select(Generators.Filter, Generators.Sort, Gen.Int[0, 4], Gen.Int[1, 6]).Array[15])
            .SampleAsync(
                async (documents, indexes, queries) =>
                {
                    var name = await ACollectionAsync(documents, indexes.Distinct());
                    foreach (var (filter, sort, skip, limit) in queries)
                    {
                        Compare(name, filter, sort, skip, limit);
                    }
                },
                iter: 250,
                threads: 1);

    [Fact]
    public async Task Keeps_indexes_and_documents_together_through_changes() =>
        await Gen.Select(Generators.Document.Array[1, 10], Generators.Document.Array[1, 10], Gen.Int[0, 9]).SampleAsync(
            async (before, after, deleted) =>
            {
                var name = await ACollectionAsync(before, Indexes);
                await _store.WriteAsync(session =>
                {
                    var collection = session.Catalog.Find(name)!;
                    var found = session.Find(collection, Filter.Everything, null, null, NoDeadline());
                    for (var i = 0; i < found.Count; i++)
                    {
                        var changed = new BsonDocument("_id", i).AddRange(after[i % after.Length]).ToBson();
                        session.Update(collection, found[i].Rid, found[i].Document, changed);
                        if (i == deleted)
                        {
                            session.Delete(collection, found[i].Rid, changed);
                        }
                    }
                });
                Assert.Empty(_store.Read((sqlite, catalog) => Consistency.Check(sqlite, catalog.Find(name)!)));
            },
            iter: 150,
            threads: 1);

    [Fact]
    public async Task Counts_an_equality_prefix_from_index_keys_alone()
    {
        var name = await ACollectionAsync(
            [.. Enumerable.Range(0, 50).Select(static n => new BsonDocument { ["a"] = n % 2 == 0 ? "x" : "y", ["b"] = n % 5 })],
            ["{key: {a: 1, b: 1}, name: 'n'}"]);

        // Without its documents, only the index can know.
        await _store.WriteAsync(session => session.Run($"DELETE FROM c{session.Catalog.Find(name)!.Id}"));

        Assert.Equal(5, Count(name, "{a: 'x', b: 3}"));
        Assert.Equal(25, Count(name, "{a: 'y'}"));
        Assert.Equal(10, Count(name, "{a: 'x', b: {$in: [1, 3, 3]}}"));
        Assert.Equal(15, Count(name, "{a: 'x', b: {$gte: 2, $lt: 10}}"));
        Assert.Equal(0, Count(name, "{a: 'x', b: 3, c: 1}"));
    }

    [Theory]
    [InlineData("{'p.at': {$exists: true, $lt: ISODate('2026-01-01')}}", true)]
    [InlineData("{'p.at': {$lt: ISODate('2026-01-01')}}", true)]
    [InlineData("{'p.at': {$exists: true}}", true)]
    [InlineData("{'p.at': null}", false)]
    [InlineData("{'p.at': {$exists: false}}", false)]
    [InlineData("{}", false)]
    public async Task Takes_a_partial_index_only_for_queries_that_imply_it(string filter, bool takes)
    {
        var name = await ACollectionAsync(
            [new BsonDocument("p", new BsonArray { new BsonDocument("at", DateTime.UnixEpoch) })],
            ["{key: {'p.at': 1}, name: 'p', partialFilterExpression: {'p.at': {$exists: true}}}"]);

        var plan = Planner.Choose(_store.Catalog.Find(name)!, Parse(BsonDocument.Parse(filter)), null);

        Assert.Equal(takes ? "p" : null, plan.Index?.Name);
    }

    private long Count(Namespace name, string filter) => _store.Read((sqlite, catalog) =>
        new Query(sqlite, catalog.Find(name)!, Parse(BsonDocument.Parse(filter)), null, NoDeadline()).Count(0, null));

    private void Compare(Namespace name, BsonDocument filter, BsonDocument? sort, int skip, int limit)
    {
        var parsed = Parse(filter);
        var fields = sort?.Select(static one => new KeyField(new FieldPath(one.Name), one.Value.AsInt32 < 0)).ToList();
        _store.Read((sqlite, catalog) =>
        {
            var collection = catalog.Find(name)!;
            var planned = new Query(sqlite, collection, parsed, fields, NoDeadline());
            var scanned = new Query(
                sqlite, collection, parsed, fields, NoDeadline(), new Plan { Sorted = fields is null });
            var expected = scanned.ToList(null);
            var found = planned.ToList(null);
            var shown = $"{filter} {sort} by {planned.Plan.Index?.Name}";
            Assert.True(expected.Select(static one => one.Rid).Order().SequenceEqual(found.Select(static one => one.Rid).Order()), shown);
            Assert.True(Keys(expected, fields).SequenceEqual(Keys(found, fields)), "order of " + shown);
            Assert.Equal(Math.Min(Math.Max(0, expected.Count - skip), limit), planned.Count(skip, limit));
            Assert.True(Keys(expected, fields).Take(limit).SequenceEqual(Keys(planned.ToList(limit), fields)), shown);
            Assert.True(InBatches(sqlite, collection, parsed, fields).Order()
                .SequenceEqual(expected.Select(static one => one.Rid).Order()), "batches of " + shown);
            return 0;
        });
    }

    private static List<long> InBatches(Sqlite sqlite, Collection collection, Filter filter, List<KeyField>? sort)
    {
        var query = new Query(sqlite, collection, filter, sort, NoDeadline());
        if (!query.Plan.Sorted)
        {
            return [.. query.ToList(null).Select(static one => one.Rid)];
        }

        var position = new ScanPosition();
        var found = new List<long>();
        while (query.Run(position, (rid, _) =>
        {
            found.Add(rid);
            return found.Count % 2 != 0;
        }))
        {
            Assert.True(found.Count < 1000);
        }

        return found;
    }

    private static List<string> Keys(List<(long Rid, byte[] Document)> found, List<KeyField>? sort) => sort is null
        ? []
        : [.. found.Select(one => Convert.ToHexString(new KeyPattern(sort).SortKey(one.Document)))];

    private async Task<Namespace> ACollectionAsync(BsonDocument[] documents, IEnumerable<string> indexes)
    {
        var name = new Namespace("tests", $"c{Interlocked.Increment(ref _collections)}");
        await _store.WriteAsync(session =>
        {
            var collection = session.Create(name);
            foreach (var index in indexes)
            {
                collection = session.AddIndex(
                    collection, Index.Parse(collection.NextIndex, Generators.Raw(BsonDocument.Parse(index))));
            }

            for (var i = 0; i < documents.Length; i++)
            {
                session.Insert(collection, new BsonDocument("_id", i).AddRange(documents[i]).ToBson());
            }
        });
        return name;
    }

    private static Filter Parse(BsonDocument filter) => FilterParser.Parse(Generators.Raw(filter));

    private static Deadline NoDeadline() => new(TimeProvider.System, null);
}
