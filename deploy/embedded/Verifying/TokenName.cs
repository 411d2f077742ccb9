using System.Globalization;
using System.Numerics;
using Platform.Chain;

namespace Platform.Embedded;

/// <summary>A token by its collection's address and its number there.</summary>
internal readonly record struct TokenName(Address Contract, BigInteger Id)
{
    /// <summary>Token ids from one batch to the next, as the contract counts them.</summary>
    private const int Stride = 10_000;

    /// <summary>Digits of 2^256.</summary>
    private const int MostDigits = 78;

    /// <summary>The number of the batch it was minted in.</summary>
    public BigInteger Batch => Id / Stride;

    /// <summary>Its place in the batch, from 0.</summary>
    public int Index => (int)(Id % Stride);

    /// <summary>Its file in both of the batch's directories.</summary>
    public string File => $"{Index}.json";

    /// <exception cref="UserErrorException">Says what is wrong and how a token is written.</exception>
    public static TokenName Parse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0)
        {
            throw Unusable(text, "there is no '/'.");
        }

        if (!Address.TryParse(text[..slash], out var contract, out var error))
        {
            throw Unusable(text, error!);
        }

        var digits = text[(slash + 1)..];
        return digits.Length <= MostDigits
            && BigInteger.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            && id.GetBitLength() <= 256
                ? new TokenName(contract, id)
                : throw Unusable(text, "The token id must be a decimal number below 2^256.");
    }

    public override string ToString() => $"{Contract}/{Id}";

    private static UserErrorException Unusable(string text, string why) => new(
        $"'{Plain.Of(text)}' names no token: {why} Write <contract>/<tokenId>, such as "
        + "0x5FbDB2315678afecb367f032d93F642f64180aa3/3.");
}
