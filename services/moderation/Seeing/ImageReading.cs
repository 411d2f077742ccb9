using SkiaSharp;

namespace Platform.Moderation;

/// <summary>What an image's bytes turned out to be.</summary>
internal abstract record ImageReading
{
    /// <summary>Pixels a side beyond which nothing is decoded, whatever a policy allows.</summary>
    public const int LargestSide = 16_384;

    /// <summary>Four bytes each while an image is decoded: 256 MB.</summary>
    public const long MostPixels = 64L << 20;

    /// <summary>Not an image, or not all of one.</summary>
    public sealed record Undecodable : ImageReading;

    /// <summary>Its header says it is larger than may be; not a pixel of it was decoded.</summary>
    public sealed record TooLarge : ImageReading;

    /// <param name="Appearance">Null when nobody wants to look at the pixels.</param>
    public sealed record Decoded(int Width, int Height, bool IsAnimated, Appearance? Appearance)
        : ImageReading;

    /// <summary>Reads the header, then, if it is within the limits, every pixel.</summary>
    /// <param name="largestSide">Pixels; at most <see cref="LargestSide"/>.</param>
    public static ImageReading Of(ReadOnlySpan<byte> bytes, int largestSide, bool withAppearance)
    {
        using var data = SKData.CreateCopy(bytes);
        using var codec = SKCodec.Create(data);
        if (codec is null)
        {
            return new Undecodable();
        }

        var (width, height) = (codec.Info.Width, codec.Info.Height);
        if (width > largestSide || height > largestSide || (long)width * height > MostPixels)
        {
            return new TooLarge();
        }

        using var bitmap = new SKBitmap();
        var format = new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Premul);
        if (!bitmap.TryAllocPixels(format)
            || codec.GetPixels(format, bitmap.GetPixels()) != SKCodecResult.Success)
        {
            return new Undecodable();
        }

        var appearance = withAppearance ? Appearance.Of(bitmap.GetPixelSpan(), width, height) : null;
        return new Decoded(width, height, codec.FrameCount > 1, appearance);
    }
}
