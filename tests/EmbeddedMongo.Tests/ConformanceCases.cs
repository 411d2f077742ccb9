namespace Platform.EmbeddedMongo.Tests;

/// <summary>What MongoDB answers, as data: documents to begin with, a command, the reply.</summary>
public static class ConformanceCases
{
    public const string Sort = "sort";
    public const string Filter = "filter";
    public const string Update = "update";
    public const string Refusal = "refusal";

    /// <summary>Filter, documents by their `_id`, and the `_id`s it meets.</summary>
    public static TheoryData<string, string, string> Filters() => new()
    {
        { "{a: 1}", "[{a: 1}, {a: 1.0}, {a: [1, 2]}, {a: [[1]]}, {a: '1'}, {}]", "[0, 1, 2]" },
        { "{a: null}", "[{}, {a: null}, {a: [null]}, {a: []}, {a: 1}]", "[0, 1, 2]" },
        { "{'a.b': null}", "[{a: [{c: 1}]}, {a: []}, {a: [1, 2]}, {}, {a: {}}, {a: {b: 1}}]", "[0, 3, 4]" },
        { "{'a.b': {$exists: false}}", "[{a: []}, {a: [1, 2]}, {a: [{b: 1}]}, {}]", "[0, 1, 3]" },
        { "{a: {$gte: 3}}", "[{a: 3}, {a: 4.5}, {a: '5'}, {a: true}, {a: NumberLong(7)}, {a: NaN}]", "[0, 1, 4]" },
        { "{a: {$lt: 3}}", "[{a: 2}, {a: null}, {}, {a: NaN}, {a: -Infinity}]", "[0, 4]" },
        { "{a: {$gte: null}}", "[{}, {a: null}, {a: 1}]", "[0, 1]" },
        { "{a: NaN}", "[{a: NaN}, {a: 1}, {}]", "[0]" },
        { "{a: {$gt: 3, $lt: 8}}", "[{a: [1, 10]}, {a: 5}, {a: [1, 2]}]", "[0, 1]" },
        { "{a: {$elemMatch: {$gt: 3, $lt: 8}}}", "[{a: [1, 10]}, {a: [5]}, {a: 5}]", "[1]" },
        { "{a: [1, 2]}", "[{a: [1, 2]}, {a: [[1, 2], 3]}, {a: [2, 1]}, {a: [1, 2, 3]}]", "[0, 1]" },
        { "{'a.0': 1}", "[{a: [1, 2]}, {a: [2, 1]}, {a: [[1, 2], 3]}, {a: {'0': 1}}]", "[0, 3]" },
        { "{'a.1.b': 1}", "[{a: [{b: 0}, {b: 1}]}, {a: [{b: 1}]}]", "[0]" },
        { "{a: {b: 1, c: 2}}", "[{a: {b: 1, c: 2}}, {a: {c: 2, b: 1}}, {a: {b: 1}}]", "[0]" },
        { "{'a.b': 1}", "[{a: {b: 1}}, {a: [{b: 1}, {b: 2}]}, {a: [{b: [1]}]}, {a: [[{b: 1}]]}]", "[0, 1, 2]" },
        { "{a: {$ne: 1}}", "[{a: 1}, {a: [1, 2]}, {a: 2}, {}]", "[2, 3]" },
        { "{a: {$in: [1, null]}}", "[{a: 1}, {}, {a: 2}, {a: [3, 1]}]", "[0, 1, 3]" },
        { "{a: {$nin: [1, 2]}}", "[{a: 1}, {a: 3}, {a: [2]}, {}]", "[1, 3]" },
        { "{a: {$in: []}}", "[{a: 1}, {}]", "[]" },
        { "{$or: [{a: 1}, {b: 1}]}", "[{a: 1}, {b: 1}, {c: 1}]", "[0, 1]" },
        { "{$nor: [{a: 1}, {b: 1}]}", "[{a: 1}, {b: 1}, {c: 1}]", "[2]" },
        { "{$and: [{a: 1}, {b: 1}]}", "[{a: 1}, {a: 1, b: 1}]", "[1]" },
        { "{a: {$not: {$gt: 3}}}", "[{a: 2}, {a: 4}, {}, {a: [1, 5]}]", "[0, 2]" },
        { "{a: {$exists: true}}", "[{a: null}, {}, {a: []}]", "[0, 2]" },
        { "{a: {$type: 'number'}}", "[{a: 1}, {a: 1.5}, {a: '1'}, {a: [1]}, {a: NumberLong(1)}]", "[0, 1, 3, 4]" },
        { "{a: {$type: ['string', 10]}}", "[{a: null}, {a: 'x'}, {a: 1}, {}]", "[0, 1]" },
        { "{a: {$type: 'array'}}", "[{a: []}, {a: 1}, {a: [[1]]}]", "[0, 2]" },
        { "{a: {$size: 2}}", "[{a: [1, 2]}, {a: [[1, 2]]}, {a: 2}]", "[0]" },
        { "{a: {$all: [1, 2]}}", "[{a: [2, 3, 1]}, {a: [1]}, {a: 1}]", "[0]" },
        { "{a: {$all: []}}", "[{a: []}, {a: [1]}, {}]", "[]" },
        { "{a: {$elemMatch: {b: 1, c: {$gt: 1}}}}", "[{a: [{b: 1, c: 1}, {b: 2, c: 2}]}, {a: [{b: 1, c: 2}]}]", "[1]" },
        { "{a: {$elemMatch: {$in: [1, 2]}}}", "[{a: [1]}, {a: [3]}, {a: 1}]", "[0]" },
        { "{a: {$gt: {b: 1}}}", "[{a: {b: 2}}, {a: {b: 0}}, {a: 5}]", "[0]" },
        { "{a: {$gt: true}}", "[{a: true}, {a: false}, {a: 2}]", "[]" },
        { "{a: NumberDecimal('0.1')}", "[{a: NumberDecimal('0.10')}, {a: 0.1}]", "[0]" },
        { "{a: NumberLong('9007199254740993')}", "[{a: NumberLong('9007199254740993')}, {a: 9007199254740992.0}]", "[0]" },
        { "{a: {$lt: ''}}", "[{a: 'x'}, {a: 1}]", "[]" },
        { "{a: {$gte: MinKey}}", "[{a: 1}, {a: null}]", "[0, 1]" },
    };

