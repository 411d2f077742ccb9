using Microsoft.Extensions.Options;

namespace Platform.Campaigns.Tests;

public sealed class WindowSizeTests
{
    private readonly WindowSize size = new(Options.Create(new CampaignsOptions { Window = 256 }));

    [Fact]
    public void Begins_with_an_eighth()
    {
        Assert.Equal(32, size.Current);
        Assert.Null(size.Rate);
    }

    [Theory]
    [InlineData(5, 32)] // slow: the least
    [InlineData(100, 150)] // a second and a half's work
    [InlineData(1_000, 256)] // quick: the whole
    public void Comes_to_a_second_and_a_halfs_work_within_the_window(int perSecond, int expected)
    {
        for (var tenths = 0; tenths < 200; tenths++)
        {
            size.Note(perSecond / 5, TimeSpan.FromSeconds(0.2));
        }

        Assert.InRange(size.Current, expected - 1, expected + 1);
    }

    [Fact]
    public void Shrinks_again_when_the_work_gets_slow()
    {
        size.Note(10_000, TimeSpan.FromSeconds(1));
        Assert.Equal(256, size.Current);

        for (var second = 0; second < 20; second++)
        {
            size.Note(0, TimeSpan.FromSeconds(1));
        }

        Assert.Equal(32, size.Current);
    }
}
