using System.Text.Json;
using CsCheck;

namespace Platform.Chain.Tests;

public class AddressTests
{
    // EIP-55's own list: all upper, all lower, and mixed.
    public static TheoryData<string> Eip55 =>
    [
        "0x52908400098527886E0F7030069857D2E4169EE7",
        "0x8617E340B3D01FA5F11F306F4090FD50E238070D",
        "0xde709f2102306220921060314715629080e2fb77",
        "0x27b1fdb04752bbc536007a920d24acb045561c26",
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
        "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
        "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
    ];

    [Theory]
    [MemberData(nameof(Eip55))]
    public void Writes_EIP_55s_own_list_as_it_stands_there(string address) =>
        Assert.Equal(address, Address.Parse(address.ToLowerInvariant()).ToString());

    [Theory]
    [MemberData(nameof(Eip55))]
    public void Reads_lower_upper_and_checksummed(string address)
    {
        var read = Address.Parse(address);

        Assert.Equal(read, Address.Parse("0x" + address[2..].ToUpperInvariant()));
        Assert.Equal(read, Address.Parse(read.ToLowerHex()));
    }

    [Theory]
    [InlineData("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD", "should be 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")]
    [InlineData("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beae", "40 hexadecimal digits after 0x, this has 39")]
    [InlineData("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaeg", "0-9")]
    [InlineData("5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", "start with 0x")]
    [InlineData("", "start with 0x")]
    [InlineData(null, "there is none")]
    public void Says_what_is_wrong_with_an_address(string? text, string words)
    {
        Assert.False(Address.TryParse(text, out var address, out var error));
        Assert.Contains(words, error, StringComparison.Ordinal);
        Assert.True(address.IsZero);
    }

    [Fact]
    public void Is_held_to_its_checksum_in_JSON_too()
    {
        var address = Address.Parse("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed");

        Assert.Equal("\"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed\"", JsonSerializer.Serialize(address));
        Assert.Equal(address, JsonSerializer.Deserialize<Address>($"\"{address}\""));
        Assert.Equal(address, JsonSerializer.Deserialize<Address>($"\"{address.ToLowerHex()}\""));
        Assert.Equal(address, JsonSerializer.Deserialize<Address>($"\"\\u0030{address.ToLowerHex()[1..]}\""));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Address>("\"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD\""));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Address>("\"0x5aae\""));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Address>("5"));
    }

    [Fact]
    public void Is_ordered_by_unsigned_bytes() => Gen.Select(Gen.Byte.Array[20], Gen.Byte.Array[20]).Sample((left, right) =>
        Math.Sign(new Address(left).CompareTo(new Address(right))) == Math.Sign(left.AsSpan().SequenceCompareTo(right)));

    [Fact]
    public void Comes_back_from_its_text() => Gen.Byte.Array[20].Sample(bytes =>
        Address.Parse(new Address(bytes).ToString()).ToArray().AsSpan().SequenceEqual(bytes));

    // EIP-1014's examples.
    [Theory]
    [InlineData("0x0000000000000000000000000000000000000000", "00", "0x00", "0x4D1A2e2bB4F88F0250f26Ffff098B0b30B26BF38")]
    [InlineData("0xdeadbeef00000000000000000000000000000000", "00", "0x00", "0xB928f69Bb1D91Cd65274e3c79d8986362984fDA3")]
    [InlineData("0x00000000000000000000000000000000deadbeef", "cafebabe", "0xdeadbeef", "0x60f3f640a8508fC6a86d45DF051962668E1e8AC7")]
    [InlineData("0x0000000000000000000000000000000000000000", "00", "0x", "0xE33C0C7F7df4809055C3ebA6c09CFe4BaF1BD9e0")]
    public void Knows_where_CREATE2_will_put_a_contract(string creator, string salt, string initCode, string address) =>
        Assert.Equal(address, Address.OfCreated2(
            Address.Parse(creator),
            Hash32.Parse("0x" + salt.PadLeft(64, '0')),
            Keccak.Hash256(Hex.Decode(initCode))).ToString());

    // Well known from Ethereum's early days: what 0x6ac7… created at its first nonces (viem's and ethers' documentation).
    [Theory]
    [InlineData(0, "0xcd234A471b72ba2F1Ccf0A70FCABA648a5eeCD8d")]
    [InlineData(1, "0x343c43A37D37dfF08AE8C4A11544c718AbB4fCF8")]
    [InlineData(2, "0xf778B86FA74E846c4f0a1fBd1335FE81c00a0C91")]
    public void Knows_where_CREATE_will_put_a_contract(ulong nonce, string address) =>
        Assert.Equal(address, Address.OfCreated(Address.Parse("0x6ac7ea33f8831ea9dcc53393aaa88b25a785dbf0"), nonce).ToString());
}