    /// <summary>Sort, documents by their `_id`, and the order of their `_id`s.</summary>
    public static TheoryData<string, string, string> Sorts() => new()
    {
        { "{a: 1}", "[{a: 2}, {a: 'x'}, {a: null}, {}, {a: {}}, {a: true}, {a: -1}]", "[2, 3, 6, 0, 1, 4, 5]" },
        { "{a: -1}", "[{a: 2}, {a: 'x'}, {a: 5.5}, {a: true}]", "[3, 1, 2, 0]" },
        { "{a: 1}", "[{a: [5, 1]}, {a: 2}, {a: [0, 9]}]", "[2, 0, 1]" },
        { "{a: -1}", "[{a: [5, 1]}, {a: 6}, {a: [0, 9]}]", "[2, 1, 0]" },
        { "{a: 1, b: -1}", "[{a: 1, b: 1}, {a: 0, b: 3}, {a: 1, b: 2}]", "[1, 2, 0]" },
        { "{'a.b': 1}", "[{a: {b: 2}}, {a: [{b: 3}, {b: 1}]}, {a: {b: 4}}]", "[1, 0, 2]" },
        { "{a: 1}", "[{a: 'b'}, {a: 'B'}, {a: 'a'}, {a: ''}]", "[3, 1, 2, 0]" },
        { "{a: 1}", "[{a: 1}, {a: NaN}, {a: -Infinity}, {a: NumberLong(-5)}]", "[1, 2, 3, 0]" },
        { "{a: 1}", "[{a: UUID('00000000-0000-0000-0000-000000000002')}, {a: HexData(0, 'ff')}]", "[1, 0]" },
    };

