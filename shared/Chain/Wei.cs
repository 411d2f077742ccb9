using System.Globalization;
using System.Numerics;
using System.Text.Json.Serialization;

namespace Platform.Chain;

/// <summary>An amount of ether in its smallest unit: 10^18 wei are one ether.</summary>
/// <remarks>
/// Written as a decimal string everywhere outside the chain, because no JSON number is wide enough.
/// </remarks>
[JsonConverter(typeof(WeiJsonConverter))]
public readonly record struct Wei(BigInteger Value) : IComparable<Wei>
{
    private const decimal WeiPerGwei = 1_000_000_000m;

    /// <summary>Nothing.</summary>
    public static Wei Zero => default;

    /// <summary>Gwei (10^9 wei), the unit in which people speak of fees.</summary>
    /// <exception cref="ArgumentException">More than nine decimals: no whole number of wei.</exception>
    public static Wei FromGwei(decimal gwei) => FromUnits(gwei, new BigInteger(WeiPerGwei));

    /// <summary>Ether (10^18 wei).</summary>
    /// <exception cref="ArgumentException">More than eighteen decimals: no whole number of wei.</exception>
    public static Wei FromEther(decimal ether) => FromUnits(ether, BigInteger.Pow(10, 18));

    /// <summary>Reads a decimal string, as <see cref="ToString"/> writes it.</summary>
    /// <exception cref="FormatException">Not a whole number.</exception>
    public static Wei Parse(string text) =>
        new(BigInteger.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture));

    /// <inheritdoc cref="Parse"/>
    public static bool TryParse(string? text, out Wei wei)
    {
        const NumberStyles Digits = NumberStyles.AllowLeadingSign;
        var read = BigInteger.TryParse(text, Digits, CultureInfo.InvariantCulture, out var value);
        wei = new Wei(value);

        return read;
    }

    public int CompareTo(Wei other) => Value.CompareTo(other.Value);

    /// <summary>The decimal digits, with no unit.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);

    public static Wei operator +(Wei left, Wei right) => new(left.Value + right.Value);

    public static Wei operator -(Wei left, Wei right) => new(left.Value - right.Value);

    public static Wei operator *(Wei left, BigInteger right) => new(left.Value * right);

    public static bool operator <(Wei left, Wei right) => left.CompareTo(right) < 0;

    public static bool operator >(Wei left, Wei right) => left.CompareTo(right) > 0;

    public static bool operator <=(Wei left, Wei right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Wei left, Wei right) => left.CompareTo(right) >= 0;

    private static Wei FromUnits(decimal amount, BigInteger weiPerUnit)
    {
        // A decimal is an integer over a power of ten: exact where a multiplication of decimals would overflow.
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(amount, bits);
        var scale = BigInteger.Pow(10, (bits[3] >> 16) & 0xff);
        var (wei, rest) = BigInteger.DivRem(Unscaled(bits) * weiPerUnit, scale);

        return rest.IsZero
            ? new Wei(wei)
            : throw new ArgumentException($"{amount} is no whole number of wei.", nameof(amount));
    }

    private static BigInteger Unscaled(ReadOnlySpan<int> bits)
    {
        var magnitude = (uint)bits[0] + ((BigInteger)(uint)bits[1] << 32) + ((BigInteger)(uint)bits[2] << 64);

        return bits[3] < 0 ? -magnitude : magnitude;
    }
}
