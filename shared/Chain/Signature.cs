namespace Platform.Chain;

/// <summary>An ECDSA signature on secp256k1 with what it takes to recover its signer.</summary>
/// <param name="R">The x coordinate of the nonce's point modulo the group order, big-endian.</param>
/// <param name="S">Big-endian; in its lower half wherever this library made it (EIP-2).</param>
/// <param name="YParity">0 or 1: whether that point's y is odd.</param>
public readonly record struct Signature(Hash32 R, Hash32 S, byte YParity)
{
    /// <summary>
    /// r ‖ s ‖ v with v = 27 + parity: the 65 bytes that contracts' ecrecover wrappers take.
    /// </summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[65];
        R.CopyTo(bytes);
        S.CopyTo(bytes.AsSpan(32));
        bytes[64] = (byte)(27 + YParity);

        return bytes;
    }
}
