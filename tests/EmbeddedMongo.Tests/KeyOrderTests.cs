using CsCheck;
using MongoDB.Bson;

namespace Platform.EmbeddedMongo.Tests;

public sealed class KeyOrderTests
{
    [Fact]
    public void Keys_have_the_order_of_their_values() =>
        Gen.Select(Generators.Any, Generators.Any).Sample(
            static (left, right) =>
            {
                var (first, second) = (Generators.Raw(left), Generators.Raw(right));
                var expected = Math.Sign(Comparison.Compare(first, second));
                var upwards = KeyBuffer.Of(first.Element).AsSpan().SequenceCompareTo(KeyBuffer.Of(second.Element));
                var downwards = KeyBuffer.Of(first.Element, descending: true).AsSpan()
                    .SequenceCompareTo(KeyBuffer.Of(second.Element, descending: true));
                return Math.Sign(upwards) == expected && Math.Sign(downwards) == -expected;
            },
            iter: 50_000);

    [Fact]
    public void No_key_is_the_beginning_of_another() =>
        Gen.Select(Generators.Any, Generators.Any, Gen.Bool).Sample(
            static (left, right, descending) =>
            {
                var first = KeyBuffer.Of(Generators.Raw(left).Element, descending);
                var second = KeyBuffer.Of(Generators.Raw(right).Element, descending);
                return first.AsSpan().SequenceEqual(second) || !second.AsSpan().StartsWith(first);
            },
            iter: 20_000);

    [Fact]
    public void Whole_numbers_and_doubles_compare_by_value() =>
        Gen.Select(Generators.Number, Generators.Number).Sample(
            static (left, right) =>
                Generators.Exact(left) is not { } first
                || Generators.Exact(right) is not { } second
                || Math.Sign(Comparison.Compare(Generators.Raw(left), Generators.Raw(right))) == first.CompareTo(second),
            iter: 20_000);

    [Theory]
    [InlineData("0.1", "0.10", 0)]
    [InlineData("1E+6000", "Infinity", -1)]
    [InlineData("-1E+6000", "-Infinity", 1)]
    [InlineData("1E-6100", "0", 1)]
    [InlineData("-1E-6100", "0", -1)]
    [InlineData("9007199254740993", "9007199254740992", 1)]
    [InlineData("-9007199254740993", "-9007199254740992", -1)]
    [InlineData("NaN", "-Infinity", -1)]
    public void Decimals_compare_by_value(string left, string right, int expected)
    {
        var first = Generators.Raw(new BsonDecimal128(MongoDB.Bson.Decimal128.Parse(left)));
        var second = Generators.Raw(new BsonDecimal128(MongoDB.Bson.Decimal128.Parse(right)));

        Assert.Equal(expected, Math.Sign(Comparison.Compare(first, second)));
    }
}
