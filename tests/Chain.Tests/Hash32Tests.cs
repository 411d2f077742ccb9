using CsCheck;

namespace Platform.Chain.Tests;

public class Hash32Tests
{
    [Fact]
    public void Comes_back_from_its_text() => Gen.Byte.Array[32].Sample(bytes =>
        Hash32.Parse(new Hash32(bytes).ToString()).ToArray().AsSpan().SequenceEqual(bytes));

    [Theory]
    [InlineData("0x12")]
    [InlineData("c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470")]
    [InlineData("0xg5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470")]
    public void Refuses_what_is_not_32_bytes(string text) => Assert.Throws<FormatException>(() => Hash32.Parse(text));
}
