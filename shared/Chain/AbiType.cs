using System.Collections.Immutable;
using System.Globalization;

namespace Platform.Chain;

/// <summary>A type of Solidity's contract ABI, as function signatures name it.</summary>
/// <remarks>
/// What a value of each type is in C#, when decoded: integers are <see cref="System.Numerics.BigInteger"/>,
/// bytes32
/// is <see cref="Hash32"/>, shorter bytesN and bytes are <see cref="ReadOnlyMemory{T}"/> of byte, arrays and
/// tuples
/// are <c>object[]</c>; address, bool and string are what they are called. The encoder also takes C#'s own
/// integers,
/// <c>byte[]</c> and any enumerable.
/// </remarks>
public abstract record AbiType
{
    private AbiType()
    {
    }

    /// <summary>
    /// The canonical name that is hashed into selectors, such as <c>uint256[2][]</c> or
    /// <c>(address,bool)</c>.
    /// </summary>
    public abstract string Name { get; }

    /// <summary>Whether the head holds an offset to the value instead of the value.</summary>
    public virtual bool IsDynamic => false;

    /// <summary>How many bytes the value takes in the head: 32 for an offset.</summary>
    public virtual int HeadLength => 32;

    public sealed override string ToString() => Name;

    /// <summary>uint8 … uint256.</summary>
    public sealed record UnsignedInteger : AbiType
    {
        /// <exception cref="ArgumentOutOfRangeException">Not a multiple of 8 from 8 to 256.</exception>
        public UnsignedInteger(int bits) => Bits = CheckedBits(bits);

        public int Bits { get; }

        public override string Name => $"uint{Bits}";
    }

    /// <summary>int8 … int256, two's complement.</summary>
    public sealed record SignedInteger : AbiType
    {
        /// <exception cref="ArgumentOutOfRangeException">Not a multiple of 8 from 8 to 256.</exception>
        public SignedInteger(int bits) => Bits = CheckedBits(bits);

        public int Bits { get; }

        public override string Name => $"int{Bits}";
    }

    /// <summary>An account.</summary>
    public sealed record Account : AbiType
    {
        public override string Name => "address";
    }

    /// <summary>True or false.</summary>
    public sealed record Boolean : AbiType
    {
        public override string Name => "bool";
    }

    /// <summary>bytes1 … bytes32, left-aligned.</summary>
    public sealed record FixedBytes : AbiType
    {
        /// <exception cref="ArgumentOutOfRangeException">Not 1 to 32.</exception>
        public FixedBytes(int length)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(length, 32);
            Length = length;
        }

        public int Length { get; }

