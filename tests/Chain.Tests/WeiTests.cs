using System.Numerics;
using System.Text.Json;

namespace Platform.Chain.Tests;

public class WeiTests
{
    [Fact]
    public void Knows_its_larger_units()
    {
        Assert.Equal("1500000000", Wei.FromGwei(1.5m).ToString());
        Assert.Equal("1000000000000000000", Wei.FromEther(1).ToString());
        Assert.Equal("1", Wei.FromEther(0.000000000000000001m).ToString());
        Assert.Equal(BigInteger.Pow(10, 45), Wei.FromEther(1_000_000_000_000_000_000_000_000_000m).Value);
        Assert.Equal("-1", Wei.FromGwei(-0.000000001m).ToString());
    }

    [Fact]
    public void Refuses_a_part_of_a_wei() =>
        Assert.Throws<ArgumentException>(() => Wei.FromGwei(0.0000000001m));

    [Fact]
    public void Is_a_string_of_digits_in_JSON()
    {
        Assert.Equal("\"1000000000\"", JsonSerializer.Serialize(Wei.FromGwei(1)));
        Assert.Equal(Wei.FromGwei(1), JsonSerializer.Deserialize<Wei>("\"1000000000\""));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Wei>("1000000000"));
    }

    [Fact]
    public void Comes_back_from_its_text() => Assert.Equal(Wei.FromEther(3), Wei.Parse(Wei.FromEther(3).ToString()));
}
