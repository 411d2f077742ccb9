using System.Collections;
using System.Numerics;
using System.Text.Json;
using CsCheck;

namespace Platform.Chain.Tests;

public class AbiTests
{
    private static readonly Gen<AbiType> AType = Gen.Recursive<AbiType>((depth, inner) => Gen.Frequency<AbiType>(
        (6, Gen.OneOf<AbiType>(
            Gen.Int[1, 32].Select(bytes => (AbiType)new AbiType.UnsignedInteger(bytes * 8)),
            Gen.Int[1, 32].Select(bytes => (AbiType)new AbiType.SignedInteger(bytes * 8)),
            Gen.Int[1, 32].Select(length => (AbiType)new AbiType.FixedBytes(length)),
            Gen.OneOfConst<AbiType>(new AbiType.Account(), new AbiType.Boolean(), new AbiType.Bytes(), new AbiType.Text()))),
        (depth < 3 ? 1 : 0, inner.Select(element => (AbiType)new AbiType.DynamicArray(element))),
        (depth < 3 ? 1 : 0, Gen.Select(inner, Gen.Int[1, 3], (element, length) => (AbiType)new AbiType.FixedArray(element, length))),
        (depth < 3 ? 2 : 0, inner.Array[0, 3].Select(members => (AbiType)new AbiType.Tuple([.. members])))));

    private static readonly Gen<(AbiType[] Types, object[] Values)> Typed = AType.Array[0, 4].SelectMany(types =>
        types.Length == 0 ? Gen.Const((types, Array.Empty<object>()))
        : Sequence([.. types.Select(ValueOf)]).Select(values => (types, values)));

    // The Solidity documentation, "Contract ABI Specification", examples.
    [Theory]
    [InlineData("baz(uint32,bool)", "cdcd77c0")]
    [InlineData("bar(bytes3[2])", "fce353f6")]
    [InlineData("sam(bytes,bool,uint256[])", "a5643bf2")]
    [InlineData("f(uint256,uint32[],bytes10,bytes)", "8be65246")]
    [InlineData("g(uint256[][],string[])", "2289b18c")]
    public void Selects_as_the_Solidity_documentation_does(string signature, string selector) =>
        Assert.Equal(selector, Convert.ToHexStringLower(Abi.Selector(signature)));

    [Fact]
    public void Encodes_the_Solidity_documentations_static_and_dynamic_examples()
    {
        Assert.Equal(
            "cdcd77c0" + Word("45") + Word("1"),
            Convert.ToHexStringLower(Abi.EncodeCall("baz(uint32,bool)", [69, true])));
        Assert.Equal(
            "fce353f6" + "616263".PadRight(64, '0') + "646566".PadRight(64, '0'),
            Convert.ToHexStringLower(Abi.EncodeCall("bar(bytes3[2])", [new[] { "abc"u8.ToArray(), "def"u8.ToArray() }])));
        Assert.Equal(
            "a5643bf2" + Word("60") + Word("1") + Word("a0") + Word("4") + "64617665".PadRight(64, '0')
                + Word("3") + Word("1") + Word("2") + Word("3"),
            Convert.ToHexStringLower(Abi.EncodeCall(
                "sam(bytes,bool,uint256[])", ["dave"u8.ToArray(), true, new BigInteger[] { 1, 2, 3 }])));
        Assert.Equal(
            "8be65246" + Word("123") + Word("80") + "31323334353637383930".PadRight(64, '0') + Word("e0")
                + Word("2") + Word("456") + Word("789") + Word("d") + "48656c6c6f2c20776f726c6421".PadRight(64, '0'),
            Convert.ToHexStringLower(Abi.EncodeCall(
                "f(uint256,uint32[],bytes10,bytes)",
                [0x123, new[] { 0x456, 0x789 }, "1234567890"u8.ToArray(), "Hello, world!"u8.ToArray()])));
        Assert.Equal(
            "2289b18c" + Word("40") + Word("140") + Word("2") + Word("40") + Word("a0") + Word("2") + Word("1") + Word("2")
                + Word("1") + Word("3") + Word("3") + Word("60") + Word("a0") + Word("e0") + Word("3") + Utf8Word("one")
                + Word("3") + Utf8Word("two") + Word("5") + Utf8Word("three"),
            Convert.ToHexStringLower(Abi.EncodeCall(
                "g(uint256[][],string[])",
                [new int[][] { [1, 2], [3] }, new[] { "one", "two", "three" }])));
    }

    [Fact]
    public void Encodes_and_decodes_as_viem_does()
    {
        foreach (var vector in Vectors.Read("abi-viem.json").GetProperty("cases").EnumerateArray())
        {
            var types = AbiType.ParseList(vector.Text("types").Replace(" ", "", StringComparison.Ordinal));
            object[] values = [.. vector.GetProperty("values").EnumerateArray().Select((value, i) => ValueOf(types[i], value))];

            var encoded = AbiEncoder.Encode(types, values);

            Assert.Equal(vector.Text("encoded"), Hex.Encode(encoded));
            Assert.True(Same(values, AbiDecoder.Decode(types, encoded)), vector.Text("types"));
        }
    }

