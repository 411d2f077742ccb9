using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;

namespace Platform.EmbeddedMongo;

/// <summary>An IEEE 754 decimal in BSON's binary integer form, for comparison and keys only.</summary>
internal readonly record struct Decimal128(bool Negative, UInt128 Coefficient, int Exponent, double Special)
{
    private const int Bias = 6176;

    /// <summary>NaN or an infinity in <see cref="Special"/>; zero means a finite number.</summary>
    public bool IsFinite => Special == 0;

    public static Decimal128 Read(ReadOnlySpan<byte> value)
    {
        var low = BinaryPrimitives.ReadUInt64LittleEndian(value);
        var high = BinaryPrimitives.ReadUInt64LittleEndian(value[8..]);
        var negative = high >> 63 != 0;
        if ((high >> 58 & 0x1F) == 0x1F)
        {
            return new(negative, 0, 0, double.NaN);
        }

        if ((high >> 58 & 0x1F) == 0x1E)
        {
            return new(negative, 0, 0, negative ? double.NegativeInfinity : double.PositiveInfinity);
        }

        // The form for coefficients over 113 bits holds none that is canonical: they count as zero.
        return (high >> 61 & 3) == 3
            ? new(negative, 0, 0, 0)
            : new(negative, new UInt128(high & 0x1_FFFF_FFFF_FFFF, low), (int)(high >> 49 & 0x3FFF) - Bias, 0);
    }

    public double ToDouble() => IsFinite
        ? double.Parse($"{(Negative ? "-" : "")}{Coefficient}E{Exponent}", CultureInfo.InvariantCulture)
        : Special;

    /// <summary>Compares exactly with a finite double.</summary>
    public int CompareTo(double other)
    {
        var bits = BitConverter.DoubleToInt64Bits(other);
        var exponent = (int)(bits >> 52 & 0x7FF);
        var mantissa = bits & 0xF_FFFF_FFFF_FFFF;
        (mantissa, exponent) = exponent == 0 ? (mantissa, -1074) : (mantissa | 1L << 52, exponent - 1075);
        BigInteger right = bits < 0 ? -mantissa : mantissa;
        BigInteger left = Coefficient;
        left = Negative ? -left : left;

        if (Exponent >= 0)
        {
            left *= BigInteger.Pow(10, Exponent);
        }
        else
        {
            right *= BigInteger.Pow(10, -Exponent);
        }

        if (exponent >= 0)
        {
            right <<= exponent;
        }
        else
        {
            left <<= -exponent;
        }

        return left.CompareTo(right);
    }
}
