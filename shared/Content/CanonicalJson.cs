using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Platform.Content;

/// <summary>
/// JSON has no canonical form: a lone surrogate, a key twice, a number that is no finite double.
/// </summary>
public sealed class CanonicalJsonException(string message) : FormatException(message);

/// <summary>Writes JSON in the one form that can be hashed and signed (RFC 8785, JCS).</summary>
/// <remarks>
/// Keys by their UTF-16 code units, numbers as ECMAScript writes a double, no spaces, UTF-8 without escapes
/// but the required ones. As the RFC has it, an integer beyond 2^53 becomes the nearest double: write such
/// numbers as strings.
/// </remarks>
public static class CanonicalJson
{
    /// <summary>Levels of nesting, as System.Text.Json reads by default.</summary>
    public const int MaximumDepth = 64;

    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>The canonical UTF-8 bytes of an element.</summary>
    /// <exception cref="CanonicalJsonException">The element has no canonical form.</exception>
    public static byte[] Serialize(JsonElement element)
    {
        var output = new ArrayBufferWriter<byte>();
        Write(output, element, 0);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>The canonical UTF-8 bytes of a node; null is JSON's null.</summary>
    /// <exception cref="CanonicalJsonException">The node has no canonical form.</exception>
    public static byte[] Serialize(JsonNode? node)
    {
        var output = new ArrayBufferWriter<byte>();
        Write(output, node, 0);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>A number as ECMAScript's Number::toString writes it.</summary>
    /// <exception cref="CanonicalJsonException">Not finite.</exception>
    public static string Format(double number)
    {
        if (!double.IsFinite(number))
        {
            throw new CanonicalJsonException(
                $"{number} has no canonical form: JSON numbers are finite doubles.");
        }

        if (number == 0)
        {
            return "0"; // also for -0, which ECMAScript does not show
        }

        // The shortest digits that read back as the same double, whatever their layout.
        var text = Math.Abs(number).ToString("R", CultureInfo.InvariantCulture);
        var (digits, point) = Digits(text);
        var layout = point switch
        {
            > 21 or <= -6 => Exponential(digits, point - 1),
            <= 0 => "0." + new string('0', -point) + digits,
            _ when digits.Length <= point => digits.PadRight(point, '0'),
            _ => digits.Insert(point, "."),
        };

        return number < 0 ? "-" + layout : layout;
    }

    /// <summary>Significant digits d1d2…dk and n, so that the number is 0.d1d2…dk · 10^n.</summary>
    private static (string Digits, int Point) Digits(string text)
    {
        var mark = text.IndexOf('E', StringComparison.Ordinal);
        var exponent = mark < 0 ? 0 : int.Parse(text.AsSpan(mark + 1), NumberStyles.AllowLeadingSign);
        var mantissa = mark < 0 ? text : text[..mark];
        var dot = mantissa.IndexOf('.', StringComparison.Ordinal);
        var point = dot < 0 ? mantissa.Length : dot;
        var digits = mantissa.Replace(".", "", StringComparison.Ordinal);
        var significant = digits.TrimStart('0');
        return (significant.TrimEnd('0'), point + exponent - (digits.Length - significant.Length));
    }

    private static string Exponential(string digits, int exponent)
    {
        var mantissa = digits.Length == 1 ? digits : digits.Insert(1, ".");
        return $"{mantissa}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent)}";
    }

    private static void Write(ArrayBufferWriter<byte> output, JsonElement element, int depth)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(
                    output, element.EnumerateObject(), Key, pair => Write(output, pair.Value, depth + 1), depth);
                break;
            case JsonValueKind.Array:
                WriteArray(output, element.EnumerateArray(), item => Write(output, item, depth + 1), depth);
                break;
            case JsonValueKind.String:
                WriteString(output, Read(() => element.GetString()!));
                break;
            case JsonValueKind.Number:
                WriteAscii(output, Format(element.GetDouble()));
                break;
            case JsonValueKind.Undefined:
                throw new CanonicalJsonException("An undefined element has no canonical form.");
            default:
                WriteAscii(output, element.GetRawText());
                break;
        }

        static string Key(JsonProperty member)
        {
            return Read(() => member.Name);
        }
    }

