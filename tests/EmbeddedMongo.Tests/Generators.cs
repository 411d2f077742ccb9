using System.Numerics;
using CsCheck;
using MongoDB.Bson;

namespace Platform.EmbeddedMongo.Tests;

/// <summary>Values and documents that meet each other often.</summary>
internal static class Generators
{
    public static readonly Gen<BsonValue> Number = Gen.OneOf(
        Gen.Int[-3, 3].Select(static n => (BsonValue)n),
        Gen.Long.Select(static n => (BsonValue)n),
        Gen.Long[-3, 3].Select(static n => (BsonValue)((1L << 53) + n)),
        Gen.Long[-3, 3].Select(static n => (BsonValue)(-(1L << 62) + n)),
        Gen.OneOfConst<double>(0, -0.0, 1.5, double.NaN, double.PositiveInfinity, double.NegativeInfinity,
            double.MaxValue, double.Epsilon, 9007199254740992, 9223372036854775808).Select(static n => (BsonValue)n),
        Gen.Double.Select(static n => (BsonValue)n),
        Gen.OneOfConst(long.MaxValue, long.MinValue).Select(static n => (BsonValue)n),
        Gen.OneOfConst("0.1", "0.10", "-0.1", "1", "1.0E+3", "9007199254740993", "1E+6000", "-1E+6000", "1E-6100",
            "-1E-6100", "NaN", "Infinity", "-Infinity", "1.5", "0E+3", "9223372036854775807", "-4611686018427387905")
            .Select(static n => (BsonValue)Decimal128(n)));

    public static readonly Gen<BsonValue> Scalar = Gen.OneOf(
        Number,
        Number,
        Gen.OneOfConst("", "a", "b", "ab", "a\0", "a\0b", "\0", "é", "z\uFFFF").Select(static s => (BsonValue)s),
        Gen.OneOfConst<BsonValue>(
            BsonNull.Value, BsonMinKey.Value, BsonMaxKey.Value, true, false, new BsonRegularExpression("a", "i"),
            new BsonTimestamp(1, 2), new BsonTimestamp(-1, 2), new BsonJavaScript("x"), (BsonSymbol)"s"),
        Gen.Long[-5, 5].Select(static n => (BsonValue)new BsonDateTime(n)),
        Gen.Byte.Array[0, 3].Select(static bytes => (BsonValue)new BsonBinaryData(bytes, BsonBinarySubType.Binary)),
        Gen.Byte.Array[16].Select(static bytes => (BsonValue)new BsonBinaryData(bytes, BsonBinarySubType.UuidStandard)),
        Gen.Byte.Array[12].Select(static bytes => (BsonValue)new ObjectId(bytes)));

    public static readonly Gen<BsonValue> Any = Gen.Recursive<BsonValue>(static (depth, inner) => depth >= 3
        ? Scalar
        : Gen.Frequency(
            (4, Scalar),
            (1, inner.Array[0, 3].Select(static values => (BsonValue)new BsonArray(values))),
            (1, Gen.Select(Gen.OneOfConst("a", "b", "").Array[0, 3], inner.Array[3], static (names, values) =>
                (BsonValue)new BsonDocument(names.Distinct().Select((name, i) => new BsonElement(name, values[i])))))));

    /// <summary>From a small world, so that filters and documents meet.</summary>
    public static readonly Gen<BsonValue> Small = Gen.OneOf(
        Gen.Int[0, 3].Select(static n => (BsonValue)n),
        Gen.OneOfConst<BsonValue>(BsonNull.Value, "x", "y", 1.5, double.NaN, new BsonDateTime(1), 2L));

    private static readonly Gen<BsonValue> Inner = Gen.OneOf(
        Small,
        Small.Array[0, 3].Select(static values => (BsonValue)new BsonArray(values)));

    private static readonly Gen<BsonValue> Field = Gen.OneOf(
        Small,
        Inner,
        Inner.Select(static value => (BsonValue)new BsonDocument("c", value)),
        Gen.OneOf(Small, Inner.Select(static value => (BsonValue)new BsonDocument("c", value))).Array[0, 3]
            .Select(static values => (BsonValue)new BsonArray(values)));

    /// <summary>Fields `a` and `b`, each there or not; never arrays in both, which no index can hold.</summary>
    public static readonly Gen<BsonDocument> Document = Gen.Select(
        Gen.Bool, Field, Gen.Bool, Small, Gen.Bool, static (hasA, a, hasB, b, swap) =>
        {
            var document = new BsonDocument();
            if (hasA)
            {
                document[swap ? "b" : "a"] = a;
            }

            if (hasB)
            {
                document[swap ? "a" : "b"] = b;
            }

            return document;
        });

    private static readonly Gen<string> Path = Gen.OneOfConst("a", "b", "a.c", "b.c");

    private static readonly Gen<BsonDocument> Condition = Gen.OneOf(
        Small.Select(static value => new BsonDocument("$eq", value)),
        Small.Array[0, 3].Select(static values => new BsonDocument("$in", new BsonArray(values))),
        Gen.Select(Gen.OneOfConst("$gt", "$gte", "$lt", "$lte"), Small, static (name, value) => new BsonDocument(name, value)),
        Gen.Select(Small, Small, static (low, high) => new BsonDocument { ["$gte"] = low, ["$lt"] = high }),
        Gen.Bool.Select(static exists => new BsonDocument("$exists", exists)),
        Small.Select(static value => new BsonDocument("$ne", value)),
        Small.Select(static value => new BsonDocument { ["$exists"] = true, ["$lt"] = value }));

    private static readonly Gen<BsonDocument> Clause = Gen.Select(
        Path, Condition, static (path, condition) => new BsonDocument(path, condition));

    public static readonly Gen<BsonDocument> Filter = Gen.Frequency(
        (2, Clause),
        (4, Clause.Array[2, 3].Select(static clauses => new BsonDocument("$and", new BsonArray(clauses)))),
        (1, Clause.Array[1, 2].Select(static clauses => new BsonDocument("$or", new BsonArray(clauses)))));

    public static readonly Gen<BsonDocument?> Sort = Gen.OneOfConst(
        null, "{a: 1}", "{a: -1}", "{a: 1, b: 1}", "{a: -1, b: 1}", "{a: 1, b: -1}", "{b: 1}", "{'a.c': -1, b: 1}")
        .Select(static text => text is null ? null : BsonDocument.Parse(text));

    /// <summary>The value as this project's code sees it.</summary>
    public static RawValue Raw(BsonValue value)
    {
        new RawFields(new BsonDocument("v", value).ToBson()).TryFind("v", out var raw);
        return raw;
    }

    public static RawValue Raw(BsonDocument document) => new(BsonType.Document, document.ToBson());

    /// <summary>A finite number's value times a power of two that makes every double whole.</summary>
    public static BigInteger? Exact(BsonValue value)
    {
        const int Shift = 1074;
        switch (value)
        {
            case BsonInt32 or BsonInt64:
                return (BigInteger)value.ToInt64() << Shift;
            case BsonDouble { Value: var real } when double.IsFinite(real):
                var bits = BitConverter.DoubleToInt64Bits(real);
                var exponent = (int)(bits >> 52 & 0x7FF);
                BigInteger mantissa = bits & 0xF_FFFF_FFFF_FFFF;
                mantissa = exponent == 0 ? mantissa : (mantissa | 1L << 52) << (exponent - 1);
                return real < 0 ? -mantissa : mantissa;
            default:
                return null;
        }
    }

    private static BsonDecimal128 Decimal128(string text) => new(MongoDB.Bson.Decimal128.Parse(text));
}
