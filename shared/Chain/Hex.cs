using System.Globalization;
using System.Numerics;

namespace Platform.Chain;

/// <summary>
/// Hexadecimal as Ethereum's JSON-RPC writes it: <c>0x</c> and two lower-case digits a byte.
/// </summary>
public static class Hex
{
    /// <summary>Writes bytes as <c>0x…</c> in lower case; no bytes are <c>0x</c>.</summary>
    public static string Encode(ReadOnlySpan<byte> bytes) => "0x" + Convert.ToHexStringLower(bytes);

    /// <summary>Reads <c>0x…</c> (or bare digits), upper and lower case.</summary>
    /// <exception cref="FormatException">An odd number of digits, or something that is no digit.</exception>
    public static byte[] Decode(string hex)
    {
        ArgumentNullException.ThrowIfNull(hex);
        var digits = WithoutPrefix(hex);

        return TryDecode(hex, out var bytes)
            ? bytes
            : throw new FormatException(digits.Length % 2 != 0
                ? $"Hex must have an even number of digits, this has {digits.Length}."
                : "Hex must have digits 0-9, a-f, A-F only.");
    }

    /// <summary>As <see cref="Decode"/>, telling by its answer whether it could.</summary>
    public static bool TryDecode(string? hex, out byte[] bytes)
    {
        var digits = WithoutPrefix(hex);
        bytes = new byte[digits.Length / 2];

        return hex is not null && digits.Length % 2 == 0 && TryDecode(digits, bytes);
    }

    /// <summary>JSON-RPC's QUANTITY: digits without leading zeros, zero as <c>0x0</c>.</summary>
    internal static string Quantity(BigInteger value) =>
        value.IsZero ? "0x0" : $"0x{value.ToString("x", CultureInfo.InvariantCulture).TrimStart('0')}";

    internal static ReadOnlySpan<char> WithoutPrefix(ReadOnlySpan<char> hex) =>
        hex.StartsWith("0x", StringComparison.Ordinal) ? hex[2..] : hex;

    /// <summary>Digits without a prefix into exactly as many bytes.</summary>
    internal static bool TryDecode(ReadOnlySpan<char> digits, Span<byte> bytes) =>
        digits.Length == bytes.Length * 2
        && Convert.FromHexString(digits, bytes, out _, out var written) == System.Buffers.OperationStatus.Done
        && written == bytes.Length;
}
