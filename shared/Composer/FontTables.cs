using System.Buffers.Binary;

namespace Platform.Composer;

/// <summary>Finds tables in a TrueType file and reads the one number we need of every glyph: its advance.</summary>
internal static class FontTables
{
    public static ReadOnlySpan<byte> Table(ReadOnlySpan<byte> font, ReadOnlySpan<byte> tag)
    {
        var tables = BinaryPrimitives.ReadUInt16BigEndian(font[4..]);
        for (var i = 0; i < tables; i++)
        {
            var entry = font.Slice(12 + (16 * i), 16);
            if (entry[..4].SequenceEqual(tag))
            {
                return font.Slice(
                    (int)BinaryPrimitives.ReadUInt32BigEndian(entry[8..]), (int)BinaryPrimitives.ReadUInt32BigEndian(entry[12..]));
            }
        }

        return [];
    }

    /// <summary>Advances in em; glyphs beyond the last share its advance.</summary>
    public static float[] Advances(ReadOnlySpan<byte> font, int unitsPerEm)
    {
        var count = BinaryPrimitives.ReadUInt16BigEndian(Table(font, "hhea"u8)[34..]);
        var metrics = Table(font, "hmtx"u8);
        var advances = new float[count];
        for (var i = 0; i < count; i++)
        {
            advances[i] = BinaryPrimitives.ReadUInt16BigEndian(metrics[(4 * i)..]) / (float)unitsPerEm;
        }

        return advances;
    }
}
