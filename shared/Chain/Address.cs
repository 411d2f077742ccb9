using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Serialization;

namespace Platform.Chain;

/// <summary>An Ethereum account's 20-byte address, written with EIP-55's mixed-case checksum.</summary>
/// <remarks>Ordered by unsigned bytes, the order in which a batch's recipients strictly ascend.</remarks>
[JsonConverter(typeof(AddressJsonConverter))]
public readonly record struct Address : IComparable<Address>
{
    /// <summary>The number of bytes.</summary>
    public const int Length = 20;

    private readonly ulong first;
    private readonly ulong second;
    private readonly uint third;

    /// <summary>Takes exactly 20 bytes.</summary>
    /// <exception cref="ArgumentException">There are more or fewer.</exception>
    public Address(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length)
        {
            throw new ArgumentException($"An address cannot have {bytes.Length} bytes; it has 20.", nameof(bytes));
        }

        first = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        second = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        third = BinaryPrimitives.ReadUInt32BigEndian(bytes[16..]);
    }

    /// <summary>The zero address: nobody; what ERC-721 mints from and burns to.</summary>
    public static Address Zero => default;

    /// <summary>Whether this is <see cref="Zero"/>.</summary>
    public bool IsZero => this == default;

    /// <summary>
    /// Reads <c>0x</c> and 40 digits: all lower case, all upper case, or EIP-55's mixed case.
    /// </summary>
    /// <exception cref="FormatException">Bad length, digit or checksum; the message says what it should
    /// be.</exception>
    public static Address Parse(string text) =>
        TryParse(text, out var address, out var error) ? address : throw new FormatException(error);

    /// <summary>As <see cref="Parse"/>; the error says what is wrong and what it should be.</summary>
    public static bool TryParse(string? text, out Address address, out string? error)
    {
        address = default;
        Span<byte> bytes = stackalloc byte[Length];
        error = text switch
        {
            null => "An address must be 0x and 40 hexadecimal digits; there is none.",
            _ when !text.StartsWith("0x", StringComparison.Ordinal) => "An address must start with 0x.",
            _ when text.Length != 2 + (2 * Length) =>
                $"An address must have 40 hexadecimal digits after 0x, this has {text.Length - 2}.",
            _ when !Hex.TryDecode(text.AsSpan(2), bytes) =>
                "An address must have hexadecimal digits (0-9, a-f, A-F) only.",
            _ => null,
        };

        if (error is not null)
        {
            return false;
        }

        var read = new Address(bytes);
        var digits = text.AsSpan(2);

        if (digits.ContainsAnyInRange('a', 'f') && digits.ContainsAnyInRange('A', 'F') && read.ToString() != text)
        {
            error = $"The address's mixed case is not its EIP-55 checksum; it should be {read}.";
            return false;
        }

        address = read;
        return true;
    }

    /// <summary>Writes the 20 bytes.</summary>
    public void WriteTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, first);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], second);
        BinaryPrimitives.WriteUInt32BigEndian(destination[16..], third);
    }

    /// <summary>The 20 bytes in an array of their own.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[Length];
        WriteTo(bytes);

        return bytes;
    }

    /// <summary>
    /// The address of a contract made by CREATE: the hash of sender and the nonce it was made at.
    /// </summary>
    public static Address OfCreated(Address creator, ulong nonce)
    {
        Span<byte> hash = stackalloc byte[Hash32.Length];
        Keccak.Hash256(Rlp.Encode(Rlp.List(Rlp.Bytes(creator.ToArray()), Rlp.Integer(nonce))), hash);

        return new Address(hash[12..]);
    }

    /// <summary>The address of a contract made by CREATE2 (EIP-1014).</summary>
    public static Address OfCreated2(Address creator, Hash32 salt, Hash32 initCodeHash)
    {
        Span<byte> input = stackalloc byte[1 + Length + Hash32.Length + Hash32.Length];
        input[0] = 0xff;
        creator.WriteTo(input[1..]);
        salt.CopyTo(input[(1 + Length)..]);
        initCodeHash.CopyTo(input[(1 + Length + Hash32.Length)..]);
        Span<byte> hash = stackalloc byte[Hash32.Length];
        Keccak.Hash256(input, hash);

        return new Address(hash[12..]);
    }

    /// <summary>Unsigned byte order.</summary>
    public int CompareTo(Address other)
    {
        var order = first.CompareTo(other.first);
        order = order != 0 ? order : second.CompareTo(other.second);

        return order != 0 ? order : third.CompareTo(other.third);
    }

    /// <summary><c>0x</c> and 40 lower-case digits, as JSON-RPC writes addresses.</summary>
    public string ToLowerHex()
    {
        Span<byte> bytes = stackalloc byte[Length];
        WriteTo(bytes);

        return Hex.Encode(bytes);
    }

    /// <summary>
    /// EIP-55: a digit is upper case where the hash of the lower-case digits has a nibble of 8 or more.
    /// </summary>
    public override string ToString() => string.Create(2 + (2 * Length), this, static (text, address) =>
    {
        Span<byte> lower = stackalloc byte[2 * Length];
        Span<byte> hash = stackalloc byte[Hash32.Length];
        var hex = address.ToLowerHex();
        Encoding.ASCII.GetBytes(hex.AsSpan(2), lower);
        Keccak.Hash256(lower, hash);
        hex.CopyTo(text);

        for (var digit = 0; digit < 2 * Length; digit++)
        {
            var nibble = digit % 2 == 0 ? hash[digit / 2] >> 4 : hash[digit / 2] & 0xf;
            text[2 + digit] = nibble >= 8 ? char.ToUpperInvariant(text[2 + digit]) : text[2 + digit];
        }
    });

    public static bool operator <(Address left, Address right) => left.CompareTo(right) < 0;

    public static bool operator >(Address left, Address right) => left.CompareTo(right) > 0;

    public static bool operator <=(Address left, Address right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Address left, Address right) => left.CompareTo(right) >= 0;
}
