using System.Security.Cryptography;
using CsCheck;

namespace Platform.Content.Tests;

public sealed class CidTests
{
    private const string Empty = "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku";
    private const string EmptyVersion0 = "QmbFMke1KXqnYyBBWxB74N4c5SBnJMVAiMNRcGu6x1AwQH";

    [Fact]
    public void Names_an_empty_raw_block_as_everybody_does()
    {
        var cid = Cid.Raw(SHA256.HashData([]));

        Assert.Equal(Empty, cid.ToString());
        Assert.Equal((1, Multicodec.Raw, Multihash.Sha256), (cid.Version, cid.Codec, cid.HashFunction));
        Assert.Equal(SHA256.HashData([]), cid.Digest);
        Assert.True(cid.Verifies([]));
        Assert.False(cid.Verifies([0]));
    }

    [Fact]
    public void Knows_version_0_and_its_version_1()
    {
        var cid = Cid.Parse(EmptyVersion0);

        Assert.Equal((0, Multicodec.DagPb), (cid.Version, cid.Codec));
        Assert.Equal(EmptyVersion0, cid.ToString());
        Assert.NotEqual(cid, cid.ToV1());
        Assert.Equal(Cid.DagPb(cid.Digest), cid.ToV1());
    }

    [Theory]
    [InlineData("bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi")]
    [InlineData("BAFYBEIGDYRZT5SFP7UDM7HU76UH7Y26NF3EFUYLQABF3OCLGTQY55FBZDI")]
    [InlineData("f01701220c3c4733ec8affd06cf9e9ff50ffc6bcd2ec85a6170004bb709669c31de94391a")]
    [InlineData("F01701220C3C4733EC8AFFD06CF9E9FF50FFC6BCD2EC85A6170004BB709669C31DE94391A")]
    public void Takes_the_same_address_in_several_bases(string text)
    {
        var cid = Cid.Parse(text);

        Assert.Equal("bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi", cid.ToString());
        Assert.Equal(
            "QmbWqxBEKC3P8tqsKc98xmWNzrzDtRLMiMPL8wBuTGsMnR", Cid.DagPbVersion0(cid.Digest).ToString());
    }

    [Fact]
    public void Parsing_undoes_formatting_in_every_base()
    {
        ACid().Sample(cid =>
        {
            Assert.Equal(cid, Cid.Parse(cid.ToString()));
            Assert.Equal(cid, Cid.Decode(cid.ToArray()));

            foreach (var prefix in "bzfk")
            {
                Assert.Equal(cid.ToV1(), Cid.Parse(cid.ToV1().ToString(prefix)));
            }
        }, iter: 500);
    }

    [Fact]
    public void Multibase_keeps_leading_zeros_and_every_length()
    {
        Gen.Select(Gen.Int[0, 4], Gen.Byte.Array[0, 60]).Sample((zeros, rest) =>
        {
            byte[] bytes = [.. new byte[zeros], .. rest];

            foreach (var prefix in "bzfk")
            {
                Assert.Equal(bytes, Multibase.Decode(Multibase.Encode(prefix, bytes)));
            }
        }, iter: 500);
    }

    [Fact]
    public void Any_bytes_are_read_or_refused_and_what_is_read_is_written_back()
    {
        Gen.Byte[0, 0x72].Array[0, 60].Sample(bytes =>
        {
            if (Cid.TryRead(bytes, out var cid, out var length))
            {
                Assert.Equal(bytes[..length], cid.ToArray());
            }
        }, iter: 5000);
    }

    [Fact]
    public void Any_change_of_one_character_is_refused_or_another_address()
    {
        Gen.Select(ACid(), Gen.Int[0, 40], Gen.Char[' ', '~']).Sample((cid, index, other) =>
        {
            var text = cid.ToString().ToCharArray();
            var same = text[index] == other;
            text[index] = other;

            Assert.True(!Cid.TryParse(new string(text), out var parsed) || same == parsed.Equals(cid));
        }, iter: 2000);
    }

