using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using CsCheck;

namespace Platform.Chain.Tests;

public class Eip1559TransactionTests
{
    private static readonly EthereumKey Key = EthereumKey.FromBytes(Keccak.Hash256("a key of these tests").ToArray());

    [Fact]
    public void Signs_as_viem_does()
    {
        foreach (var vector in Vectors.Read("eip1559-viem.json").GetProperty("transactions").EnumerateArray())
        {
            using var key = EthereumKey.FromHex(vector.Text("key"));
            var transaction = TransactionOf(vector.GetProperty("tx"));

            var signed = transaction.Sign(key);

            Assert.Equal(vector.Text("signingHash"), transaction.SigningHash().ToString());
            Assert.Equal(vector.Text("hash"), signed.Hash.ToString());
            Assert.Equal(vector.Text("from"), signed.From.ToString());
            Assert.Equal(signed, SignedTransaction.Decode(signed.Raw));
            Assert.Equal(transaction, signed.ToTransaction());

            if (vector.TryGetProperty("raw", out var raw))
            {
                Assert.Equal(raw.GetString(), Hex.Encode(signed.Raw.Span));
            }
        }
    }

    // ethereum/tests, TransactionTests/ttEIP1559/GasLimitPriceProductOverflowtMinusOne, London.
    [Fact]
    public void Reads_an_official_transaction_and_its_sender()
    {
        const string Raw = "0x02f885018084773594009f02ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff82520894095e7b"
            + "aea6a6c7c4c2dfeb977efac326af552d878080c080a05cbd172231fc0735e0fb994dd5b1a4939170a260b36f0427a8a80866b063b948a0"
            + "7c230f7f578dd61785c93361b9871c0706ebfa6d06e3f4491dc9558c5202ed36";

        var signed = SignedTransaction.Decode(Hex.Decode(Raw));

        Assert.Equal("0xdad8bff3ecfcf95169b1d5625b47f3372be795802bc4fe570991cf332f609334", signed.Hash.ToString());
        Assert.Equal("0xae2aec498d20869d441eaaf708fb1e375ae1787d", signed.From.ToLowerHex());
    }

    // The same folder: maxFeePerGas00prefix, maxPriorityFeePerGas00prefix, maxFeePerGasOverflow,
    // maxPriorityFeePerGass32BytesValue (tip above fee), maxFeePerGas32BytesValue (product overflow).
    [Theory]
    [InlineData("f88701808477359400a100ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff")]
    [InlineData("f8870180a100ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff84b2d05e00")]
    [InlineData("f88701808477359400a1010000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("f8860180a0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff84b2d05e00")]
    [InlineData("f88601808477359400a0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff")]
    public void Refuses_official_invalid_transactions(string start)
    {
        const string Rest = "82520894095e7baea6a6c7c4c2dfeb977efac326af552d878080c080a05cbd172231fc0735e0fb994dd5b1a4939170a260"
            + "b36f0427a8a80866b063b948a07c230f7f578dd61785c93361b9871c0706ebfa6d06e3f4491dc9558c5202ed36";

        Assert.Throws<TransactionFormatException>(() => SignedTransaction.Decode(Hex.Decode("0x02" + start + Rest)));
    }

    [Fact]
    public void Refuses_to_sign_what_no_node_would_take()
    {
        var transaction = ATransaction();

        Assert.Throws<ArgumentException>(() => (transaction with { MaxPriorityFeePerGas = Wei.FromGwei(100) }).Sign(Key));
        Assert.Throws<ArgumentException>(() => (transaction with { Value = new Wei(-1) }).Sign(Key));
        Assert.Throws<ArgumentException>(() => (transaction with { Value = new Wei(BigInteger.Pow(2, 256)) }).Sign(Key));
        Assert.Throws<ArgumentException>(() => (transaction with { Nonce = ulong.MaxValue }).Sign(Key));
    }

    [Fact]
    public void Refuses_a_signature_in_the_upper_half()
    {
        var signed = ATransaction().Sign(Key);
        var fields = ((Rlp.Item.List)Rlp.Decode(signed.Raw[1..])).Items;
        var order = BigInteger.Parse("0fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", NumberStyles.HexNumber);
        var flipped = fields
            .SetItem(9, Rlp.Integer(1 - ((Rlp.Item.Text)fields[9]).ToInteger()))
            .SetItem(11, Rlp.Integer(order - ((Rlp.Item.Text)fields[11]).ToInteger()));

        Assert.Throws<TransactionFormatException>(
            () => SignedTransaction.Decode(Rlp.Encode([2], new Rlp.Item.List(flipped))));
    }

    [Fact]
    public void Is_raised_by_what_nodes_ask_of_a_replacement()
    {
        var raised = (ATransaction() with { MaxPriorityFeePerGas = new Wei(1), MaxFeePerGas = new Wei(1_000_000_001) }).WithRaisedFees();

        Assert.Equal(2, raised.MaxPriorityFeePerGas.Value);
        Assert.Equal(1_100_000_002, raised.MaxFeePerGas.Value);
    }

    [Fact]
    public void Never_fails_on_random_bytes_but_as_it_says() => Gen.Byte.Array[0, 120].Sample(bytes =>
    {
        try
        {
            SignedTransaction.Decode((byte[])[2, .. bytes]);
        }
        catch (TransactionFormatException)
        {
            // what it says
        }
    }, iter: 5_000);

    [Fact]
    public void Never_fails_on_a_damaged_transaction_but_as_it_says()
    {
        var raw = ATransaction().Sign(Key).Raw.ToArray();

        Gen.Select(Gen.Int[0, raw.Length - 1], Gen.Byte).Sample((place, value) =>
        {
            byte[] damaged = [.. raw];
            damaged[place] = value;

            try
            {
                var decoded = SignedTransaction.Decode(damaged);
                return damaged[place] == raw[place] || decoded.From != Key.Address;
            }
            catch (TransactionFormatException)
            {
                return true;
            }
        }, iter: 300);
    }

    private static Eip1559Transaction ATransaction() => new()
    {
        ChainId = 31337,
        Nonce = 7,
        MaxPriorityFeePerGas = Wei.FromGwei(1),
        MaxFeePerGas = Wei.FromGwei(3),
        GasLimit = 21_000,
        To = Key.Address,
        Value = Wei.FromEther(1),
    };

    private static Eip1559Transaction TransactionOf(JsonElement json) => new()
    {
        ChainId = json.GetProperty("chainId").GetUInt64(),
        Nonce = json.GetProperty("nonce").GetUInt64(),
        MaxPriorityFeePerGas = Wei.Parse(json.Text("maxPriorityFeePerGas")),
        MaxFeePerGas = Wei.Parse(json.Text("maxFeePerGas")),
        GasLimit = ulong.Parse(json.Text("gas")),
        To = json.GetProperty("to").GetString() is { } to ? Address.Parse(to) : null,
        Value = Wei.Parse(json.Text("value")),
        Data = json.Bytes("data"),
        AccessList = [.. json.GetProperty("accessList").EnumerateArray().Select(entry => new AccessListEntry(
            Address.Parse(entry.Text("address")),
            [.. entry.GetProperty("storageKeys").EnumerateArray().Select(key => Hash32.Parse(key.GetString()!))]))],
    };
}
