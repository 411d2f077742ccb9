using System.Buffers.Binary;
using Platform.Chain;

namespace Platform.RoyaltyIndexer;

/// <summary>A block's own word about which emitters and topics its logs have: never a false "no".</summary>
internal sealed class LogsBloom(byte[] bits)
{
    private const int Bytes = 256;

    /// <summary>Null where the node gives none, or zeros, as some chains do for every block.</summary>
    public static LogsBloom? Of(BlockHeader header) =>
        Hex.TryDecode(header.LogsBloom, out var bits) && bits.Length == Bytes && bits.AsSpan().ContainsAnyExcept((byte)0)
            ? new LogsBloom(bits)
            : null;

    public bool MayHold(in Key key) => Has(key.First) && Has(key.Second) && Has(key.Third);

    private bool Has(int bit) => (bits[Bytes - 1 - (bit / 8)] & (1 << (bit % 8))) != 0;

    /// <summary>The three bits of an emitter or a topic (Yellow Paper, 4.3.1: M3:2048).</summary>
    public readonly record struct Key(int First, int Second, int Third)
    {
        public static Key Of(ReadOnlySpan<byte> item)
        {
            var hash = Keccak.Hash256(item).ToArray();
            return new Key(Bit(hash, 0), Bit(hash, 2), Bit(hash, 4));
        }

        private static int Bit(byte[] hash, int at) => BinaryPrimitives.ReadUInt16BigEndian(hash.AsSpan(at)) & 2047;
    }
}