    [Fact]
    public void Reads_the_first_of_many_and_says_how_long_it_is()
    {
        byte[] bytes = [.. Cid.Parse(Empty).ToArray(), .. Cid.Parse(EmptyVersion0).ToArray()];

        Assert.True(Cid.TryRead(bytes, out var first, out var length));
        Assert.True(Cid.TryRead(bytes.AsSpan(length), out var second, out var rest));
        Assert.Equal([Empty, EmptyVersion0], [first.ToString(), second.ToString()]);
        Assert.Equal((36, 34), (length, rest));
    }

    [Fact]
    public void An_identity_hash_carries_up_to_128_bytes()
    {
        byte[] longest = [1, 0x55, 0, 0x80, 1, .. new byte[128]];
        byte[] tooLong = [1, 0x55, 0, 0x81, 1, .. new byte[129]];

        Assert.True(Cid.Decode(longest).Verifies(new byte[128]));
        Assert.Contains("more than 128", Assert.Throws<FormatException>(() => Cid.Decode(tooLong)).Message);
    }

    [Fact]
    public void Other_hashes_can_be_named_but_not_verified()
    {
        byte[] bytes = [1, 0x55, 0x14, 0x20, .. new byte[32]];

        Assert.Throws<NotSupportedException>(() => Cid.Decode(bytes).Verifies([]));
    }

    [Fact]
    public void Orders_by_bytes()
    {
        var (low, high) = (Cid.Raw(new byte[32]), Cid.DagPb(new byte[32]));

        Assert.True(low < high && high > low && low <= high && high >= low && low != high);
        Assert.Equal([low, high], new[] { high, low }.Order());
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("b", "version at byte 0 is cut off")]
    [InlineData("x5512", "prefix 'x' is unknown")]
    [InlineData("bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyk1", "'1' at character 58")]
    [InlineData("bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyKu", "'K' at character 57")]
    [InlineData("bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvykv", "last character 'v'")]
    [InlineData("QmbFMke1KXqnYyBBWxB74N4c5SBnJMVAiMNRcGu6x1AwQ", "46 characters, not 45")]
    [InlineData("QmbFMke1KXqnYyBBWxB74N4c5SBnJMVAiMNRcGu6x1AwQ0", "'0' at character 45")]
    [InlineData("zQmbFMke1KXqnYyBBWxB74N4c5SBnJMVAiMNRcGu6x1AwQH", "no multibase prefix")]
    [InlineData("f01551220e3b0", "has 2 of 32 bytes")]
    [InlineData("f0155121fe3b0", "31 bytes instead of 32")]
    [InlineData("f0255122000", "version 2 at byte 0")]
    [InlineData("f015", "cannot have 3 characters")]
    [InlineData("f8100551220", "version at byte 0 is longer")]
    [InlineData("f01d5001220", "codec at byte 1 is longer")]
    [InlineData("f01ffffffffffffffffff01", "codec at byte 1 is longer than 9 bytes")]
    [InlineData("f0155", "hash function at byte 2 is cut off")]
    [InlineData("f015512", "length at byte 3 is cut off")]
    [InlineData("f015512ff", "length at byte 3 is cut off")]
    public void Says_what_is_wrong_and_where(string text, string reason)
    {
        Assert.Contains(reason, Assert.Throws<FormatException>(() => Cid.Parse(text)).Message);
        Assert.False(Cid.TryParse(text, out _));
    }

    [Fact]
    public void Refuses_bytes_behind_the_address()
    {
        byte[] bytes = [.. Cid.Parse(Empty).ToArray(), 0];

        Assert.Contains("1 bytes too many from byte 36", Assert.Throws<FormatException>(() =>
            Cid.Decode(bytes)).Message);
    }

    [Fact]
    public void Refuses_texts_too_long_to_be_an_address()
    {
        Assert.Contains("more than 512", Assert.Throws<FormatException>(() =>
            Cid.Parse(new string('z', 513))).Message);
        Assert.False(Cid.TryParse(null, out _));
    }

    private static Gen<Cid> ACid()
    {
        return Gen.Select(Gen.Byte.Array[32], Gen.Int[0, 2]).Select((digest, kind) => kind switch
        {
            0 => Cid.Raw(digest),
            1 => Cid.DagPb(digest),
            _ => Cid.DagPbVersion0(digest),
        });
    }
}
