using CsCheck;

namespace Platform.Composer.Tests;

/// <summary>The score's bytes: exact, canonical, strict.</summary>
public sealed class ScoreTests
{
    public static TheoryData<string> EveryFamily => [.. HouseArtist.Families];

    [Theory]
    [MemberData(nameof(EveryFamily))]
    public void Reads_back_what_it_wrote(string family)
    {
        var score = HouseArtist.Compose(Pictures.Seed("round trip"), Pictures.ABrief(family, 0, 0));

        var again = Score.FromBytes(score.ToBytes());

        Assert.Equal(score, again);
        Assert.Equal(score.ToBytes(), again.ToBytes());
        Assert.InRange(score.Rows.Count, 3, Score.MaxRows);
    }

    [Fact]
    public void Survives_any_bytes_by_refusing_them_or_drawing_them()
    {
        var brief = Pictures.ABrief("any", 0, 0, 64);
        var rows = Gen.Byte.Array[8].Array[1, 12];

        rows.Sample(
            cells =>
            {
                byte[] bytes = [.. "SCO1"u8, (byte)cells.Length, .. cells.SelectMany(Tamed)];
                try
                {
                    var score = Score.FromBytes(bytes);
                    Assert.Equal(bytes, score.ToBytes());
                    Assert.NotEmpty(Renderer.RenderPng(score, brief));
                }
                catch (ScoreFormatException refused)
                {
                    Assert.Contains("ow", refused.Message, StringComparison.Ordinal);
                }
            },
            iter: 400);

        static byte[] Tamed(byte[] row) =>
            [(byte)(row[0] % 38), (byte)(row[1] % 8), row[2], row[3], row[4], row[5], (byte)(row[6] % 33), (byte)(row[7] % 64)];
    }

    [Theory]
    [InlineData(0, 200, "unknown type")]
    [InlineData(1, 8, "slot")]
    [InlineData(6, 72, "rotation")]
    [InlineData(7, 64, "shading")]
    public void Refuses_a_column_out_of_range_and_names_the_row(int column, byte value, string what)
    {
        var bytes = HouseArtist.Compose(Pictures.Seed("bad"), Pictures.ABrief("tiles", 0, 2)).ToBytes();
        bytes[5 + (2 * 8) + column] = value;

        var refused = Assert.Throws<ScoreFormatException>(() => Score.FromBytes(bytes));

        Assert.StartsWith("Row 2:", refused.Message, StringComparison.Ordinal);
        Assert.Contains(what, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_what_is_cut_off_padded_empty_or_foreign()
    {
        var bytes = HouseArtist.Compose(Pictures.Seed("cut"), Pictures.ABrief("tiles", 0, 2)).ToBytes();

        Assert.Throws<ScoreFormatException>(() => Score.FromBytes(bytes.AsSpan(..^1)));
        Assert.Throws<ScoreFormatException>(() => Score.FromBytes([.. bytes, 0]));
        Assert.Throws<ScoreFormatException>(() => Score.FromBytes([]));
        Assert.Throws<ScoreFormatException>(() => Score.FromBytes([.. "SCO1"u8, 0]));
        Assert.Throws<ScoreFormatException>(() => Score.FromBytes([.. "SCO2"u8, .. bytes.AsSpan(4)]));
        Assert.Throws<ScoreFormatException>(() => Score.Of(Enumerable.Repeat(new Row(RowType.Fill, 0, 0, 0, 0, 0, 0, 0), 97)));
    }

    [Fact]
    public void Refuses_rows_that_do_not_belong_together()
    {
        Row Of(RowType type) => new(type, 1, 128, 128, 60, 60, 0, 0);

        Assert.Throws<ScoreFormatException>(() => Score.Of([Of(RowType.Stem)]));
        Assert.Throws<ScoreFormatException>(() => Score.Of([Of(RowType.Foliage)]));
        Assert.Throws<ScoreFormatException>(() => Score.Of([Of(RowType.Hill), Of(RowType.Rect)]));
        Assert.Throws<ScoreFormatException>(() => Score.Of([Of(RowType.Blob), Of(RowType.Radii)]));
        Assert.Throws<ScoreFormatException>(() => Score.Of([Of(RowType.Ribbon)]));
        Assert.Throws<ScoreFormatException>(() => Score.Of([Of(RowType.Blob), Of(RowType.Radii), Of(RowType.Radii), Of(RowType.Radii)]));
    }
}