    [Theory]
    [InlineData("uint", "uint256")]
    [InlineData("int", "int256")]
    [InlineData("function", "bytes24")]
    [InlineData("(uint,(bytes32,string[])[2])[]", "(uint256,(bytes32,string[])[2])[]")]
    [InlineData("()", "()")]
    public void Names_types_canonically(string text, string name) => Assert.Equal(name, AbiType.Parse(text).Name);

    [Theory]
    [InlineData("uint7")]
    [InlineData("uint264")]
    [InlineData("uint08")]
    [InlineData("int0")]
    [InlineData("bytes33")]
    [InlineData("bytes0")]
    [InlineData("fixed128x18")]
    [InlineData("uint256[0]")]
    [InlineData("uint256[-1]")]
    [InlineData("uint256[01]")]
    [InlineData("uint256[99999999999]")]
    [InlineData("uint256[1000000][1000000]")]
    [InlineData("uint256[")]
    [InlineData("uint256]")]
    [InlineData("(uint256")]
    [InlineData("(uint256,)")]
    [InlineData("(,uint256)")]
    [InlineData("uint256 ")]
    [InlineData("")]
    public void Refuses_what_is_no_type(string text) => Assert.Throws<FormatException>(() => AbiType.Parse(text));

    [Fact]
    public void Refuses_types_nested_without_end()
    {
        Assert.Throws<FormatException>(() => AbiType.Parse(new string('(', 100_000)));
        Assert.Throws<FormatException>(() => AbiType.Parse("uint8" + string.Concat(Enumerable.Repeat("[]", 100_000))));
    }

    [Theory]
    [InlineData("uint8", 256)]
    [InlineData("uint8", -1)]
    [InlineData("int8", 128)]
    [InlineData("int8", -129)]
    [InlineData("bool", 1)]
    [InlineData("address", "0x0000000000000000000000000000000000000000")]
    [InlineData("bytes", "text")]
    [InlineData("string", 5)]
    [InlineData("uint8[]", "text")]
    public void Refuses_a_value_that_is_not_of_its_type(string type, object value) =>
        Assert.Throws<AbiException>(() => AbiEncoder.Encode([AbiType.Parse(type)], [value]));

