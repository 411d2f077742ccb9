namespace Platform.Content;

/// <summary>The text forms of bytes that a CID may come in, each under its multibase prefix.</summary>
/// <remarks>Quadratic in the length for base58btc and base36, hence the limit on the text.</remarks>
public static class Multibase
{
    /// <summary>RFC 4648 base32, lower case, without padding: the form this house writes.</summary>
    public const char Base32 = 'b';

    /// <summary>base58btc: what js-ipfs answers, and CIDv0 without the prefix.</summary>
    public const char Base58Btc = 'z';

    /// <summary>Hexadecimal, lower case.</summary>
    public const char Base16 = 'f';

    /// <summary>base36, lower case: fits a DNS label.</summary>
    public const char Base36 = 'k';

    /// <summary>Characters; the longest CID taken here has 329, in base16.</summary>
    public const int MaximumTextLength = 512;

    private const string Alphabet16 = "0123456789abcdef";
    private const string Alphabet32 = "abcdefghijklmnopqrstuvwxyz234567";
    private const string Alphabet36 = "0123456789abcdefghijklmnopqrstuvwxyz";
    private const string Alphabet58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

    /// <summary>Writes bytes as text, the prefix first.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The prefix is none of the constants above.</exception>
    public static string Encode(char prefix, ReadOnlySpan<byte> bytes)
    {
        return prefix switch
        {
            Base16 => prefix + Convert.ToHexStringLower(bytes),
            Base32 => prefix + EncodeBits(bytes),
            Base36 => prefix + EncodeNumber(bytes, Alphabet36),
            Base58Btc => prefix + EncodeNumber(bytes, Alphabet58),
            _ => throw new ArgumentOutOfRangeException(
                nameof(prefix), prefix, "Not a multibase prefix written here."),
        };
    }

    /// <summary>
    /// Reads prefixed text; base16, base32 and base36 also in upper case under their upper-case prefix.
    /// </summary>
    /// <exception cref="FormatException">Names what is wrong and at which character.</exception>
    public static byte[] Decode(string text)
    {
        return Explain(text, out var bytes) is { } reason
            ? throw new FormatException($"'{Shorten(text)}' is not multibase text: {reason}.")
            : bytes;
    }

    /// <summary>Null, or the reason why the text is refused.</summary>
    internal static string? Explain(string text, out byte[] bytes)
    {
        bytes = [];

        if (text.Length == 0)
        {
            return "it is empty";
        }

        if (text.Length > MaximumTextLength)
        {
            return $"it has {text.Length} characters, more than {MaximumTextLength}";
        }

        return text[0] switch
        {
            'b' => DecodeBits(text, 1, 5, Alphabet32, out bytes),
            'B' => DecodeBits(text, 1, 5, Alphabet32.ToUpperInvariant(), out bytes),
            'f' => DecodeBits(text, 1, 4, Alphabet16, out bytes),
            'F' => DecodeBits(text, 1, 4, Alphabet16.ToUpperInvariant(), out bytes),
            'k' => DecodeNumber(text, 1, Alphabet36, out bytes),
            'K' => DecodeNumber(text, 1, Alphabet36.ToUpperInvariant(), out bytes),
            'z' => DecodeNumber(text, 1, Alphabet58, out bytes),
            _ => $"the multibase prefix '{text[0]}' is unknown (known are b, z, f, k)",
        };
    }

    internal static string? ExplainBase58(string text, out byte[] bytes)
    {
        return DecodeNumber(text, 0, Alphabet58, out bytes);
    }

    internal static string EncodeBase58(ReadOnlySpan<byte> bytes)
    {
        return EncodeNumber(bytes, Alphabet58);
    }

    internal static string Shorten(string text)
    {
        return text.Length <= 80 ? text : string.Concat(text.AsSpan(0, 77), "...");
    }

    private static string EncodeBits(ReadOnlySpan<byte> bytes)
    {
        var text = new char[((bytes.Length * 8) + 4) / 5];
        var (buffer, bits, index) = (0, 0, 0);

        foreach (var next in bytes)
        {
            buffer = ((buffer << 8) | next) & 0xfff;
            bits += 8;

            for (; bits >= 5; bits -= 5)
            {
                text[index++] = Alphabet32[(buffer >> (bits - 5)) & 31];
            }
        }

        if (bits > 0)
        {
            text[index] = Alphabet32[(buffer << (5 - bits)) & 31];
        }

        return new string(text);
    }

    private static string? DecodeBits(string text, int start, int width, string alphabet, out byte[] bytes)
    {
        bytes = [];
        var total = (text.Length - start) * width;
        var result = new byte[total / 8];
        var (buffer, bits, count) = (0, 0, 0);

        for (var index = start; index < text.Length; index++)
        {
            var digit = alphabet.IndexOf(text[index], StringComparison.Ordinal);

            if (digit < 0)
            {
                return UnknownCharacter(text, index, alphabet.Length);
            }

            buffer = ((buffer << width) | digit) & 0xfff;
            bits += width;

            if (bits >= 8)
            {
                bits -= 8;
                result[count++] = (byte)(buffer >> bits);
            }
        }

        // A whole character too many carries nothing; set bits in the last one would make two texts of one value.
        if (bits >= width)
        {
            return $"base{alphabet.Length} text cannot have {text.Length - start} characters";
        }

        if ((buffer & ((1 << bits) - 1)) != 0)
        {
            return $"the unused bits of its last character '{text[^1]}' are not zero";
        }

        bytes = result;
        return null;
    }

    private static string EncodeNumber(ReadOnlySpan<byte> bytes, string alphabet)
    {
        var zeros = bytes.IndexOfAnyExcept((byte)0);
        zeros = zeros < 0 ? bytes.Length : zeros;
        var digits = new List<byte>(bytes.Length * 2);

        foreach (var next in bytes[zeros..])
        {
            var carry = (int)next;

            for (var index = 0; index < digits.Count; index++)
            {
                carry += digits[index] << 8;
                digits[index] = (byte)(carry % alphabet.Length);
                carry /= alphabet.Length;
            }

            for (; carry > 0; carry /= alphabet.Length)
            {
                digits.Add((byte)(carry % alphabet.Length));
            }
        }

        return string.Create(zeros + digits.Count, (digits, zeros, alphabet), static (text, state) =>
        {
            text[..state.zeros].Fill(state.alphabet[0]);

            for (var index = 0; index < state.digits.Count; index++)
            {
                text[^(index + 1)] = state.alphabet[state.digits[index]];
            }
        });
    }

    private static string? DecodeNumber(string text, int start, string alphabet, out byte[] bytes)
    {
        bytes = [];
        var zeros = 0;

        while (start + zeros < text.Length && text[start + zeros] == alphabet[0])
        {
            zeros++;
        }

        var reversed = new List<byte>(text.Length);

        for (var index = start + zeros; index < text.Length; index++)
        {
            var carry = alphabet.IndexOf(text[index], StringComparison.Ordinal);

            if (carry < 0)
            {
                return UnknownCharacter(text, index, alphabet.Length);
            }

            for (var place = 0; place < reversed.Count; place++)
            {
                carry += reversed[place] * alphabet.Length;
                reversed[place] = (byte)carry;
                carry >>= 8;
            }

            if (carry > 0)
            {
                reversed.Add((byte)carry);
            }
        }

        reversed.Reverse();
        bytes = [.. new byte[zeros], .. reversed];
        return null;
    }

    private static string UnknownCharacter(string text, int index, int alphabet)
    {
        return $"'{text[index]}' at character {index} is not of base{alphabet}";
    }
}
