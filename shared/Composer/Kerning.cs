using System.Buffers.Binary;

namespace Platform.Composer;

/// <summary>Pair kerning from a font's GPOS table (feature kern, lookup type 2, also behind type 9).</summary>
internal sealed class Kerning
{
    private const ushort XAdvance = 4;

    private readonly byte[] _gpos;
    private readonly List<int[]> _lookups = [];

    private Kerning(byte[] gpos) => _gpos = gpos;

    public static Kerning Read(ReadOnlySpan<byte> font)
    {
        var kerning = new Kerning(FontTables.Table(font, "GPOS"u8).ToArray());
        if (kerning._gpos.Length > 0)
        {
            kerning.FindLookups();
        }

        return kerning;
    }

    /// <summary>Font units to add after <paramref name="left"/> when <paramref name="right"/> follows.</summary>
    public int Between(ushort left, ushort right)
    {
        var total = 0;
        foreach (var subtables in _lookups)
        {
            foreach (var subtable in subtables)
            {
                if (Pair(subtable, left, right) is { } found)
                {
                    total += found;
                    break;
                }
            }
        }

        return total;
    }

    private void FindLookups()
    {
        int features = U16(6);
        int lookups = U16(8);
        var wanted = new SortedSet<int>();
        for (var i = 0; i < U16(features); i++)
        {
            var record = features + 2 + (6 * i);
            if (_gpos.AsSpan(record, 4).SequenceEqual("kern"u8))
            {
                var feature = features + U16(record + 4);
                for (var k = 0; k < U16(feature + 2); k++)
                {
                    wanted.Add(U16(feature + 4 + (2 * k)));
                }
            }
        }

        foreach (var index in wanted)
        {
            var lookup = lookups + U16(lookups + 2 + (2 * index));
            var type = U16(lookup);
            var subtables = new List<int>();
            for (var k = 0; k < U16(lookup + 4); k++)
            {
                var subtable = lookup + U16(lookup + 6 + (2 * k));
                var real = type;
                if (type == 9)
                {
                    real = U16(subtable + 2);
                    subtable += (int)BinaryPrimitives.ReadUInt32BigEndian(_gpos.AsSpan(subtable + 4));
                }

                if (real == 2)
                {
                    subtables.Add(subtable);
                }
            }

            _lookups.Add([.. subtables]);
        }
    }

    private int? Pair(int subtable, ushort left, ushort right)
    {
        var covered = Covered(subtable + U16(subtable + 2), left);
        if (covered < 0)
        {
            return null;
        }

        var (first, second) = (U16(subtable + 4), U16(subtable + 6));
        var size = 2 * (ushort.PopCount(first) + ushort.PopCount(second));
        return U16(subtable) == 1
            ? PairOfGlyphs(subtable, covered, right, first, size)
            : PairOfClasses(subtable, left, right, first, size);
    }

    private int? PairOfGlyphs(int subtable, int covered, ushort right, ushort format, int size)
    {
        var set = subtable + U16(subtable + 10 + (2 * covered));
        var (low, high) = (0, U16(set) - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var record = set + 2 + (middle * (2 + size));
            var glyph = U16(record);
            if (glyph == right)
            {
                return Advance(record + 2, format);
            }

            (low, high) = glyph < right ? (middle + 1, high) : (low, middle - 1);
        }

        return null;
    }

    private int? PairOfClasses(int subtable, ushort left, ushort right, ushort format, int size)
    {
        var class1 = Class(subtable + U16(subtable + 8), left);
        var class2 = Class(subtable + U16(subtable + 10), right);
        int count2 = U16(subtable + 14);
        var at = subtable + 16 + (((class1 * count2) + class2) * size);
        return class1 < U16(subtable + 12) && class2 < count2 ? Advance(at, format) : null;
    }

    private int Advance(int at, ushort format) => (format & XAdvance) == 0
        ? 0
        : (short)U16(at + (2 * ushort.PopCount((ushort)(format & (XAdvance - 1)))));

    private int Covered(int coverage, ushort glyph)
    {
        var ranges = U16(coverage) == 2;
        for (var i = 0; i < U16(coverage + 2); i++)
        {
            if (!ranges && U16(coverage + 4 + (2 * i)) == glyph)
            {
                return i;
            }

            var range = coverage + 4 + (6 * i);
            if (ranges && glyph >= U16(range) && glyph <= U16(range + 2))
            {
                return U16(range + 4) + glyph - U16(range);
            }
        }

        return -1;
    }

    private int Class(int classes, ushort glyph)
    {
        if (U16(classes) == 1)
        {
            var index = glyph - U16(classes + 2);
            return index >= 0 && index < U16(classes + 4) ? U16(classes + 6 + (2 * index)) : 0;
        }

        for (var i = 0; i < U16(classes + 2); i++)
        {
            var range = classes + 4 + (6 * i);
            if (glyph >= U16(range) && glyph <= U16(range + 2))
            {
                return U16(range + 4);
            }
        }

        return 0;
    }

    private ushort U16(int at) => BinaryPrimitives.ReadUInt16BigEndian(_gpos.AsSpan(at));
}