    [Theory]
    [InlineData("uint8", "100", 0)]
    [InlineData("int8", "80", 0)]
    [InlineData("bool", "2", 0)]
    [InlineData("address", "10000000000000000000000000000000000000000", 0)]
    [InlineData("bytes4", "1", 0)]
    [InlineData("bytes", "ffffffff", 0)]
    [InlineData("bytes", "20", 32)]
    [InlineData("uint256[2]", "1", 0)]
    public void Refuses_a_word_out_of_range_and_says_where(string type, string word, int offset)
    {
        var refusal = Assert.Throws<AbiException>(
            () => AbiDecoder.Decode([AbiType.Parse(type)], Convert.FromHexString(Word(word))));

        Assert.Equal(offset, refusal.Offset);
        Assert.Contains($"offset {offset}", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Is_not_blown_up_by_offsets_that_point_twice_at_the_same_bytes()
    {
        // Each level's thousand offsets point at the next level's one array: 1,000^10 values in 320 KB.
        const int Width = 1000;
        const int Depth = 10;
        var data = new byte[32 + (Depth * (Width + 1) * 32)];
        Put(data, 0, 32);

        for (var level = 0; level < Depth; level++)
        {
            var at = 32 + (level * (Width + 1) * 32);
            Put(data, at, Width);

            for (var i = 0; i < Width; i++)
            {
                Put(data, at + 32 + (i * 32), level < Depth - 1 ? Width * 32 : 0);
            }
        }

        var type = AbiType.Parse("uint256" + string.Concat(Enumerable.Repeat("[]", Depth)));

        Assert.Throws<AbiException>(() => AbiDecoder.Decode([type], data));
    }

    [Fact]
    public void Is_not_blown_up_by_elements_that_take_no_bytes()
    {
        byte[] data = [.. Convert.FromHexString(Word("20")), .. Convert.FromHexString(Word("7fffffff"))];

        Assert.Throws<AbiException>(() => AbiDecoder.Decode([AbiType.Parse("()[]")], data));
    }

    [Fact]
    public void Is_not_blown_up_by_one_text_told_many_times()
    {
        var type = AbiType.Parse("string[]");
        var encoded = AbiEncoder.Encode([type], [Enumerable.Repeat(new string('x', 1000), 20).ToArray()]);

        Assert.Throws<AbiException>(() => AbiDecoder.Decode([type], encoded, new AbiLimits { MaxTextBytes = 19_999 }));
        Assert.Single(AbiDecoder.Decode([type], encoded, new AbiLimits { MaxTextBytes = 20_000 }));
    }

    [Fact]
    public void Brings_values_of_any_type_back() => Typed.Sample(
        sample => Same(sample.Values, AbiDecoder.Decode(sample.Types, AbiEncoder.Encode(sample.Types, sample.Values))), iter: 2_000);

    [Fact]
    public void Brings_any_type_back_from_its_name() => AType.Sample(type => type.Equals(AbiType.Parse(type.Name)));

    [Fact]
    public void Never_fails_on_random_bytes_but_as_it_says() =>
        Gen.Select(AType.Array[1, 3], Gen.Select(Gen.Int[0, 255], Gen.Int[0, 30], (value, zeros) =>
            new byte[zeros].Append((byte)value)).Array[0, 20]).Sample((types, words) =>
        {
            try
            {
                AbiDecoder.Decode(types, words.SelectMany(word => word).ToArray());
            }
            catch (AbiException)
            {
                // what it says
            }
        }, iter: 20_000);

    [Fact]
    public void Never_fails_on_damaged_values_but_as_it_says() =>
        Gen.Select(Typed, Gen.Int[0, int.MaxValue], Gen.Byte).Sample((sample, place, value) =>
        {
            var encoded = AbiEncoder.Encode(sample.Types, sample.Values);

            if (encoded.Length > 0)
            {
                encoded[place % encoded.Length] = value;
            }

            try
            {
                AbiDecoder.Decode(sample.Types, encoded);
            }
            catch (AbiException)
            {
                // what it says
            }
        }, iter: 5_000);

    private static string Word(string hex) => hex.PadLeft(64, '0');

    private static string Utf8Word(string text) => Convert.ToHexStringLower(System.Text.Encoding.UTF8.GetBytes(text)).PadRight(64, '0');

    private static void Put(byte[] data, int at, int value) =>
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(data.AsSpan(at + 28), value);

    private static Gen<object[]> Sequence(Gen<object>[] gens) => gens.Aggregate(
        Gen.Const(Array.Empty<object>()), (all, next) => Gen.Select(all, next, (values, value) => (object[])[.. values, value]));

    private static Gen<object> ValueOf(AbiType type) => type switch
    {
        AbiType.UnsignedInteger number => Gen.Byte.Array[0, number.Bits / 8]
            .Select(bytes => (object)new BigInteger(bytes, isUnsigned: true, isBigEndian: true)),
        AbiType.SignedInteger number => Gen.Byte.Array[0, number.Bits / 8]
            .Select(bytes => (object)new BigInteger(bytes, isUnsigned: false, isBigEndian: true)),
        AbiType.Account => Gen.Byte.Array[20].Select(bytes => (object)new Address(bytes)),
        AbiType.Boolean => Gen.Bool.Select(truth => (object)truth),
        AbiType.FixedBytes { Length: 32 } => Gen.Byte.Array[32].Select(bytes => (object)new Hash32(bytes)),
        AbiType.FixedBytes fixedBytes => Gen.Byte.Array[fixedBytes.Length].Select(bytes => (object)bytes),
        AbiType.Bytes => Gen.Byte.Array[0, 70].Select(bytes => (object)bytes),
        AbiType.Text => Gen.String[Gen.Char[' ', '\uD7FF'], 0, 40].Select(text => (object)text),
        AbiType.DynamicArray array => ValueOf(array.Element).Array[0, 3].Select(items => (object)items),
        AbiType.FixedArray array => ValueOf(array.Element).Array[array.Length].Select(items => (object)items),
        AbiType.Tuple tuple => Sequence([.. tuple.Members.Select(ValueOf)]).Select(values => (object)values),
        _ => throw new ArgumentException(type.Name),
    };

    private static object ValueOf(AbiType type, JsonElement json) => type switch
    {
        AbiType.UnsignedInteger or AbiType.SignedInteger => BigInteger.Parse(json.ToString()),
        AbiType.Account => Address.Parse(json.GetString()!),
        AbiType.Boolean => json.GetBoolean(),
        AbiType.FixedBytes { Length: 32 } => Hash32.Parse(json.GetString()!),
        AbiType.FixedBytes or AbiType.Bytes => Hex.Decode(json.GetString()!),
        AbiType.Text => json.GetString()!,
        AbiType.DynamicArray array => json.EnumerateArray().Select(item => ValueOf(array.Element, item)).ToArray(),
        AbiType.FixedArray array => json.EnumerateArray().Select(item => ValueOf(array.Element, item)).ToArray(),
        AbiType.Tuple tuple => json.EnumerateArray().Select((item, i) => ValueOf(tuple.Members[i], item)).ToArray(),
        _ => throw new ArgumentException(type.Name),
    };

    private static bool Same(object left, object right) => (left, right) switch
    {
        (byte[] bytes, ReadOnlyMemory<byte> memory) => memory.Span.SequenceEqual(bytes),
        (IEnumerable items, object[] others) when left is not string =>
            items.Cast<object>().ToArray() is var array && array.Length == others.Length && array.Zip(others).All(pair => Same(pair.First, pair.Second)),
        _ => left.Equals(right),
    };
}
