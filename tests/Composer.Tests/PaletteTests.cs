using CsCheck;

namespace Platform.Composer.Tests;

/// <summary>Whatever a brand sends, the roles keep their distance.</summary>
public sealed class PaletteTests
{
    private static readonly Gen<string[]> Brands =
        Gen.Int[0, 0xFFFFFF].Select(value => $"#{value:X6}").Array[1, Palette.RoleCount];

    [Fact]
    public void Ink_reads_on_background_and_paper() => Brands.Sample(
        brand =>
        {
            var palette = Palette.Create(brand);
            Assert.True(palette.Contrast((int)Role.Ink, (int)Role.Background) >= 4.5, Show(palette));
            Assert.True(palette.Contrast((int)Role.Ink, (int)Role.Paper) >= 4.5, Show(palette));
        },
        iter: 3000);

    [Fact]
    public void Words_can_be_set_on_every_role() => Brands.Sample(
        brand =>
        {
            var palette = Palette.Create(brand);
            for (var slot = 0; slot < Palette.RoleCount; slot++)
            {
                Assert.True(palette.Contrast(palette.InkOn(slot), slot) >= 3, $"{(Role)slot} of {Show(palette)}");
            }
        },
        iter: 3000);

    [Fact]
    public void Fills_stand_apart_from_the_background_and_from_each_other() => Brands.Sample(
        brand =>
        {
            var palette = Palette.Create(brand);
            Role[] fills = [Role.Primary, Role.Secondary, Role.Accent, Role.Highlight];
            for (var i = 0; i < fills.Length; i++)
            {
                Assert.True(
                    palette.Distance((int)Role.Background, (int)fills[i]) >= Palette.FillFromBackground - 0.01, Show(palette));
                for (var j = i + 1; j < fills.Length; j++)
                {
                    Assert.True(
                        palette.Distance((int)fills[i], (int)fills[j]) >= Palette.FillFromFill - 0.01,
                        $"{fills[i]} and {fills[j]} of {Show(palette)} from {string.Join(' ', brand)}");
                }
            }
        },
        iter: 3000);

    [Fact]
    public void Keeps_a_well_spread_brand_to_the_letter()
    {
        string[] brand = ["#F4EBDD", "#C8553D", "#588B8B", "#F2A65A", "#2D3047"];

        var palette = Palette.Create(brand);

        Assert.All(brand, colour => Assert.Contains(colour, palette.Roles));
        Assert.Equal("#F4EBDD", palette[Role.Background]);
        Assert.Equal("#2D3047", palette[Role.Ink]);
        Assert.Equal("#C8553D", palette[Role.Primary]);
    }

    [Fact]
    public void A_dark_first_colour_makes_night()
    {
        var palette = Palette.Create(["#0B132B", "#5BC0BE", "#FFD166"]);

        Assert.Equal("#0B132B", palette[Role.Background]);
        Assert.True(palette.Lab((int)Role.Ink).L > 0.85);
    }

    [Fact]
    public void Equal_brands_make_equal_palettes()
    {
        Assert.Equal(Palette.Create(["#E4572E"]), Palette.Create(["#e4572e"]));
        Assert.NotEqual(Palette.Create(["#E4572E"]), Palette.Create(["#E4572F"]));
    }

    [Theory]
    [InlineData("red")]
    [InlineData("#12345")]
    [InlineData("#GG0000")]
    [InlineData("123456")]
    [InlineData("#1234567")]
    public void Names_the_bad_colour(string bad)
    {
        var refused = Assert.Throws<ArgumentException>(() => Palette.Create(["#FFFFFF", bad]));

        Assert.Contains("Colour 2", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_no_colour_and_nine()
    {
        Assert.Throws<ArgumentException>(() => Palette.Create([]));
        Assert.Throws<ArgumentException>(() => Palette.Create([.. Enumerable.Repeat("#123456", 9)]));
    }

    private static string Show(Palette palette) => string.Join(' ', palette.Roles);
}
