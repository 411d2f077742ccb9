namespace Platform.Moderation;

/// <summary>The mean colours of an image's 8 × 8 parts: what a hash of shapes does not see.</summary>
/// <remarks>
/// Pictures of one campaign share their layout, and so most of a perceptual hash. Measured on the house
/// artist's pictures: copies, scaled and compressed to quality 40, differed here by less than 3 levels; of
/// different pictures with near hashes only emblems of one layout, but for a small motif, came as close.
/// </remarks>
internal sealed class Colours
{
    private const int Side = 8;

    private const int Channels = 3;

    private const int LargestDifference = 3;

    private readonly byte[] means;

    private Colours(byte[] means) => this.means = means;

    public static Colours Of(ReadOnlySpan<byte> rgba, int width, int height)
    {
        var means = new byte[Side * Side * Channels];
        for (var part = 0; part < Side * Side; part++)
        {
            var (left, right) = Span(part % Side, width);
            var (top, bottom) = Span(part / Side, height);
            var (red, green, blue, white) = (0L, 0L, 0L, 0L);
            for (var y = top; y < bottom; y++)
            {
                var row = rgba[(((y * width) + left) * 4)..(((y * width) + right) * 4)];
                for (var x = 0; x < row.Length; x += 4)
                {
                    red += row[x];
                    green += row[x + 1];
                    blue += row[x + 2];
                    white += 255 - row[x + 3]; // what is transparent shows the white beneath
                }
            }

            var pixels = (long)(right - left) * (bottom - top);
            means[part * Channels] = (byte)((red + white) / pixels);
            means[(part * Channels) + 1] = (byte)((green + white) / pixels);
            means[(part * Channels) + 2] = (byte)((blue + white) / pixels);
        }

        return new(means);
    }

    public static Colours Read(byte[] kept) => new(kept);

    public byte[] ToBytes() => means;

    public bool IsNear(Colours other)
    {
        var difference = 0;
        for (var index = 0; index < means.Length; index++)
        {
            difference += Math.Abs(means[index] - other.means[index]);
        }

        return difference <= LargestDifference * means.Length;
    }

    // At least one pixel, of images smaller than the parts are many.
    private static (int From, int To) Span(int part, int pixels)
    {
        var from = (int)((long)part * pixels / Side);
        return (from, Math.Max(from + 1, (int)((part + 1L) * pixels / Side)));
    }
}
