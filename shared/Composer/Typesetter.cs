using System.Text;
using SkiaSharp;

namespace Platform.Composer;

/// <summary>A line of glyphs with places in em.</summary>
internal sealed record GlyphLine(IReadOnlyList<(Cut Cut, ushort Glyph, float X)> Glyphs, float Width);

/// <summary>Words broken into lines at the size that fits a box, in canvas units.</summary>
internal sealed record Paragraph(float Size, float Spacing, IReadOnlyList<GlyphLine> Lines)
{
    public float Leading => Size * Spacing;

    /// <summary>From the first line's capitals to the last baseline.</summary>
    public float Height => CapHeight + ((Lines.Count - 1) * Leading);

    public float CapHeight => Size * 0.71f;

    public float Depth => Size * 0.22f;

    public float Width => Lines.Max(line => line.Width) * Size;
}

/// <summary>Sets words: glyphs, kerning, line breaks, size.</summary>
internal static class Typesetter
{
    public static GlyphLine Shape(string text, int face)
    {
        var tracking = Typefaces.Face(face).Tracking;
        var glyphs = new List<(Cut, ushort, float)>();
        var x = 0f;
        Cut? before = null;
        ushort beforeGlyph = 0;
        ushort beforeBase = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            var (cut, glyph) = Find(rune, face);
            if (cut is null)
            {
                continue;
            }

            var main = Typefaces.Cuts(face)[0];
            var bare = BaseGlyph(rune, main);
            if (before is not null)
            {
                // Subsets do not know each other's glyphs: an accented pair is kerned as its bare letters.
                var kern = ReferenceEquals(before, cut) ? cut.Kerning.Between(beforeGlyph, glyph)
                    : beforeBase != 0 && bare != 0 ? main.Kerning.Between(beforeBase, bare)
                    : 0;
                x += (kern / (float)cut.UnitsPerEm) + tracking;
            }

            glyphs.Add((cut, glyph, x));
            x += cut.Advance(glyph);
            (before, beforeGlyph, beforeBase) = (cut, glyph, bare);
        }

        return new(glyphs, x);
    }

    /// <summary>The largest setting of up to <paramref name="maxLines"/> lines that fits.</summary>
    public static Paragraph Fit(string text, int face, float width, float height, float maxSize, int maxLines, float worth = 1.06f, float spacing = 0)
    {
        spacing = spacing > 0 ? spacing : Typefaces.Face(face).Leading;
        var words = text.Split(' ');
        Paragraph? best = null;
        for (var count = 1; count <= Math.Min(maxLines, words.Length); count++)
        {
            var lines = Break(words, count, face);
            var widest = lines.Max(line => line.Width);
            var byHeight = height / (0.71f + ((count - 1) * spacing) + 0.12f);
            var size = Math.Min(maxSize, Math.Min(width / widest, byHeight));

            // One line more must earn its place.
            if (best is null || size > best.Size * worth)
            {
                best = new(size, spacing, lines);
            }
        }

        return best!;
    }

    public static void Draw(SKCanvas canvas, GlyphLine line, float x, float baseline, float size, SKPaint paint)
    {
        using var outline = new SKPath();
        foreach (var group in line.Glyphs.GroupBy(glyph => glyph.Cut))
        {
            using var font = Font(group.Key, size);
            foreach (var (_, glyph, at) in group)
            {
                using var path = font.GetGlyphPath(glyph);
                if (path is not null)
                {
                    outline.AddPath(path, x + (at * size), baseline);
                }
            }
        }

        canvas.DrawPath(outline, paint);
    }

    private static (Cut? Cut, ushort Glyph) Find(Rune rune, int face)
    {
        foreach (var cut in Typefaces.Cuts(face))
        {
            var glyph = cut.Typeface.GetGlyph(rune.Value);
            if (glyph != 0)
            {
                return (cut, glyph);
            }
        }

        return (null, 0);
    }

    private static ushort BaseGlyph(Rune rune, Cut main)
    {
        var bare = rune.ToString().Normalize(NormalizationForm.FormD)[0];
        return main.Typeface.GetGlyph(bare);
    }

    private static SKFont Font(Cut cut, float size) => new(cut.Typeface, size)
    {
        Hinting = SKFontHinting.None,
        Subpixel = true,
        LinearMetrics = true,
    };

    /// <summary>The break into <paramref name="count"/> lines whose longest line is shortest.</summary>
    private static List<GlyphLine> Break(string[] words, int count, int face)
    {
        var n = words.Length;
        var space = Shape(" ", face).Width;
        var widths = words.Select(word => Shape(word, face).Width).ToArray();
        var width = new float[n, n + 1];
        for (var from = 0; from < n; from++)
        {
            width[from, from + 1] = widths[from];
            for (var to = from + 2; to <= n; to++)
            {
                width[from, to] = width[from, to - 1] + space + widths[to - 1];
            }
        }

        var cost = new float[count + 1, n + 1];
        var cut = new int[count + 1, n + 1];
        for (var lines = 0; lines <= count; lines++)
        {
            for (var to = 0; to <= n; to++)
            {
                cost[lines, to] = lines == 0 && to == 0 ? 0 : float.MaxValue;
                for (var from = lines - 1; lines > 0 && from < to && from >= 0; from++)
                {
                    var worst = Math.Max(cost[lines - 1, from], width[from, to]);
                    if (worst < cost[lines, to])
                    {
                        (cost[lines, to], cut[lines, to]) = (worst, from);
                    }
                }
            }
        }

        var result = new List<GlyphLine>();
        for (int lines = count, to = n; lines > 0; to = cut[lines, to], lines--)
        {
            result.Insert(0, Shape(string.Join(' ', words[cut[lines, to]..to]), face));
        }

        return result;
    }
}
