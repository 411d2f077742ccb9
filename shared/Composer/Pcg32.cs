using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Platform.Composer;

/// <summary>PCG-XSH-RR 64/32: the artist's dice, the same on every machine and runtime.</summary>
internal sealed class Pcg32
{
    private readonly ulong _increment;
    private ulong _state;

    private Pcg32(ulong state, ulong sequence)
    {
        _increment = (sequence << 1) | 1;
        _state = state + _increment;
        Next();
    }

    /// <summary>Independent dice per purpose: one more throw in one place moves nothing elsewhere.</summary>
    public static Pcg32 From(ReadOnlySpan<byte> seed, string purpose)
    {
        var input = new byte[seed.Length + Encoding.UTF8.GetByteCount(purpose)];
        seed.CopyTo(input);
        Encoding.UTF8.GetBytes(purpose, input.AsSpan(seed.Length));
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(input, digest);
        return new Pcg32(
            BinaryPrimitives.ReadUInt64LittleEndian(digest),
            BinaryPrimitives.ReadUInt64LittleEndian(digest[8..]));
    }

    public uint Next()
    {
        var old = _state;
        _state = unchecked((old * 6364136223846793005UL) + _increment);
        var shifted = (uint)(((old >> 18) ^ old) >> 27);
        return uint.RotateRight(shifted, (int)(old >> 59));
    }

    /// <summary>A whole number in [0, bound), without modulo bias.</summary>
    public int Below(int bound)
    {
        var limit = (uint)bound;
        var threshold = unchecked(0u - limit) % limit;
        uint value;
        do
        {
            value = Next();
        }
        while (value < threshold);
        return (int)(value % limit);
    }

    /// <summary>A whole number in [low, high].</summary>
    public int Between(int low, int high) => low + Below(high - low + 1);

    public double Unit() => Next() / 4294967296.0;

    public double Between(double low, double high) => low + ((high - low) * Unit());

    public bool Chance(double probability) => Unit() < probability;

    public T Pick<T>(params ReadOnlySpan<T> items) => items[Below(items.Length)];

    /// <summary>An index drawn in proportion to its weight.</summary>
    public int Weighted(params ReadOnlySpan<double> weights)
    {
        var total = 0.0;
        foreach (var weight in weights)
        {
            total += weight;
        }

        var mark = Unit() * total;
        for (var i = 0; i < weights.Length; i++)
        {
            mark -= weights[i];
            if (mark < 0)
            {
                return i;
            }
        }

        return weights.Length - 1;
    }

    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = Below(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }
}
