using System.Security.Cryptography;
using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto.EC;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Math.EC;
using Org.BouncyCastle.Math.EC.Multiplier;
using ECPoint = Org.BouncyCastle.Math.EC.ECPoint;

namespace Platform.Chain;

/// <summary>
/// A secp256k1 private key and the account it controls; signs with RFC 6979's nonces and low s (EIP-2).
/// </summary>
/// <remarks>
/// The same digest always gets the same signature, so a transaction signed again has the same hash. Safe for
/// several
/// threads. BouncyCastle's arithmetic is not constant-time in every step: the key belongs on a machine of
/// one's own.
/// </remarks>
public sealed class EthereumKey : IDisposable
{
    private static readonly X9ECParameters Curve = CustomNamedCurves.GetByName("secp256k1");
    private static readonly BigInteger Order = Curve.N;
    private static readonly BigInteger HalfOrder = Order.ShiftRight(1);
    private static readonly FixedPointCombMultiplier BasePoint = new();

    private readonly byte[] secret;
    private bool disposed;

    private EthereumKey(byte[] secret)
    {
        this.secret = secret;
        Address = AddressOf(BasePoint.Multiply(Curve.G, Number(secret)));
    }

    /// <summary>The account this key controls: the last 20 bytes of its public key's hash.</summary>
    public Address Address { get; }

    /// <summary>A new key from the system's secure random numbers.</summary>
    public static EthereumKey Create()
    {
        var secret = new byte[32];

        do
        {
            RandomNumberGenerator.Fill(secret);
        }
        while (!IsScalar(secret));

        return new EthereumKey(secret);
    }

    /// <summary>Takes 32 bytes, which are copied.</summary>
    /// <exception cref="ArgumentException">Not 32 bytes, zero, or not below the group order.</exception>
    public static EthereumKey FromBytes(ReadOnlySpan<byte> secret) =>
        secret.Length == 32 && IsScalar(secret)
            ? new EthereumKey(secret.ToArray())
            : throw new ArgumentException("A private key is 32 bytes in secp256k1's range.", nameof(secret));