    /// <summary>A document, an update of it, and what it becomes; nothing when it is not modified.</summary>
    public static TheoryData<string, string, string?> Updates() => new()
    {
        { "{a: 1}", "{$set: {b: 2}}", "{a: 1, b: 2}" },
        { "{a: 1}", "{$set: {a: 1}}", null },
        { "{a: 1}", "{$set: {a: NumberLong(1)}}", "{a: NumberLong(1)}" },
        { "{a: 1}", "{$set: {}}", null },
        { "{}", "{$set: {'a.b.c': 1}}", "{a: {b: {c: 1}}}" },
        { "{a: {x: 1}}", "{$set: {'a.y': 2}}", "{a: {x: 1, y: 2}}" },
        { "{a: [1, 2]}", "{$set: {'a.1': 5}}", "{a: [1, 5]}" },
        { "{a: [1]}", "{$set: {'a.3': 5}}", "{a: [1, null, null, 5]}" },
        { "{a: [{b: 1}]}", "{$set: {'a.0.b': 2}}", "{a: [{b: 2}]}" },
        { "{a: 1, b: 2}", "{$unset: {a: ''}}", "{b: 2}" },
        { "{a: [1, 2]}", "{$unset: {'a.0': ''}}", "{a: [null, 2]}" },
        { "{a: 1}", "{$unset: {'b.c': ''}}", null },
        { "{a: 1}", "{$inc: {a: 2}}", "{a: 3}" },
        { "{}", "{$inc: {a: NumberLong(2)}}", "{a: NumberLong(2)}" },
        { "{a: 2147483647}", "{$inc: {a: 1}}", "{a: NumberLong('2147483648')}" },
        { "{a: 1}", "{$inc: {a: 1.5}}", "{a: 2.5}" },
        { "{a: NumberLong(1)}", "{$inc: {a: 1}}", "{a: NumberLong(2)}" },
        { "{a: 5}", "{$min: {a: 3}}", "{a: 3}" },
        { "{a: 5}", "{$min: {a: 7}}", null },
        { "{a: 5}", "{$max: {a: 'x'}}", "{a: 'x'}" },
        { "{}", "{$max: {a: 1}}", "{a: 1}" },
        { "{a: 1}", "{$rename: {a: 'b'}}", "{b: 1}" },
        { "{a: 1, b: 2}", "{$rename: {a: 'b'}}", "{b: 1}" },
        { "{b: {c: 1}}", "{$rename: {'b.c': 'd.e'}}", "{b: {}, d: {e: 1}}" },
        { "{b: 1}", "{$rename: {a: 'b'}}", null },
        { "{a: [1]}", "{$push: {a: 2}}", "{a: [1, 2]}" },
        { "{}", "{$push: {a: [2]}}", "{a: [[2]]}" },
        { "{a: [1]}", "{$push: {a: {$each: [2, 3], $position: 0}}}", "{a: [2, 3, 1]}" },
        { "{a: [1, 2]}", "{$push: {a: {$each: [3], $slice: -2}}}", "{a: [2, 3]}" },
        { "{a: [1, 2]}", "{$push: {a: {$each: [3], $slice: 1}}}", "{a: [1]}" },
        { "{a: [1, 2, 3]}", "{$push: {a: {$each: [9], $position: -1}}}", "{a: [1, 2, 9, 3]}" },
        { "{a: [1]}", "{$addToSet: {a: 1.0}}", null },
        { "{a: [1]}", "{$addToSet: {a: {$each: [1, 2, 2]}}}", "{a: [1, 2]}" },
        { "{a: [{x: 1}]}", "{$addToSet: {a: {x: 1}}}", null },
        { "{a: [1, 2, 1]}", "{$pull: {a: 1}}", "{a: [2]}" },
        { "{a: [1, 5, 9]}", "{$pull: {a: {$gte: 5}}}", "{a: [1]}" },
        { "{a: [{_id: 1}, {_id: 2}, 3]}", "{$pull: {a: {_id: {$in: [2, 3]}}}}", "{a: [{_id: 1}, 3]}" },
        { "{a: [{b: 1, c: 2}, {b: 1, c: 3}]}", "{$pull: {a: {b: 1, c: 3}}}", "{a: [{b: 1, c: 2}]}" },
        { "{a: [1]}", "{$pull: {b: 1}}", null },
        { "{a: [1, 2, 3, 1]}", "{$pullAll: {a: [1, 3]}}", "{a: [2]}" },
        { "{a: [1, 2, 3]}", "{$pop: {a: 1}}", "{a: [1, 2]}" },
        { "{a: [1, 2, 3]}", "{$pop: {a: -1}}", "{a: [2, 3]}" },
        { "{a: []}", "{$pop: {a: 1}}", null },
        { "{a: 1}", "{$setOnInsert: {b: 1}}", null },
        { "{a: 1}", "{b: 2}", "{b: 2}" },
        { "{a: 1}", "{a: 1}", null },
        { "{a: 1, d: 1}", "{$set: {c: 1, b: 1}, $inc: {a: 1}}", "{a: 2, d: 1, b: 1, c: 1}" },
        { "{a: 1}", "{$set: {_id: 0}}", null },
    };

