using SkiaSharp;

namespace Platform.Composer.Tests;

/// <summary>Words: cleaned or refused, set to fit, never a hole.</summary>
public sealed class WordsTests
{
    private const string LongHeadline = "Everything we planted together is in bloom this wonderful yr";
    private const string LongLine = "Come by before the end of the month and take a small bunch home with you, it is our gift.";

    [Theory]
    [InlineData("Hello\u0000 world", "Hello world")]
    [InlineData("  a \t\r\n b  ", "a b")]
    [InlineData("zero\u200Bwidth\u202Eturned", "zerowidthturned")]
    [InlineData("Coffee ☕️ time 🎉", "Coffee time")]
    [InlineData("e\u0301te\u0301", "été")]
    [InlineData("Zażółć gęślą jaźń", "Zażółć gęślą jaźń")]
    [InlineData("ÀÉÎÕÜ ß Ő ğ ș", "ÀÉÎÕÜ ß Ő ğ ș")]
    [InlineData("Ελληνικά, Київ, Việt", "Ελληνικά, Київ, Việt")]
    public void Cleans_what_cannot_be_seen(string given, string drawn)
    {
        var brief = Pictures.ABrief("any", 0, 2) with { Headline = given };

        Assert.Equal(drawn, brief.Canonical().Headline);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("\u200B🎉")]
    public void Takes_nothing_for_nothing(string given) =>
        Assert.Null((Pictures.ABrief("any", 0, 2) with { Line = given }).Canonical().Line);

    [Theory]
    [InlineData("日本語")]
    [InlineData("مرحبا")]
    [InlineData("x\u030C\u0323")]
    public void Refuses_letters_without_a_glyph_and_never_repeats_them(string given)
    {
        var brief = Pictures.ABrief("any", 0, 2) with { Headline = given };

        var problem = brief.Problem();

        Assert.NotNull(problem);
        Assert.Contains(nameof(Brief.Headline), problem, StringComparison.Ordinal);
        Assert.DoesNotContain(given, problem, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => HouseArtist.Compose(new byte[32], brief));
    }

    [Fact]
    public void Refuses_words_that_are_too_long()
    {
        var brief = Pictures.ABrief("any", 0, 2);

        Assert.NotNull((brief with { Headline = new string('a', 61) }).Problem());
        Assert.NotNull((brief with { Line = new string('a', 91) }).Problem());
        Assert.NotNull((brief with { Wordmark = new string('a', 31) }).Problem());
        Assert.Null((brief with { Headline = new string('a', 60), Line = new string('a', 90), Wordmark = new string('a', 30) }).Problem());
    }

    [Theory]
    [InlineData("Hi", null)]
    [InlineData("Hi", "A short line.")]
    [InlineData(LongHeadline, LongLine)]
    [InlineData("Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen", LongLine)]
    [InlineData("WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW", "MMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMM")]
    [InlineData("Zażółć gęślą jaźń ÀÉÎÕÜ ß", "Příliš žluťoučký kůň úpěl ďábelské ódy")]
    [InlineData(null, LongLine)]
    public void Every_face_fits_its_box(string? headline, string? line)
    {
        for (var face = 0; face < Typefaces.FaceCount; face++)
        {
            foreach (var (width, height) in new[] { (208f, 48f), (91f, 180f), (130f, 64f), (212f, 76f) })
            {
                var block = TypeBlock.Set(headline, line, face, width, height);

                Assert.True(block.Height <= height + 0.5f, $"face {face}: {block.Height} in {height}");
                Assert.True((block.Headline?.Width ?? 0) <= width + 0.01f);
                Assert.True((block.Line?.Width ?? 0) <= width + 0.01f);
            }
        }
    }

    [Theory]
    [InlineData("Hi", "A short line.")]
    [InlineData(LongHeadline, LongLine)]
    [InlineData("Donaudampfschifffahrtskapitän", "Příliš žluťoučký kůň úpěl ďábelské ódy")]
    public void The_artist_finds_a_zone_in_which_the_words_read(string headline, string line)
    {
        foreach (var family in HouseArtist.Families)
        {
            var brief = Pictures.ABrief(family, 4, 2) with { Headline = headline, Line = line, Wordmark = "Łódź & Co" };
            var row = HouseArtist.Compose(Pictures.Seed($"reads {headline}"), brief).Rows.Single(one => one.Type == RowType.Type);

            var block = TypeBlock.Set(headline, line, row.Rotation, row.W, row.H);

            Assert.True(block.IsLegible, $"{family}: {block.Headline?.Size} / {block.Line?.Size}");
        }
    }

    [Fact]
    public void Words_stand_on_their_ground_with_contrast()
    {
        for (var i = 0; i < 60; i++)
        {
            var brief = Pictures.ABrief("any", i, 0);
            var score = HouseArtist.Compose(Pictures.Seed($"contrast {i}"), brief);
            var type = score.Rows.Single(one => one.Type == RowType.Type);
            using var bare = Renderer.Draw(
                Score.Of(score.Rows.Where(row => row.Type is not (RowType.Type or RowType.Mark))), brief.Canonical());

            foreach (var row in score.Rows.Where(row => row.Type is RowType.Type or RowType.Mark))
            {
                var ground = OnlyColour(bare, row);
                var ink = brief.Palette.Colour(row.Slot);
                Assert.True(Rgb.Contrast(ink, ground) >= 4.4, $"{i}: {ink} on {ground}");
            }
        }
    }

    [Fact]
    public void Kerns_by_the_fonts_own_pairs()
    {
        for (var face = 0; face < Typefaces.FaceCount; face++)
        {
            var apart = Typesetter.Shape("A", face).Width + Typesetter.Shape("V", face).Width + Typefaces.Face(face).Tracking;
            Assert.True(Typesetter.Shape("AV", face).Width < apart - 0.01f, Typefaces.Face(face).Name);
        }
    }

    [Fact]
    public void An_accented_letter_is_kerned_like_its_bare_one()
    {
        var bare = Typesetter.Shape("To", 1).Glyphs[1].X;
        var accented = Typesetter.Shape("Tő", 1).Glyphs[1].X;

        Assert.Equal(bare, accented, 0.001f);
    }

    // Where words stand, nothing else may: the zone has one colour.
    private static Rgb OnlyColour(SKBitmap picture, Row box)
    {
        var scale = picture.Width / 240f;
        var first = picture.GetPixel((int)((box.X + 1) * scale), (int)((box.Y + 1) * scale));
        for (var y = box.Y + 1; y < box.Y + box.H - 1; y += 3)
        {
            for (var x = box.X + 1; x < box.X + box.W - 1; x += 3)
            {
                Assert.Equal(first, picture.GetPixel((int)(x * scale), (int)(y * scale)));
            }
        }

        return new(first.Red, first.Green, first.Blue);
    }
}
