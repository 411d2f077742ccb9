using System.Security.Cryptography;
using System.Text;
using CsCheck;

namespace Platform.Chain.Tests;

public class EthereumKeyTests
{
    // The order of secp256k1's group (SEC 2, section 2.4.1).
    private const string Order = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";

    [Fact]
    public void Signs_the_known_secp256k1_vectors_of_RFC_6979()
    {
        foreach (var vector in Vectors.Read("rfc6979-secp256k1.json").GetProperty("cases").EnumerateArray())
        {
            using var key = EthereumKey.FromHex(vector.Text("key"));
            var digest = new Hash32(SHA256.HashData(Encoding.UTF8.GetBytes(vector.Text("message"))));

            var signature = key.Sign(digest);

            Assert.Equal(vector.Text("signature"), Convert.ToHexStringLower(signature.ToBytes().AsSpan(0, 64)));
            Assert.Equal(key.Address, EthereumKey.Recover(digest, signature));
        }
    }

    [Fact]
    public void Controls_the_account_that_everybody_knows()
    {
        using var key = EthereumKey.FromHex("0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80");

        Assert.Equal("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266", key.Address.ToString());
    }

    [Fact]
    public void Is_recovered_from_every_signature_and_never_signs_high() =>
        Gen.Select(Gen.Byte.Array[32], Gen.Byte.Array[32]).Sample((seed, digestBytes) =>
        {
            using var key = EthereumKey.FromBytes(SHA256.HashData(seed));
            var digest = new Hash32(digestBytes);
            var signature = key.Sign(digest);

            return EthereumKey.Recover(digest, signature) == key.Address
                && EthereumKey.HasLowS(signature)
                && signature == key.Sign(digest)
                && EthereumKey.Recover(digest, signature with { YParity = (byte)(1 - signature.YParity) }) != key.Address;
        }, iter: 60);

    [Fact]
    public void Recovers_nobody_from_bytes_no_key_can_have_made() =>
        Gen.Select(Gen.Byte.Array[32], Gen.Byte.Array[32], Gen.Byte).Sample((r, s, parity) =>
        {
            var signature = new Signature(new Hash32(r), new Hash32(s), parity);
            _ = EthereumKey.TryRecover(Hash32.Zero, signature, out _);
        }, iter: 300);

    [Theory]
    [InlineData("00", "01", 0)]
    [InlineData("01", "00", 0)]
    [InlineData(Order, "01", 0)]
    [InlineData("01", Order, 0)]
    [InlineData("01", "01", 2)]
    [InlineData("05", "01", 0)] // no point of the curve has x = 5
    public void Refuses_a_signature_out_of_range(string r, string s, byte parity)
    {
        var signature = new Signature(Hash32.Parse("0x" + r.PadLeft(64, '0')), Hash32.Parse("0x" + s.PadLeft(64, '0')), parity);

        Assert.Throws<CryptographicException>(() => EthereumKey.Recover(Hash32.Zero, signature));
    }

    [Theory]
    [InlineData("0x00")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData(Order)]
    [InlineData("zz0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80")]
    public void Refuses_what_is_no_private_key_without_repeating_it(string secret)
    {
        var refusal = Assert.Throws<FormatException>(() => EthereumKey.FromHex(secret));

        Assert.DoesNotContain(secret, refusal.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Is_never_printed()
    {
        using var key = EthereumKey.Create();
        var secret = Convert.ToHexStringLower(key.ExportPrivateKey());

        Assert.Equal($"Key of {key.Address}", key.ToString());
        Assert.DoesNotContain(secret, key.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Signs_no_more_once_disposed()
    {
        var key = EthereumKey.Create();

        key.Dispose();

        Assert.Throws<ObjectDisposedException>(() => key.Sign(Hash32.Zero));
        Assert.Throws<ObjectDisposedException>(key.ExportPrivateKey);
    }
}
