namespace Platform.Moderation;

/// <summary>
/// How bright each part of an image is, on white: enough to tell blank from not, and alike from unlike.
/// </summary>
internal sealed class Luminance
{
    /// <summary>Cells a side of <see cref="Cells"/>.</summary>
    public const int Side = 32;

    private Luminance(float[] cells, double entropy)
    {
        Cells = cells;
        Entropy = entropy;
    }

    /// <summary>
    /// The image shrunk to 32 × 32 cells, each the mean of the pixels it covers; row by row, 0 to 255.
    /// </summary>
    public float[] Cells { get; }

    /// <summary>Bits of the histogram over 256 levels: 0 for one even surface, 8 at most.</summary>
    public double Entropy { get; }

    /// <param name="rgba">Premultiplied, four bytes a pixel, row by row.</param>
    public static Luminance Of(ReadOnlySpan<byte> rgba, int width, int height)
    {
        var histogram = new int[4 * 256]; // four, taken in turn: equal neighbours would wait for each other
        var cells = new float[Side * Side];
        var row = new byte[width];
        var columns = Covers(width);
        var rows = Covers(height);
        var shrunk = new float[Side];
        for (var y = 0; y < height; y++)
        {
            Read(rgba.Slice(y * width * 4, width * 4), row);
            for (var x = 0; x < row.Length; x++)
            {
                histogram[((x & 3) << 8) | row[x]]++;
            }

            Shrink(row, columns, shrunk);
            Spread(shrunk, rows, y, cells);
        }

        return new(cells, EntropyOf(histogram, (long)width * height));
    }

    // Rec. 709 weights in 1/1024; what is transparent shows the white beneath.
    private static void Read(ReadOnlySpan<byte> rgba, Span<byte> row)
    {
        for (var x = 0; x < row.Length; x++)
        {
            var pixel = rgba.Slice(x * 4, 4);
            var level = (((pixel[0] * 218) + (pixel[1] * 732) + (pixel[2] * 74)) >> 10) + 255 - pixel[3];
            row[x] = (byte)Math.Min(level, 255);
        }
    }

    private static Cover[] Covers(int pixels)
    {
        var step = (double)pixels / Side;
        var covers = new Cover[Side];
        for (var cell = 0; cell < Side; cell++)
        {
            var (from, to) = (cell * step, (cell + 1) * step);
            var first = (int)from;
            var last = Math.Min((int)Math.Ceiling(to) - 1, pixels - 1);
            var (firstPart, lastPart) = ((first + 1 - from) / step, (to - last) / step);
            covers[cell] = first >= last
                ? new(first, first, 1, 0, 0)
                : new(first, last, (float)firstPart, (float)lastPart, (float)(1 / step));
        }

        return covers;
    }

    private static void Shrink(ReadOnlySpan<byte> row, ReadOnlySpan<Cover> covers, Span<float> shrunk)
    {
        for (var cell = 0; cell < Side; cell++)
        {
            var cover = covers[cell];
            var between = 0;
            for (var x = cover.First + 1; x < cover.Last; x++)
            {
                between += row[x];
            }

            shrunk[cell] = (row[cover.First] * cover.FirstPart) + (row[cover.Last] * cover.LastPart)
                + (between * cover.BetweenPart);
        }
    }

    private static void Spread(
        ReadOnlySpan<float> shrunk, ReadOnlySpan<Cover> covers, int y, Span<float> cells)
    {
        for (var row = 0; row < Side; row++)
        {
            var part = covers[row].PartOf(y);
            for (var column = 0; part > 0 && column < Side; column++)
            {
                cells[(row * Side) + column] += shrunk[column] * part;
            }
        }
    }

    private static double EntropyOf(int[] histogram, long pixels)
    {
        var entropy = 0.0;
        for (var level = 0; level < 256; level++)
        {
            var count = histogram[level] + histogram[level + 256]
                + histogram[level + 512] + histogram[level + 768];
            if (count > 0)
            {
                var share = (double)count / pixels;
                entropy -= share * Math.Log2(share);
            }
        }

        return entropy;
    }

    /// <summary>
    /// The pixels of a row or column that one cell covers, and the part of the cell that each makes up.
    /// </summary>
    private readonly record struct Cover(
        int First, int Last, float FirstPart, float LastPart, float BetweenPart)
    {
        public float PartOf(int pixel) =>
            pixel < First || pixel > Last ? 0
            : pixel == First ? FirstPart
            : pixel == Last ? LastPart
            : BetweenPart;
    }
}
