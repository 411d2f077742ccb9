using System.Buffers.Binary;
using System.Globalization;

namespace Platform.Embedded;

/// <summary>The 32 bytes that a picture's chance is drawn from.</summary>
internal static class Seed
{
    private const int Length = 32;

    /// <exception cref="UserErrorException">Neither a number nor 64 hexadecimal digits.</exception>
    public static byte[] Parse(string text)
    {
        var digits = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text[2..] : text;
        if (digits.Length == 2 * Length && digits.All(char.IsAsciiHexDigit))
        {
            return Convert.FromHexString(digits);
        }

        if (!ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            throw new UserErrorException(
                $"--seed {text}: use a whole number from 0 to {ulong.MaxValue}, or {2 * Length} hexadecimal digits.");
        }

        var seed = new byte[Length];
        BinaryPrimitives.WriteUInt64BigEndian(seed.AsSpan(Length - sizeof(ulong)), number);
        return seed;
    }
}
