using SkiaSharp;

namespace Platform.Composer;

internal sealed partial class Painter
{
    private void DrawWords(Row row)
    {
        var box = SKRect.Create(row.X, row.Y, row.W, row.H);
        var place = (Place)(row.Shading & 7);
        if (row.Type == RowType.Mark)
        {
            if (brief.Wordmark is { } mark)
            {
                var set = Typesetter.Fit(mark, row.Rotation, box.Width, box.Height, box.Height * 1.3f, 1);
                using var ink = Ink(row.Slot);
                DrawParagraph(set, box, place, Start(place, box, set.Height, 0), ink);
            }

            return;
        }

        var block = TypeBlock.Set(brief.Headline, brief.Line, row.Rotation, box.Width, box.Height);
        var depth = (block.Line ?? block.Headline)?.Depth ?? 0;
        var top = Start(place, box, block.Height, depth);
        if (block.Headline is { } headline)
        {
            using var ink = Ink(row.Slot);
            DrawParagraph(headline, box, place, top, ink);
            top += headline.Height + block.Gap;
        }

        if (block.Line is { } line)
        {
            using var ink = Ink(Shading.Second(row.Shading));
            DrawParagraph(line, box, place, top, ink);
        }
    }

    private static float Start(Place place, SKRect box, float height, float depth) => place switch
    {
        Place.LeftTop or Place.CentreTop or Place.RightTop => box.Top,
        Place.LeftMiddle or Place.CentreMiddle => box.MidY - (height / 2),
        _ => box.Bottom - height - (depth * 0.4f),
    };

    private void DrawParagraph(Paragraph set, SKRect box, Place place, float top, SKPaint ink)
    {
        var baseline = top + set.CapHeight;
        foreach (var line in set.Lines)
        {
            var width = line.Width * set.Size;
            var x = place switch
            {
                Place.LeftTop or Place.LeftMiddle or Place.LeftBottom => box.Left,
                Place.RightTop or Place.RightBottom => box.Right - width,
                _ => box.MidX - (width / 2),
            };
            Typesetter.Draw(canvas, line, x, baseline, set.Size, ink);
            baseline += set.Leading;
        }
    }
}
