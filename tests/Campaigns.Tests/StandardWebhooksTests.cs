using System.Security.Cryptography;
using System.Text;

namespace Platform.Campaigns.Tests;

/// <summary>Signatures against ones that were made elsewhere.</summary>
public sealed class StandardWebhooksTests
{
    private static readonly byte[] Secret = Convert.FromBase64String("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

    [Fact]
    public void Signs_as_openssl_does()
    {
        // printf %s 'msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{"test": 2432232314}' |
        //   openssl dgst -sha256 -mac HMAC -macopt hexkey:<the secret in hex> -binary | base64
        var signature = StandardWebhooks.Sign(Secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", "{\"test\": 2432232314}"u8);

        Assert.Equal("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", signature);
    }

    [Theory]
    [InlineData("id", "1", "body", true)]
    [InlineData("id", "2", "body", false)]
    [InlineData("ie", "1", "body", false)]
    [InlineData("id", "1", "bodz", false)]
    public void Takes_only_what_was_signed(string id, string timestamp, string body, bool holds) => Assert.Equal(
        holds, StandardWebhooks.Verify(Signed(Secret), [Secret], id, timestamp, Encoding.UTF8.GetBytes(body)));

    [Fact]
    public void Takes_any_of_several_signatures_and_secrets_and_none_of_another_scheme()
    {
        var other = RandomNumberGenerator.GetBytes(32);

        Assert.True(StandardWebhooks.Verify($"v1,AAAA {Signed(Secret)}", [other, Secret], "id", "1", "body"u8));
        Assert.False(StandardWebhooks.Verify(Signed(Secret), [other], "id", "1", "body"u8));
        Assert.False(StandardWebhooks.Verify(Signed(Secret).Replace("v1,", "v2,"), [Secret], "id", "1", "body"u8));
        Assert.False(StandardWebhooks.Verify("v1, v1,! v1", [Secret], "id", "1", "body"u8));
        Assert.False(StandardWebhooks.Verify(
            string.Join(' ', Enumerable.Repeat("v1,AAAA", 10)) + " " + Signed(Secret), [Secret], "id", "1", "body"u8));
    }

    private static string Signed(byte[] secret) => StandardWebhooks.Sign(secret, "id", "1", "body"u8);
}