    /// <summary>Takes 64 hexadecimal digits, with or without <c>0x</c>.</summary>
    /// <exception cref="FormatException">Not that; the message does not repeat what was given.</exception>
    public static EthereumKey FromHex(string hex)
    {
        ArgumentNullException.ThrowIfNull(hex);
        Span<byte> secret = stackalloc byte[32];

        try
        {
            return Hex.TryDecode(Hex.WithoutPrefix(hex), secret) && IsScalar(secret)
                ? new EthereumKey(secret.ToArray())
                : throw new FormatException("A private key is 64 hexadecimal digits in secp256k1's range.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <summary>The 32 secret bytes, for a keystore; the caller clears them.</summary>
    public byte[] ExportPrivateKey()
    {
        ObjectDisposedException.ThrowIf(disposed, this);

        return [.. secret];
    }

    /// <summary>Signs a digest that was made by hashing; never one that somebody else chose.</summary>
    public Signature Sign(Hash32 digest)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        var key = Number(secret);
        var message = Number(digest.ToArray());
        using var nonces = new DeterministicNonces(secret, digest);

        while (true)
        {
            var nonce = nonces.Next();
            var point = BasePoint.Multiply(Curve.G, nonce).Normalize();
            var x = point.AffineXCoord.ToBigInteger();
            var s = nonce.ModInverse(Order).Multiply(message.Add(x.Multiply(key))).Mod(Order);

            // An x above the order (1 in 2^128) could not be told by one parity bit; RFC 6979 asks for the next nonce.
            if (x.SignValue == 0 || x.CompareTo(Order) >= 0 || s.SignValue == 0)
            {
                continue;
            }

            var odd = point.AffineYCoord.TestBitZero();
            var high = s.CompareTo(HalfOrder) > 0;

            return new Signature(Bytes(x), Bytes(high ? Order.Subtract(s) : s), (byte)(odd != high ? 1 : 0));
        }
    }

    /// <summary>The account whose key signed the digest.</summary>
    /// <exception cref="CryptographicException">No key can have made this signature: r or s out of range, or
    /// r no point.</exception>
    public static Address Recover(Hash32 digest, Signature signature) =>
        TryRecover(digest, signature, out var signer)
            ? signer
            : throw new CryptographicException("The signature is not one that a secp256k1 key could have made.");

    /// <summary>As <see cref="Recover"/>, telling by its answer whether it could.</summary>
    /// <remarks>Takes an s in either half, as the ecrecover precompile does.</remarks>
    public static bool TryRecover(Hash32 digest, Signature signature, out Address signer)
    {
        signer = default;
        var rBytes = signature.R.ToArray();
        var sBytes = signature.S.ToArray();

        if (signature.YParity > 1 || !IsScalar(rBytes) || !IsScalar(sBytes))
        {
            return false;
        }

        ECPoint noncePoint;

        try
        {
            noncePoint = Curve.Curve.DecodePoint([(byte)(2 + signature.YParity), .. rBytes]);
        }
        catch (ArgumentException)
        {
            return false; // no point of the curve has this x
        }

        var inverse = Number(rBytes).ModInverse(Order);
        var fromDigest = Order.Subtract(Number(digest.ToArray()).Mod(Order)).Multiply(inverse).Mod(Order);
        var fromNonce = Number(sBytes).Multiply(inverse).Mod(Order);
        var key = ECAlgorithms.SumOfTwoMultiplies(Curve.G, fromDigest, noncePoint, fromNonce);

        if (key.IsInfinity)
        {
            return false;
        }

        signer = AddressOf(key);
        return true;
    }

    /// <summary>Whether s is in the lower half, as EIP-2 asks of a transaction's signature.</summary>
    internal static bool HasLowS(Signature signature) => Number(signature.S.ToArray()).CompareTo(HalfOrder) <= 0;

    /// <summary>Clears the secret; signing afterwards fails.</summary>
    public void Dispose()
    {
        disposed = true;
        CryptographicOperations.ZeroMemory(secret);
    }

    /// <summary>Names the account; the secret is never printed.</summary>
    public override string ToString() => $"Key of {Address}";

    private static Address AddressOf(ECPoint publicKey)
    {
        Span<byte> hash = stackalloc byte[Hash32.Length];
        Keccak.Hash256(publicKey.Normalize().GetEncoded(false).AsSpan(1), hash);

        return new Address(hash[12..]);
    }

    private static bool IsScalar(ReadOnlySpan<byte> bytes)
    {
        var number = new BigInteger(1, bytes);

        return number.SignValue > 0 && number.CompareTo(Order) < 0;
    }

    private static BigInteger Number(byte[] bytes) => new(1, bytes);

    private static Hash32 Bytes(BigInteger number)
    {
        var bytes = new byte[32];
        var magnitude = number.ToByteArrayUnsigned();
        magnitude.CopyTo(bytes, 32 - magnitude.Length);

        return new Hash32(bytes);
    }

    /// <summary>
    /// RFC 6979, section 3.2, with HMAC-SHA-256: the nonces that a key and a digest determine.
    /// </summary>
    private sealed class DeterministicNonces : IDisposable
    {
        private readonly byte[] key = new byte[32];
        private readonly byte[] value = new byte[32];
        private bool drawn;

        public DeterministicNonces(byte[] secret, Hash32 digest)
        {
            var reduced = Bytes(Number(digest.ToArray()).Mod(Order)).ToArray(); // bits2octets
            value.AsSpan().Fill(1);
            Mix(0, secret, reduced);
            Mix(1, secret, reduced);
        }

        public BigInteger Next()
        {
            while (true)
            {
                if (drawn)
                {
                    Mix(0, [], []);
                }

                drawn = true;
                HMACSHA256.HashData(key, value, value);

                if (IsScalar(value))
                {
                    return Number(value);
                }
            }
        }

        public void Dispose()
        {
            CryptographicOperations.ZeroMemory(key);
            CryptographicOperations.ZeroMemory(value);
        }

        private void Mix(byte step, byte[] secret, byte[] digest)
        {
            Span<byte> input = stackalloc byte[97];
            value.CopyTo(input);
            input[32] = step;
            secret.CopyTo(input[33..]);
            digest.CopyTo(input[(33 + secret.Length)..]);
            var length = 33 + secret.Length + digest.Length;
            HMACSHA256.HashData(key, input[..length], key);
            CryptographicOperations.ZeroMemory(input);
            HMACSHA256.HashData(key, value, value);
        }
    }
}
