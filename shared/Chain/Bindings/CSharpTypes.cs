namespace Platform.Chain.Bindings;

/// <summary>How an ABI value is typed in C#, and how it goes to the codec and comes back.</summary>
internal sealed class CSharpTypes(IReadOnlyDictionary<string, string> structNames)
{
    public string NameOf(AbiParameter parameter) => Name(parameter.Type, parameter);

    /// <summary>An event's topic: of what does not fit a word, the hash.</summary>
    public string NameOfTopic(AbiParameter parameter) => IsHashed(parameter) ? "Hash32" : NameOf(parameter);

    /// <summary>The expression the encoder takes.</summary>
    public static string ToAbi(AbiParameter parameter, string expression) => To(parameter.Type, expression, 0);

    /// <summary>The typed value in what the decoder gave.</summary>
    public string FromAbi(AbiParameter parameter, string expression) =>
        parameter.Indexed && IsHashed(parameter)
            ? $"(Hash32){expression}"
            : From(parameter.Type, parameter, expression, 0);

    private static bool IsHashed(AbiParameter parameter) => parameter.Type
        is AbiType.Bytes or AbiType.Text or AbiType.DynamicArray or AbiType.FixedArray or AbiType.Tuple;

    private string Name(AbiType type, AbiParameter parameter) => type switch
    {
        AbiType.UnsignedInteger { Bits: <= 8 } => "byte",
        AbiType.UnsignedInteger { Bits: <= 16 } => "ushort",
        AbiType.UnsignedInteger { Bits: <= 32 } => "uint",
        AbiType.UnsignedInteger { Bits: <= 64 } => "ulong",
        AbiType.SignedInteger { Bits: <= 8 } => "sbyte",
        AbiType.SignedInteger { Bits: <= 16 } => "short",
        AbiType.SignedInteger { Bits: <= 32 } => "int",
        AbiType.SignedInteger { Bits: <= 64 } => "long",
        AbiType.UnsignedInteger or AbiType.SignedInteger => "BigInteger",
        AbiType.Account => "Address",
        AbiType.Boolean => "bool",
        AbiType.FixedBytes { Length: Hash32.Length } => "Hash32",
        AbiType.FixedBytes or AbiType.Bytes => "ReadOnlyMemory<byte>",
        AbiType.Text => "string",
        AbiType.DynamicArray array => $"IReadOnlyList<{Name(array.Element, parameter)}>",
        AbiType.FixedArray array => $"IReadOnlyList<{Name(array.Element, parameter)}>",
        AbiType.Tuple => structNames[parameter.Struct!],
        _ => throw new FormatException($"{type} has no C# type."),
    };

    private static string To(AbiType type, string expression, int depth) => type switch
    {
        AbiType.Tuple => $"{expression}.ToAbi()",
        AbiType.DynamicArray array when HoldsTuple(array.Element) => ToItems(array.Element, expression, depth),
        AbiType.FixedArray array when HoldsTuple(array.Element) => ToItems(array.Element, expression, depth),
        _ => expression,
    };

    private static string ToItems(AbiType element, string expression, int depth) =>
        Mapped(expression, depth, item => To(element, item, depth + 1));

    private string From(AbiType type, AbiParameter parameter, string expression, int depth) => type switch
    {
        AbiType.UnsignedInteger { Bits: <= 64 } or AbiType.SignedInteger { Bits: <= 64 } =>
            $"({Name(type, parameter)})(BigInteger){expression}",
        AbiType.Tuple => $"{Name(type, parameter)}.FromAbi((object[]){expression})",
        AbiType.DynamicArray array => FromItems(array.Element, parameter, expression, depth),
        AbiType.FixedArray array => FromItems(array.Element, parameter, expression, depth),
        _ => $"({Name(type, parameter)}){expression}",
    };

    private string FromItems(AbiType element, AbiParameter parameter, string expression, int depth) =>
        Mapped($"((object[]){expression})", depth, item => From(element, parameter, item, depth + 1));

    private static string Mapped(string expression, int depth, Func<string, string> item) =>
        $"{expression}.Select(item{depth} => {item($"item{depth}")}).ToArray()";

    private static bool HoldsTuple(AbiType type) => type switch
    {
        AbiType.Tuple => true,
        AbiType.DynamicArray array => HoldsTuple(array.Element),
        AbiType.FixedArray array => HoldsTuple(array.Element),
        _ => false,
    };
}