    private static void Write(ArrayBufferWriter<byte> output, JsonNode? node, int depth)
    {
        switch (node)
        {
            case null:
                WriteAscii(output, "null");
                break;
            case JsonObject members:
                WriteObject(
                    output,
                    Members(members),
                    pair => pair.Key,
                    pair => Write(output, pair.Value, depth + 1),
                    depth);
                break;
            case JsonArray items:
                WriteArray(output, items, item => Write(output, item, depth + 1), depth);
                break;
            case JsonValue value when value.TryGetValue<JsonElement>(out var element):
                Write(output, element, depth);
                break;
            case JsonValue value when value.TryGetValue<string>(out var text):
                WriteString(output, text);
                break;
            case JsonValue value when value.TryGetValue<double>(out var number):
                WriteAscii(output, Format(number));
                break;
            case JsonValue value when value.TryGetValue<float>(out var number) && !float.IsFinite(number):
                WriteAscii(output, Format(number));
                break;
            default: // a Guid, a date, a decimal …: as the serializer writes it
                Write(output, JsonSerializer.SerializeToElement(node), depth);
                break;
        }
    }

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Members(JsonObject members)
    {
        try
        {
            return [.. members];
        }
        catch (ArgumentException) // a node read from text finds out only now
        {
            throw new CanonicalJsonException("An object has a key twice.");
        }
        catch (InvalidOperationException)
        {
            throw new CanonicalJsonException("A key has a lone surrogate, or is not UTF-8.");
        }
    }

    private static void WriteObject<T>(
        ArrayBufferWriter<byte> output,
        IEnumerable<T> members,
        Func<T, string> key,
        Action<T> write,
        int depth)
    {
        RefuseDepth(depth);
        var sorted = members.Select(member => (Key: key(member), Member: member)).ToList();
        sorted.Sort(static (left, right) => string.CompareOrdinal(left.Key, right.Key));
        WriteAscii(output, "{");

        for (var index = 0; index < sorted.Count; index++)
        {
            if (index > 0)
            {
                if (sorted[index].Key == sorted[index - 1].Key)
                {
                    throw new CanonicalJsonException($"An object has the key '{sorted[index].Key}' twice.");
                }

                WriteAscii(output, ",");
            }

            WriteString(output, sorted[index].Key);
            WriteAscii(output, ":");
            write(sorted[index].Member);
        }

        WriteAscii(output, "}");
    }

    private static void WriteArray<T>(
        ArrayBufferWriter<byte> output, IEnumerable<T> items, Action<T> write, int depth)
    {
        RefuseDepth(depth);
        WriteAscii(output, "[");
        var separator = "";

        foreach (var item in items)
        {
            WriteAscii(output, separator);
            write(item);
            separator = ",";
        }

        WriteAscii(output, "]");
    }

    private static void WriteString(ArrayBufferWriter<byte> output, string text)
    {
        var escaped = new StringBuilder(text.Length + 2).Append('"');

        foreach (var next in text)
        {
            _ = next switch
            {
                '"' => escaped.Append("\\\""),
                '\\' => escaped.Append("\\\\"),
                '\b' => escaped.Append("\\b"),
                '\t' => escaped.Append("\\t"),
                '\n' => escaped.Append("\\n"),
                '\f' => escaped.Append("\\f"),
                '\r' => escaped.Append("\\r"),
                < ' ' => escaped.Append("\\u").Append(((int)next).ToString("x4")),
                _ => escaped.Append(next),
            };
        }

        try
        {
            output.Write(Utf8.GetBytes(escaped.Append('"').ToString()));
        }
        catch (EncoderFallbackException)
        {
            throw new CanonicalJsonException("A string has a lone surrogate.");
        }
    }

    private static void WriteAscii(ArrayBufferWriter<byte> output, string text)
    {
        output.Write(Encoding.ASCII.GetBytes(text));
    }

    /// <summary>System.Text.Json says so only when the text is taken.</summary>
    private static string Read(Func<string> text)
    {
        try
        {
            return text();
        }
        catch (InvalidOperationException)
        {
            throw new CanonicalJsonException("A string has a lone surrogate, or is not UTF-8.");
        }
    }

    private static void RefuseDepth(int depth)
    {
        if (depth >= MaximumDepth)
        {
            throw new CanonicalJsonException($"Nested deeper than {MaximumDepth} levels.");
        }
    }
}
