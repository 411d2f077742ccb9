using System.Numerics;
using System.Text;
using System.Text.Json;
using CsCheck;

namespace Platform.Chain.Tests;

public class RlpTests
{
    private static readonly Gen<Rlp.Item> AnItem = Gen.Recursive<Rlp.Item>((depth, inner) => Gen.Frequency(
        (3, Gen.Byte.Array[0, 70].Select(bytes => Rlp.Bytes(bytes))),
        (depth < 4 ? 2 : 0, inner.Array[0, 5].Select(items => Rlp.List(items)))));

    [Fact]
    public void Encodes_and_decodes_the_official_tests()
    {
        foreach (var test in Vectors.Read("rlptest.json").EnumerateObject())
        {
            var item = ItemOf(test.Value.GetProperty("in"));
            var encoded = test.Value.Bytes("out");

            Assert.True(Rlp.Encode(item).AsSpan().SequenceEqual(encoded), test.Name);
            Assert.Equal(item, Rlp.Decode(encoded));
        }
    }

    [Fact]
    public void Refuses_the_official_invalid_tests()
    {
        foreach (var test in Vectors.Read("invalidRLPTest.json").EnumerateObject())
        {
            Assert.Throws<RlpException>(() => Rlp.Decode(test.Value.Bytes("out")));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("80ff")]
    [InlineData("bfffffffffffffffff")]
    [InlineData("ffffffffffffffffff")]
    [InlineData("c180ff")]
    public void Refuses_what_is_cut_off_or_too_long(string hex) =>
        Assert.Throws<RlpException>(() => Rlp.Decode(Convert.FromHexString(hex)));

    [Fact]
    public void Refuses_lists_that_are_too_deep()
    {
        var item = Rlp.List();

        for (var depth = 1; depth < Rlp.MaxDepth; depth++)
        {
            item = Rlp.List(item);
        }

        Assert.Equal(item, Rlp.Decode(Rlp.Encode(item)));
        Assert.Throws<RlpException>(() => Rlp.Decode(Rlp.Encode(Rlp.List(item))));
    }

    [Fact]
    public void Refuses_integers_with_leading_zeros_or_too_many_bytes()
    {
        Assert.Throws<RlpException>(() => ((Rlp.Item.Text)Rlp.Bytes(new byte[] { 0, 1 })).ToInteger());
        Assert.Throws<RlpException>(() => ((Rlp.Item.Text)Rlp.Bytes(new byte[] { 1, 1 })).ToInteger(1));
    }

    [Fact]
    public void Brings_every_item_back() => AnItem.Sample(item => item.Equals(Rlp.Decode(Rlp.Encode(item))));

    [Fact]
    public void Decodes_random_bytes_to_what_encodes_to_them_or_refuses_them() => Gen.Byte.Array[0, 60].Sample(bytes =>
    {
        try
        {
            return Rlp.Encode(Rlp.Decode(bytes)).AsSpan().SequenceEqual(bytes);
        }
        catch (RlpException)
        {
            return true;
        }
    }, iter: 20_000);

    private static Rlp.Item ItemOf(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Array => Rlp.List([.. json.EnumerateArray().Select(ItemOf)]),
        JsonValueKind.Number => Rlp.Integer(json.GetInt64()),
        _ => json.GetString() switch
        {
            ['#', .. var digits] => Rlp.Integer(BigInteger.Parse(digits)),
            var text => Rlp.Bytes(Encoding.UTF8.GetBytes(text!)),
        },
    };
}
