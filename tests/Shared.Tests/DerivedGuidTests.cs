using System.Security.Cryptography;
using Platform.Mongo;

namespace Platform.Shared.Tests;

public sealed class DerivedGuidTests
{
    [Fact]
    public void Is_a_version_8_UUID_of_the_RFC_9562_variant()
    {
        for (var i = 0; i < 200; i++)
        {
            var text = DerivedGuid.From($"text {i}").ToString();

            Assert.Equal('8', text[14]);
            Assert.Contains(text[19], "89ab");
        }
    }

    [Fact]
    public void Is_the_digest_but_for_version_and_variant()
    {
        var digest = SHA256.HashData("abc"u8); // ba7816bf 8f01cfea 414140de 5dae2223 …

        Assert.Equal(Guid.Parse("ba7816bf-8f01-8fea-8141-40de5dae2223"), DerivedGuid.From("abc"));
        Assert.Equal(DerivedGuid.From("abc"), DerivedGuid.From(digest));
        Assert.Equal(DerivedGuid.From("abc"), DerivedGuid.From(digest.AsSpan(0, 16)));
    }

    [Fact]
    public void Is_another_for_another_text() => Assert.NotEqual(DerivedGuid.From("a|1"), DerivedGuid.From("a|2"));
}