        public override string Name => $"bytes{Length}";
    }

    /// <summary>A byte string of any length.</summary>
    public sealed record Bytes : AbiType
    {
        public override string Name => "bytes";

        public override bool IsDynamic => true;
    }

    /// <summary>A text in UTF-8.</summary>
    public sealed record Text : AbiType
    {
        public override string Name => "string";

        public override bool IsDynamic => true;
    }

    /// <summary>An array whose length the type does not say: <c>T[]</c>.</summary>
    public sealed record DynamicArray(AbiType Element) : AbiType
    {
        public override string Name => $"{Element.Name}[]";

        public override bool IsDynamic => true;
    }

    /// <summary>An array whose length is part of the type: <c>T[k]</c>.</summary>
    public sealed record FixedArray : AbiType
    {
        /// <exception cref="ArgumentOutOfRangeException">No element, or more head than a message could
        /// have.</exception>
        public FixedArray(AbiType element, int length)
        {
            ArgumentNullException.ThrowIfNull(element);
            ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(length, MaxHead / Math.Max(32, element.HeadLength));
            Element = element;
            Length = length;
        }

        public AbiType Element { get; }

        public int Length { get; }

        public override string Name => $"{Element.Name}[{Length.ToString(CultureInfo.InvariantCulture)}]";

        public override bool IsDynamic => Element.IsDynamic;

        public override int HeadLength => IsDynamic ? 32 : Length * Element.HeadLength;
    }

    /// <summary>A struct: its members in order.</summary>
    public sealed record Tuple(ImmutableArray<AbiType> Members) : AbiType
    {
        public override string Name => $"({string.Join(',', Members.Select(member => member.Name))})";

        public override bool IsDynamic => Members.Any(member => member.IsDynamic);

        public override int HeadLength => IsDynamic ? 32 : Members.Sum(member => member.HeadLength);

        public bool Equals(Tuple? other) => other is not null && Members.SequenceEqual(other.Members);

        public override int GetHashCode() => string.GetHashCode(Name, StringComparison.Ordinal);
    }

    private const int MaxHead = 1 << 24;

    /// <summary>
    /// Reads a type's name: <c>uint</c>, <c>int</c> and <c>function</c> are taken as what they stand for.
    /// </summary>
    /// <exception cref="FormatException">No type of Solidity 0.8; <c>fixed</c> is none, no compiler takes
    /// it.</exception>
    public static AbiType Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var rest = text.AsSpan();
        var type = Read(ref rest, text, 0);

        return rest.IsEmpty ? type : throw Bad(text);
    }

    /// <summary>
    /// Reads several names separated by commas, such as the inside of a signature's brackets.
    /// </summary>
    /// <exception cref="FormatException">One of them is no type.</exception>
    public static ImmutableArray<AbiType> ParseList(string text) =>
        Parse($"({text})") is Tuple list ? list.Members : throw Bad(text);

    private static AbiType Read(ref ReadOnlySpan<char> rest, string text, int depth)
    {
        if (depth > 32)
        {
            throw new FormatException($"The ABI type nests deeper than 32: {text[..64]}…");
        }

        var type = rest.StartsWith("(") ? ReadTuple(ref rest, text, depth) : ReadWord(ref rest, text);
        var suffixes = 0;

        while (rest.StartsWith("["))
        {
            var end = rest.IndexOf(']');
            var length = end < 1 || ++suffixes > 32 ? throw Bad(text) : rest[1..end];
            type = length.IsEmpty ? new DynamicArray(type)
                : IsCount(length) && int.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                    && count > 0 && count <= MaxHead / Math.Max(32, type.HeadLength) ? new FixedArray(type, count)
                : throw Bad(text);
            rest = rest[(end + 1)..];
        }

        return type;
    }

    private static Tuple ReadTuple(ref ReadOnlySpan<char> rest, string text, int depth)
    {
        var members = ImmutableArray.CreateBuilder<AbiType>();
        rest = rest[1..];

        while (!rest.StartsWith(")"))
        {
            members.Add(Read(ref rest, text, depth + 1));

            if (rest.StartsWith(",") && !rest.StartsWith(",)"))
            {
                rest = rest[1..];
            }
            else if (!rest.StartsWith(")"))
            {
                throw Bad(text);
            }
        }

        rest = rest[1..];

        return new Tuple(members.DrainToImmutable());
    }

    private static AbiType ReadWord(ref ReadOnlySpan<char> rest, string text)
    {
        var length = rest.IndexOfAny("[](),");
        var word = length < 0 ? rest : rest[..length];
        rest = rest[word.Length..];

        return word switch
        {
            "address" => new Account(),
            "bool" => new Boolean(),
            "string" => new Text(),
            "bytes" => new Bytes(),
            "function" => new FixedBytes(24),
            "uint" => new UnsignedInteger(256),
            "int" => new SignedInteger(256),
            _ when Suffix(word, "uint") is var bits and >= 8 and <= 256 && bits % 8 == 0 => new UnsignedInteger(bits),
            _ when Suffix(word, "int") is var bits and >= 8 and <= 256 && bits % 8 == 0 => new SignedInteger(bits),
            _ when Suffix(word, "bytes") is var size and >= 1 and <= 32 => new FixedBytes(size),
            _ => throw Bad(text),
        };
    }

    private static int Suffix(ReadOnlySpan<char> word, string prefix) =>
        word.StartsWith(prefix, StringComparison.Ordinal) && IsCount(word[prefix.Length..])
            && int.TryParse(word[prefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : -1;

    // A number has one spelling: the name is hashed.
    private static bool IsCount(ReadOnlySpan<char> digits) => !digits.IsEmpty && digits[0] is >= '1' and <= '9';

    private static int CheckedBits(int bits)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bits, 8);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bits, 256);

        return bits % 8 == 0 ? bits : throw new ArgumentOutOfRangeException(nameof(bits), "Bits come in bytes.");
    }

    private static FormatException Bad(string text) => new($"No ABI type: {text}");
}
