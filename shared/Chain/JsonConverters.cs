using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Platform.Chain;

/// <summary>
/// An address as a JSON string; read as <see cref="Address.Parse"/> does, written with its checksum.
/// </summary>
internal sealed class AddressJsonConverter : JsonConverter<Address>
{
    public override Address Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        Span<byte> bytes = stackalloc byte[Address.Length];

        // Nodes write lower case, which has no checksum to hold it to.
        if (HexJson.TryRead(ref reader, bytes) && !reader.ValueSpan.ContainsAnyInRange((byte)'A', (byte)'F'))
        {
            return new Address(bytes);
        }

        var text = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;

        return Address.TryParse(text, out var address, out _) ? address : throw new JsonException("Not an address.");
    }

    public override void Write(Utf8JsonWriter writer, Address value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}

/// <summary>32 bytes as a JSON string.</summary>
internal sealed class Hash32JsonConverter : JsonConverter<Hash32>
{
    public override Hash32 Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        Span<byte> bytes = stackalloc byte[Hash32.Length];

        return HexJson.TryRead(ref reader, bytes) ? new Hash32(bytes) : throw new JsonException("Not 32 bytes.");
    }

    public override void Write(Utf8JsonWriter writer, Hash32 value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}

/// <summary>An amount as a JSON string of decimal digits, as everywhere outside the chain.</summary>
internal sealed class WeiJsonConverter : JsonConverter<Wei>
{
    public override Wei Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && Wei.TryParse(reader.GetString(), out var wei)
            ? wei
            : throw new JsonException("Not an amount of wei in decimal digits.");

    public override void Write(Utf8JsonWriter writer, Wei value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}

/// <summary>JSON-RPC's QUANTITY: 0x and digits; nodes' leading zeros are let pass.</summary>
internal sealed class QuantityJsonConverter : JsonConverter<ulong>
{
    public override ulong Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        HexJson.TryDigits(ref reader, out var digits)
        && Utf8Parser.TryParse(digits, out ulong number, out var read, 'x')
        && read == digits.Length
            ? number
            : throw new JsonException("Not a quantity of at most 64 bits.");

    public override void Write(Utf8JsonWriter writer, ulong value, JsonSerializerOptions options) =>
        writer.WriteStringValue($"0x{value:x}");
}

/// <summary>A QUANTITY of up to 256 bits.</summary>
internal sealed class BigQuantityJsonConverter : JsonConverter<BigInteger>
{
    public override BigInteger Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Parse(ref reader);

    public override void Write(Utf8JsonWriter writer, BigInteger value, JsonSerializerOptions options) =>
        writer.WriteStringValue(Hex.Quantity(value));

    internal static BigInteger Parse(ref Utf8JsonReader reader)
    {
        var text = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;

        // A leading 0 keeps .NET from reading the first digit as a sign.
        return text is ['0', 'x', _, ..] && text.Length <= 66
            && BigInteger.TryParse(
                $"0{text.AsSpan(2)}", NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw new JsonException("Not a quantity.");
    }
}

/// <summary>JSON-RPC's DATA: 0x and two digits a byte.</summary>
internal sealed class DataJsonConverter : JsonConverter<byte[]>
{
    public override byte[] Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (HexJson.TryDigits(ref reader, out var digits) && digits.Length % 2 == 0)
        {
            var bytes = new byte[digits.Length / 2];

            if (HexJson.TryRead(ref reader, bytes))
            {
                return bytes;
            }
        }

        throw new JsonException("Not data.");
    }

    public override void Write(Utf8JsonWriter writer, byte[] value, JsonSerializerOptions options) =>
        writer.WriteStringValue(Hex.Encode(value));
}

/// <summary>
/// Hexadecimal straight from the JSON's bytes: a page of logs has hundreds of thousands of these strings.
/// </summary>
internal static class HexJson
{
    /// <summary>The digits after 0x of an unescaped string.</summary>
    public static bool TryDigits(ref Utf8JsonReader reader, out ReadOnlySpan<byte> digits)
    {
        var isHex = reader.TokenType == JsonTokenType.String
            && !reader.HasValueSequence
            && !reader.ValueIsEscaped
            && reader.ValueSpan.StartsWith("0x"u8);
        digits = isHex ? reader.ValueSpan[2..] : default;

        return isHex;
    }

    /// <summary>Exactly as many bytes as there is room for.</summary>
    public static bool TryRead(ref Utf8JsonReader reader, scoped Span<byte> bytes) =>
        TryDigits(ref reader, out var digits)
        && digits.Length == 2 * bytes.Length
        && Convert.FromHexString(digits, bytes, out _, out var written) == OperationStatus.Done
        && written == bytes.Length;
}
