using System.Buffers;
using System.Numerics;

namespace Platform.Content;

/// <summary>
/// Unsigned LEB128 as the multiformats specification restricts it: minimal, at most 9 bytes (63 bits).
/// </summary>
internal static class Varint
{
    internal const int MaximumLength = 9;

    internal static int Length(ulong value)
    {
        return value == 0 ? 1 : (BitOperations.Log2(value) / 7) + 1;
    }

    internal static int Write(Span<byte> target, ulong value)
    {
        var index = 0;

        for (; value >= 0x80; value >>= 7)
        {
            target[index++] = (byte)(value | 0x80);
        }

        target[index++] = (byte)value;
        return index;
    }

    /// <summary>NeedMoreData for a truncated varint, InvalidData for one too long or not minimal.</summary>
    internal static OperationStatus Read(ReadOnlySpan<byte> source, out ulong value, out int length)
    {
        value = 0;

        for (length = 0; length < source.Length && length < MaximumLength; )
        {
            var next = source[length];
            value |= (ulong)(next & 0x7f) << (7 * length);
            length++;

            if (next < 0x80)
            {
                return next == 0 && length > 1 ? OperationStatus.InvalidData : OperationStatus.Done;
            }
        }

        return length == MaximumLength ? OperationStatus.InvalidData : OperationStatus.NeedMoreData;
    }

    internal static string Explain(OperationStatus status)
    {
        return status == OperationStatus.NeedMoreData
            ? "is cut off"
            : $"is longer than {MaximumLength} bytes or not minimal";
    }
}
