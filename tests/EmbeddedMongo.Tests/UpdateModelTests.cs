using CsCheck;
using MongoDB.Bson;

namespace Platform.EmbeddedMongo.Tests;

/// <summary>The operators of an update against the plainest words for them, on top-level fields.</summary>
public sealed class UpdateModelTests
{
    private static readonly Gen<BsonValue> Number = Gen.Int[0, 3].Select(static n => (BsonValue)n);

    private static readonly Gen<BsonValue> Value =
        Gen.OneOf(Number, Number.Array[0, 4].Select(static numbers => (BsonValue)new BsonArray(numbers)));

    private static readonly Gen<BsonDocument> Document = Value.Array[3].Select(static values => new BsonDocument
    {
        ["_id"] = 1,
        ["a"] = values[0],
        ["b"] = values[1],
    });

    private static readonly Gen<(string Name, BsonValue Argument)> Operation = Gen.OneOf(
        Gen.Select(Gen.OneOfConst("$set", "$min", "$max"), Value, static (name, value) => (name, value)),
        Gen.Select(Gen.OneOfConst("$inc", "$push", "$addToSet", "$pull"), Number, static (name, value) => (name, value)),
        Gen.OneOfConst(("$unset", (BsonValue)""), ("$pop", 1), ("$pop", -1)));

    [Fact]
    public void Operators_do_what_their_names_say() =>
        Gen.Select(Document, Gen.OneOfConst("a", "b", "c"), Operation).Sample(
            static (document, field, operation) =>
            {
                var update = new BsonDocument(operation.Name, new BsonDocument(field, operation.Argument));
                var (changed, code) = Run(document, update);
                var (expected, fails) = Model(document, field, operation.Name, operation.Argument);
                Assert.Equal(fails, code is not null);
                Assert.Equal(expected.ToJson(), changed.ToJson());
            },
            iter: 20_000);

    private static (BsonDocument Changed, ErrorCode? Code) Run(BsonDocument document, BsonDocument update)
    {
        try
        {
            var changed = UpdateParser.Parse(Generators.Raw(update), multi: false).Apply(document.ToBson());
            return (changed is null ? document : MongoDB.Bson.Serialization.BsonSerializer.Deserialize<BsonDocument>(changed), null);
        }
        catch (MongoError error)
        {
            return (document, error.Code);
        }
    }

    private static (BsonDocument Expected, bool Fails) Model(BsonDocument document, string field, string name, BsonValue argument)
    {
        var after = document.DeepClone().AsBsonDocument;
        var current = document.GetValue(field, null);
        var list = current is BsonArray array ? array.ToList() : [];
        var needsArray = name is "$push" or "$addToSet" or "$pull" or "$pop";
        if (current is not null && (needsArray ? !current.IsBsonArray : name == "$inc" && !current.IsInt32))
        {
            return (document, true);
        }

        switch (name)
        {
            case "$set":
                after[field] = argument;
                break;
            case "$unset":
                after.Remove(field);
                break;
            case "$inc":
                after[field] = (current?.AsInt32 ?? 0) + argument.AsInt32;
                break;
            case "$min" when current is null || argument.CompareTo(current) < 0:
            case "$max" when current is null || argument.CompareTo(current) > 0:
                after[field] = argument;
                break;
            case "$push":
                after[field] = new BsonArray(list.Append(argument));
                break;
            case "$addToSet":
                after[field] = new BsonArray(list.Contains(argument) ? list : list.Append(argument));
                break;
            case "$pull" when current is not null:
                after[field] = new BsonArray(list.Where(one => one != argument));
                break;
            case "$pop" when list.Count > 0:
                after[field] = new BsonArray(argument == 1 ? list.SkipLast(1) : list.Skip(1));
                break;
        }

        return (after, false);
    }
}
