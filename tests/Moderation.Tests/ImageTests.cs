using System.Buffers.Binary;
using System.Diagnostics;
using SkiaSharp;
using static Platform.Moderation.Tests.Situations;

namespace Platform.Moderation.Tests;

public sealed class ImageTests
{
    private const int Limit = 8_192;

    [Theory]
    [InlineData(SKEncodedImageFormat.Png)]
    [InlineData(SKEncodedImageFormat.Jpeg)]
    [InlineData(SKEncodedImageFormat.Webp)]
    public void Decodes_what_browsers_show(SKEncodedImageFormat format)
    {
        using var picture = APicture(1, 120, 80);

        var read = Assert.IsType<ImageReading.Decoded>(Read(Encode(picture, format)));

        Assert.Equal((120, 80, false), (read.Width, read.Height, read.IsAnimated));
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Png)]
    [InlineData(SKEncodedImageFormat.Jpeg)]
    [InlineData(SKEncodedImageFormat.Webp)]
    public void Refuses_an_image_of_which_the_end_is_missing(SKEncodedImageFormat format)
    {
        using var picture = APicture(1);
        var whole = Encode(picture, format);

        foreach (var part in (double[])[0.3, 0.6, 0.9])
        {
            Assert.IsType<ImageReading.Undecodable>(Read(whole[..(int)(whole.Length * part)]));
        }
    }

    [Fact]
    public void Refuses_a_png_whose_pixels_were_changed()
    {
        var png = APng(2);
        png[png.Length / 2] ^= 0x40;

        Assert.IsType<ImageReading.Undecodable>(Read(png));
    }

    [Theory]
    [InlineData("")]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg'/>")]
    [InlineData("\u0089PNG\r\n\u001a\n")]
    public void Refuses_what_is_no_image(string text) =>
        Assert.IsType<ImageReading.Undecodable>(Read([.. text.Select(letter => (byte)letter)]));

    [Theory]
    [InlineData(8_193, 1)]
    [InlineData(1, 8_193)]
    [InlineData(60_000, 60_000)]
    [InlineData(500_000, 500_000)]
    public void Refuses_a_giant_by_its_header_without_decoding_it(int width, int height)
    {
        var png = AGiantByItsHeader(width, height);
        var before = Stopwatch.GetTimestamp();

        Assert.IsType<ImageReading.TooLarge>(Read(png));

        Assert.True(Stopwatch.GetElapsedTime(before) < TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void Sixty_four_megapixels_are_the_most_whatever_the_sides() =>
        Assert.IsType<ImageReading.TooLarge>(ImageReading.Of(
            AGiantByItsHeader(16_384, 16_384), ImageReading.LargestSide, withAppearance: false));

    [Fact]
    public void A_blank_image_has_no_entropy_and_a_picture_has_some()
    {
        Assert.Equal(0, LookOf(ABlankPng()).Entropy);
        Assert.True(LookOf(APng(3)).Entropy > 1);
    }

    [Fact]
    public void What_is_wholly_transparent_is_blank_whatever_lies_beneath()
    {
        using var bitmap = APicture(4);
        using var hidden = new SKBitmap(new SKImageInfo(256, 256, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        for (var pixel = 0; pixel < 256 * 256; pixel++)
        {
            hidden.SetPixel(pixel % 256, pixel / 256, bitmap.GetPixel(pixel % 256, pixel / 256).WithAlpha(0));
        }

        Assert.Equal(0, LookOf(Encode(hidden, SKEncodedImageFormat.Png)).Entropy);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 31)]
    [InlineData(32, 32)]
    [InlineData(33, 500)]
    [InlineData(1_000, 3)]
    public void The_cells_of_an_even_image_are_even_whatever_its_size(int width, int height)
    {
        using var bitmap = SKBitmap.Decode(ABlankPng(width, height), new SKImageInfo(width, height, SKColorType.Rgba8888));
        var cells = Luminance.Of(bitmap.GetPixelSpan(), width, height).Cells;

        Assert.All(cells, cell => Assert.Equal(cells[0], cell, tolerance: 0.01));
    }

    [Fact]
    public void A_hash_stays_near_when_an_image_is_scaled_or_compressed()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var original = APng(seed);
            byte[][] copies =
            [
                Scale(original, 256, 256, SKEncodedImageFormat.Jpeg, 80),
                Scale(original, 128, 128, SKEncodedImageFormat.Jpeg, 40),
                Scale(original, 400, 400, SKEncodedImageFormat.Webp, 70),
                Scale(original, 250, 260, SKEncodedImageFormat.Png),
            ];

            Assert.All(copies, copy => Assert.InRange(HashOf(copy).DistanceTo(HashOf(original)), 0, 3));
            Assert.All(copies, copy => Assert.True(LookOf(copy).Colours.IsNear(LookOf(original).Colours)));
        }
    }

    [Fact]
    public void Hashes_of_different_pictures_are_far_apart()
    {
        var hashes = Enumerable.Range(0, 60).Select(seed => HashOf(APng(seed))).ToList();

        var distances = hashes.SelectMany((one, index) => hashes.Skip(index + 1).Select(one.DistanceTo)).ToList();

        Assert.True(distances.Min() > Fingerprints.LargestDistance, $"{distances.Min()}");
        Assert.InRange(distances.Average(), 28, 36);
    }

    [Fact]
    public void The_same_shapes_in_other_colours_are_another_picture()
    {
        using var picture = APicture(5);
        using var tinted = APicture(5);
        for (var pixel = 0; pixel < 256 * 256; pixel++)
        {
            var colour = picture.GetPixel(pixel % 256, pixel / 256);
            tinted.SetPixel(pixel % 256, pixel / 256, new SKColor(colour.Red, colour.Green, (byte)(colour.Blue / 2)));
        }

        var (one, other) = (LookOf(Encode(picture, SKEncodedImageFormat.Png)), LookOf(Encode(tinted, SKEncodedImageFormat.Png)));

        Assert.InRange(one.Hash.DistanceTo(other.Hash), 0, 7);
        Assert.False(one.Colours.IsNear(other.Colours));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 900)]
    [InlineData(9, 7)]
    public void Images_smaller_than_the_parts_have_colours_too(int width, int height) =>
        Assert.True(LookOf(ABlankPng(width, height)).Colours.IsNear(LookOf(ABlankPng()).Colours));

    private static ImageReading Read(byte[] bytes) => ImageReading.Of(bytes, Limit, withAppearance: true);

    private static Appearance LookOf(byte[] bytes) => Assert.IsType<ImageReading.Decoded>(Read(bytes)).Appearance!;

    private static PerceptualHash HashOf(byte[] bytes) => LookOf(bytes).Hash;

    /// <summary>A small PNG whose header, with a right checksum, says it is something else.</summary>
    private static byte[] AGiantByItsHeader(int width, int height)
    {
        var png = APng(1, 16, 16);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), width);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(20), height);
        BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(29), Crc(png.AsSpan(12, 17)));
        return png;
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var next in bytes)
        {
            crc ^= next;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320u;
            }
        }

        return ~crc;
    }
}
