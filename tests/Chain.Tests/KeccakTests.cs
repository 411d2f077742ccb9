using CsCheck;
using Org.BouncyCastle.Crypto.Digests;

namespace Platform.Chain.Tests;

public class KeccakTests
{
    // keccak.noekeon.org, KeccakKAT-3, ShortMsgKAT_256.
    [Theory]
    [InlineData("", "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470")]
    [InlineData("cc", "eead6dbfc7340a56caedc044696a168870549a6a7f6f56961e84a54bd9970b8a")]
    [InlineData("41fb", "a8eaceda4d47b3281a795ad9e1ea2122b407baf9aabcb9e18b5717b7873537d2")]
    [InlineData("1f877c", "627d7bc1491b2ab127282827b8de2d276b13d7d70fb4c5957fdf20655bc7ac30")]
    [InlineData("c1ecfdfc", "b149e766d7612eaf7d55f74e1a4fdd63709a8115b14f61fcd22aa4abc8b8e122")]
    [InlineData(
        "9f2fcc7c90de090d6b87cd7e9718c1ea6cb21118fc2d5de9f97e5db6ac1e9c10",
        "24dd2ee02482144f539f810d2caa8a7b75d0fa33657e47932122d273c3f6f6d1")]
    public void Hashes_Keccaks_own_vectors(string message, string hash) =>
        Assert.Equal("0x" + hash, Keccak.Hash256(Convert.FromHexString(message)).ToString());

    [Fact]
    public void Hashes_every_length_around_its_block_as_others_do()
    {
        foreach (var vector in Vectors.Read("keccak-lengths.json").GetProperty("cases").EnumerateArray())
        {
            var message = Enumerable.Range(0, vector.GetProperty("length").GetInt32()).Select(i => (byte)(i * 7)).ToArray();

            Assert.Equal(vector.Text("hash"), Keccak.Hash256(message).ToString());
        }
    }

    [Fact]
    public void Agrees_with_BouncyCastle_on_any_bytes() => Gen.Byte.Array[0, 700].Sample(bytes =>
    {
        var digest = new KeccakDigest(256);
        var expected = new byte[32];
        digest.BlockUpdate(bytes, 0, bytes.Length);
        digest.DoFinal(expected, 0);

        return Keccak.Hash256(bytes) == new Hash32(expected);
    });

    [Fact]
    public void Allocates_nothing()
    {
        var bytes = new byte[1000];
        var hash = new byte[32];

        for (var i = 0; i < 100; i++)
        {
            Keccak.Hash256(bytes, hash);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        Keccak.Hash256(bytes, hash);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
