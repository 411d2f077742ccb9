using System.Numerics;

namespace Platform.Moderation;

/// <summary>
/// 64 bits that an image nearly keeps when it is scaled or compressed, and another does not have.
/// </summary>
/// <remarks>The signs of the luminance's 8 × 8 lowest frequencies (DCT-II) against their median.</remarks>
internal readonly record struct PerceptualHash(ulong Bits)
{
    private const int Side = Luminance.Side;

    private const int Low = 8;

    // Low[u, x] = cos((2x + 1) u π / 64); scale does not matter to a median.
    private static readonly float[] Cosines =
        [.. Enumerable.Range(0, Low * Side).Select(index =>
            (float)Math.Cos(((2 * (index % Side)) + 1) * (index / Side) * Math.PI / (2 * Side)))];

    public static PerceptualHash Of(Luminance luminance)
    {
        Span<float> frequencies = stackalloc float[Low * Low];
        Transform(luminance.Cells, frequencies);

        // The mean says how bright, not what: the highest frequency stands in for it.
        frequencies[0] = frequencies[^1];
        Span<float> sorted = stackalloc float[Low * Low];
        frequencies.CopyTo(sorted);
        sorted.Sort();
        var median = (sorted[(Low * Low / 2) - 1] + sorted[Low * Low / 2]) / 2;
        var bits = 0UL;
        for (var index = 0; index < frequencies.Length; index++)
        {
            bits |= frequencies[index] > median ? 1UL << index : 0;
        }

        return new(bits);
    }

    public int DistanceTo(PerceptualHash other) => BitOperations.PopCount(Bits ^ other.Bits);

    private static void Transform(ReadOnlySpan<float> cells, Span<float> frequencies)
    {
        Span<float> rows = stackalloc float[Side * Low];
        for (var y = 0; y < Side; y++)
        {
            for (var u = 0; u < Low; u++)
            {
                var sum = 0f;
                for (var x = 0; x < Side; x++)
                {
                    sum += cells[(y * Side) + x] * Cosines[(u * Side) + x];
                }

                rows[(y * Low) + u] = sum;
            }
        }

        for (var v = 0; v < Low; v++)
        {
            for (var u = 0; u < Low; u++)
            {
                var sum = 0f;
                for (var y = 0; y < Side; y++)
                {
                    sum += rows[(y * Low) + u] * Cosines[(v * Side) + y];
                }

                frequencies[(v * Low) + u] = sum;
            }
        }
    }
}
