using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Platform.Chain;

/// <summary>An address as a JSON string; read as <see cref="Address.Parse"/> does, written with its checksum.</summary>
internal sealed class AddressJsonConverter : JsonConverter<Address>
{
    public override Address Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && Address.TryParse(reader.GetString(), out var address, out _)
            ? address
            : throw new JsonException("Not an address.");

    public override void Write(Utf8JsonWriter writer, Address value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}

/// <summary>32 bytes as a JSON string.</summary>
internal sealed class Hash32JsonConverter : JsonConverter<Hash32>
{
    public override Hash32 Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        Span<char> text = stackalloc char[66];
        Span<byte> bytes = stackalloc byte[Hash32.Length];

        return reader.TokenType == JsonTokenType.String
            && !reader.HasValueSequence
            && reader.ValueSpan.Length == 66
            && reader.CopyString(text) == 66
            && text is ['0', 'x', .. var digits]
            && Hex.TryDecode(digits, bytes)
                ? new Hash32(bytes)
                : throw new JsonException("Not 32 bytes.");
    }

    public override void Write(Utf8JsonWriter writer, Hash32 value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}

/// <summary>JSON-RPC's QUANTITY: 0x and digits; nodes' leading zeros are let pass.</summary>
internal sealed class QuantityJsonConverter : JsonConverter<ulong>
{
    public override ulong Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        BigQuantityJsonConverter.Parse(ref reader) is var number && number <= ulong.MaxValue
            ? (ulong)number
            : throw new JsonException("A quantity of more than 64 bits.");

    public override void Write(Utf8JsonWriter writer, ulong value, JsonSerializerOptions options) =>
        writer.WriteStringValue($"0x{value:x}");
}

/// <summary>A QUANTITY of up to 256 bits.</summary>
internal sealed class BigQuantityJsonConverter : JsonConverter<BigInteger>
{
    public override BigInteger Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Parse(ref reader);

    public override void Write(Utf8JsonWriter writer, BigInteger value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.IsZero ? "0x0" : $"0x{value.ToString("x", CultureInfo.InvariantCulture).TrimStart('0')}");

    internal static BigInteger Parse(ref Utf8JsonReader reader)
    {
        var text = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;

        // A leading 0 keeps .NET from reading the first digit as a sign.
        return text is ['0', 'x', _, ..] && text.Length <= 66
            && BigInteger.TryParse($"0{text.AsSpan(2)}", NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw new JsonException("Not a quantity.");
    }
}

/// <summary>JSON-RPC's DATA: 0x and two digits a byte.</summary>
internal sealed class DataJsonConverter : JsonConverter<byte[]>
{
    public override byte[] Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String
        && reader.GetString() is ['0', 'x', ..] text
        && Hex.TryDecode(text, out var bytes)
            ? bytes
            : throw new JsonException("Not data.");

    public override void Write(Utf8JsonWriter writer, byte[] value, JsonSerializerOptions options) =>
        writer.WriteStringValue(Hex.Encode(value));
}