    /// <summary>Filter, update and what an upsert makes of them.</summary>
    public static TheoryData<string, string, string> Upserts() => new()
    {
        { "{_id: 5, a: 1}", "{$set: {b: 2}}", "{_id: 5, a: 1, b: 2}" },
        { "{_id: 5, 'a.b': {$eq: 1}}", "{$setOnInsert: {c: 2}}", "{_id: 5, a: {b: 1}, c: 2}" },
        { "{_id: 5, a: {$in: [1]}, b: {$gt: 3}}", "{$inc: {n: 1}}", "{_id: 5, a: 1, n: 1}" },
        { "{$and: [{_id: 5}, {a: 1}]}", "{$push: {l: 1}}", "{_id: 5, a: 1, l: [1]}" },
        { "{_id: 5, a: 1}", "{b: 2}", "{_id: 5, b: 2}" },
        { "{a: 1}", "{_id: 6, b: 2}", "{_id: 6, b: 2}" },
        { "{a: 1}", "{$set: {_id: 7}}", "{_id: 7, a: 1}" },
        { "{_id: 5, a: {$in: [1, 2]}}", "{$set: {b: 1}}", "{_id: 5, b: 1}" },
    };

    /// <summary>Commands over a collection with `{_id: 1, a: 'x', l: [1]}` in it, and the code that refuses them.</summary>
    public static TheoryData<string, int> Refusals() => new()
    {
        { "{nonsense: 1}", 59 },
        { "{find: 'c', nonsense: 1}", 40415 },
        { "{find: 'c', filter: {a: {$nonsense: 1}}}", 2 },
        { "{find: 'c', filter: {$nonsense: 1}}", 2 },
        { "{find: 'c', filter: {a: {$in: 1}}}", 2 },
        { "{find: 'c', filter: {$or: []}}", 2 },
        { "{find: 'c', sort: {a: 2}}", 15975 },
        { "{find: 'c', projection: {a: 1, b: 0}}", 31254 },
        { "{find: 'c', projection: {a: 0, b: 1}}", 31253 },
        { "{getMore: NumberLong(12345), collection: 'c'}", 43 },
        { "{listIndexes: 'nothing'}", 26 },
        { "{dropIndexes: 'c', index: 'nothing'}", 27 },
        { "{createIndexes: 'c', indexes: [{key: {other: 1}, name: 'present'}]}", 86 },
        { "{createIndexes: 'c', indexes: [{key: {a: 'x'}, name: 'n', nonsense: 1}]}", 197 },
        { "{findAndModify: 'c', query: {_id: 1}, update: {$inc: {a: 1}}}", 14 },
    };

    /// <summary>Updates of that document and the code of their write error.</summary>
    public static TheoryData<string, int> RefusedUpdates() => new()
    {
        { "{$set: {b: 1, 'b.c': 2}}", 40 },
        { "{$set: {b: 1}, $inc: {b: 1}}", 40 },
        { "{$set: {'a.b': 1}}", 28 },
        { "{$set: {'l.x': 1}}", 28 },
        { "{$inc: {a: 1}}", 14 },
        { "{$inc: {b: 'x'}}", 14 },
        { "{$push: {a: 1}}", 2 },
        { "{$addToSet: {a: 1}}", 2 },
        { "{$pull: {a: 1}}", 2 },
        { "{$pop: {a: 1}}", 14 },
        { "{$nonsense: {a: 1}}", 9 },
        { "{$set: {_id: 2}}", 66 },
        { "{_id: 2}", 66 },
        { "{$set: {'': 1}}", 56 },
        { "{$set: 1}", 9 },
        { "{$rename: {a: 1}}", 2 },
    };
}
