using SkiaSharp;

namespace Platform.Composer;

internal sealed partial class Painter
{
    private void DrawTile(Row row)
    {
        var (left, top) = (_zone.Left + row.X, _zone.Top + row.Y);
        var cell = Bounds(new(left, top, row.W, row.W));
        canvas.Save();
        canvas.ClipRect(cell);
        using (var ground = Ink(row.Slot))
        {
            canvas.DrawRect(cell, ground);
        }

        canvas.Translate(cell.Left, cell.Top);
        canvas.Scale(cell.Width, cell.Height);
        canvas.RotateDegrees((row.Rotation & 3) * 90, 0.5f, 0.5f);
        DrawMotif(row.H, row.Slot, Shading.Second(row.Shading), row.Rotation >> 2);
        canvas.Restore();
    }

    // Unit square, origin left top.
    private void DrawMotif(int motif, int ground, int figure, int third)
    {
        using var a = Ink(ground);
        using var b = Ink(figure);
        using var c = Ink(third);
        switch (motif)
        {
            case Motifs.QuarterDisc:
                canvas.DrawCircle(0, 0, 1, b);
                break;
            case Motifs.HalfDisc:
                canvas.DrawCircle(0.5f, 1, 0.5f, b);
                break;
            case Motifs.Disc:
                canvas.DrawCircle(0.5f, 0.5f, 0.38f, b);
                break;
            case Motifs.Eye:
                canvas.DrawCircle(0.5f, 0.5f, 0.5f, b);
                canvas.DrawCircle(0.5f, 0.5f, 0.22f, c);
                break;
            case Motifs.Diagonal:
                Poly(b, 0, 0, 1, 1, 0, 1);
                break;
            case Motifs.Vesica:
                DrawVesica(b, 0, 0, 1);
                break;
            case Motifs.FourLeaves:
                DrawVesica(b, 0, 0, 0.5f);
                DrawVesica(b, 0.5f, 0.5f, 0.5f);
                Turned(() => DrawVesica(b, 0, 0, 0.5f));
                Turned(() => DrawVesica(b, 0.5f, 0.5f, 0.5f));
                break;
            case Motifs.Bars:
                for (var i = 0; i < 3; i++)
                {
                    canvas.DrawRect(SKRect.Create(0, ((2 * i) + 0.5f) / 6, 1, 1 / 6f), b);
                }

                break;
            case Motifs.Checker:
                canvas.DrawRect(SKRect.Create(0, 0, 0.5f, 0.5f), b);
                canvas.DrawRect(SKRect.Create(0.5f, 0.5f, 0.5f, 0.5f), b);
                break;
            case Motifs.OppositeQuarters:
                canvas.DrawCircle(0, 0, 0.5f, b);
                canvas.DrawCircle(1, 1, 0.5f, c);
                break;
            case Motifs.TwoHalves:
                DrawHalf(b, 0.5f, 0.5f);
                DrawHalf(c, 0.5f, 1);
                break;
            case Motifs.Astroid:
                canvas.DrawRect(SKRect.Create(0, 0, 1, 1), b);
                canvas.DrawCircle(0, 0, 0.5f, a);
                canvas.DrawCircle(1, 0, 0.5f, a);
                canvas.DrawCircle(0, 1, 0.5f, a);
                canvas.DrawCircle(1, 1, 0.5f, a);
                break;
            case Motifs.Diamond:
                Poly(b, 0.5f, 0, 1, 0.5f, 0.5f, 1, 0, 0.5f);
                Poly(c, 0.5f, 0.28f, 0.72f, 0.5f, 0.5f, 0.72f, 0.28f, 0.5f);
                break;
            case Motifs.NineDots:
                for (var i = 0; i < 9; i++)
                {
                    canvas.DrawCircle((((i % 3) * 2) + 1) / 6f, (((i / 3) * 2) + 1) / 6f, 0.1f, b);
                }

                break;
            case Motifs.Squares:
                canvas.DrawRect(SKRect.Create(0.14f, 0.14f, 0.72f, 0.72f), b);
                canvas.DrawRect(SKRect.Create(0.32f, 0.32f, 0.36f, 0.36f), c);
                break;
            case Motifs.Doorway:
                DrawDoor(b, 0.8f);
                DrawDoor(c, 0.44f);
                break;
            case Motifs.QuarterBands3:
            case Motifs.QuarterBands4:
            case Motifs.QuarterBands5:
                DrawDiscs(0, 0, 1, motif - Motifs.QuarterBands3 + 3, a, b, c);
                break;
            case Motifs.HalfBands3:
            case Motifs.HalfBands4:
                DrawDiscs(0.5f, 1, 0.5f, motif - Motifs.HalfBands3 + 3, a, b, c);
                break;
            case Motifs.FullBands3:
            case Motifs.FullBands4:
                DrawDiscs(0.5f, 0.5f, 0.5f, motif - Motifs.FullBands3 + 3, a, b, c);
                break;
            case Motifs.Sunrise:
                DrawSunrise(b, c);
                break;
            case Motifs.StarEight:
                Shape(b, Outline.Star(0.48f, 8, 0.5f));
                canvas.DrawCircle(0.5f, 0.5f, 0.13f, c);
                break;
            case Motifs.Cross:
                canvas.DrawRect(SKRect.Create(0.36f, 0.08f, 0.28f, 0.84f), b);
                canvas.DrawRect(SKRect.Create(0.08f, 0.36f, 0.84f, 0.28f), b);
                break;
            case Motifs.Chevrons:
                for (var i = 0; i < 3; i++)
                {
                    var y = (i * 0.333f) - 0.02f;
                    Poly(i == 1 ? c : b, 0, y + 0.34f, 0.5f, y, 1, y + 0.34f, 1, y + 0.5f, 0.5f, y + 0.166f, 0, y + 0.5f);
                }

                break;
            case Motifs.Hourglass:
                Poly(b, 0, 0, 1, 0, 0.5f, 0.5f);
                Poly(c, 0, 1, 1, 1, 0.5f, 0.5f);
                break;
            case Motifs.Pinwheel:
                Poly(b, 0, 0, 0.5f, 0, 0.5f, 0.5f);
                Poly(c, 1, 0, 1, 0.5f, 0.5f, 0.5f);
                Poly(b, 1, 1, 0.5f, 1, 0.5f, 0.5f);
                Poly(c, 0, 1, 0, 0.5f, 0.5f, 0.5f);
                break;
            case Motifs.Tulip:
                DrawTulip(b, c);
                break;
            case Motifs.Almond:
                DrawAlmond(b, c, a);
                break;
            case Motifs.QuarterArc:
                canvas.DrawCircle(0, 0, 0.92f, b);
                canvas.DrawCircle(0, 0, 0.58f, a);
                canvas.DrawCircle(0, 0, 0.3f, c);
                break;
            case Motifs.Ripples:
                DrawRipples(b);
                break;
            case Motifs.QuarterPair:
                canvas.DrawCircle(0, 0, 1, b);
                canvas.DrawCircle(0, 0, 0.5f, c);
                break;
            case Motifs.Flower:
                for (var i = 0; i < 6; i++)
                {
                    var at = Outline.Polar(0.25f, 60f * i);
                    canvas.DrawCircle(0.5f + at.X, 0.5f + at.Y, 0.17f, b);
                }

                canvas.DrawCircle(0.5f, 0.5f, 0.25f, b);
                canvas.DrawCircle(0.5f, 0.5f, 0.14f, c);
                break;
            default:
                break;
        }
    }

    // Rings alternate figure, ground, third: three colours nest without ever touching themselves.
    private void DrawDiscs(float x, float y, float radius, int count, SKPaint a, SKPaint b, SKPaint c)
    {
        ReadOnlySpan<SKPaint> paints = [b, a, c, a, b];
        ReadOnlySpan<SKPaint> three = [b, c, a];
        for (var i = 0; i < count; i++)
        {
            canvas.DrawCircle(x, y, radius * (count - i) / count, count == 3 ? three[i] : paints[i % 5]);
        }
    }

    private void Turned(Action draw)
    {
        canvas.Save();
        canvas.RotateDegrees(90, 0.5f, 0.5f);
        draw();
        canvas.Restore();
    }

    private void DrawVesica(SKPaint paint, float x, float y, float side)
    {
        using var path = new SKPath();
        path.MoveTo(x, y);
        path.ArcTo(new SKPoint(side, side), 0, SKPathArcSize.Small, SKPathDirection.Clockwise, new(x + side, y + side));
        path.ArcTo(new SKPoint(side, side), 0, SKPathArcSize.Small, SKPathDirection.Clockwise, new(x, y));
        path.Close();
        canvas.DrawPath(path, paint);
    }

    private void DrawHalf(SKPaint paint, float x, float y)
    {
        using var path = Outline.Slice(0.5f, 180, 180);
        path.Transform(SKMatrix.CreateTranslation(x, y));
        canvas.DrawPath(path, paint);
    }

    private void DrawDoor(SKPaint paint, float w)
    {
        using var path = Outline.Door(w, (0.9f * w) + 0.2f);
        path.Transform(SKMatrix.CreateTranslation(0.5f, 1 - (((0.9f * w) + 0.2f) / 2)));
        canvas.DrawPath(path, paint);
    }

    private void DrawSunrise(SKPaint b, SKPaint c)
    {
        for (var i = 0; i < 7; i++)
        {
            using var ray = Outline.Polygon(new(0.34f, -0.045f), new(0.66f, 0), new(0.34f, 0.045f));
            ray.Transform(SKMatrix.CreateRotationDegrees(-180 + (30 * i)));
            ray.Transform(SKMatrix.CreateTranslation(0.5f, 0.86f));
            canvas.DrawPath(ray, b);
        }

        using var sun = Outline.Slice(0.29f, 180, 180);
        sun.Transform(SKMatrix.CreateTranslation(0.5f, 0.86f));
        canvas.DrawPath(sun, c);
    }

    private void DrawTulip(SKPaint b, SKPaint c)
    {
        canvas.DrawRect(SKRect.Create(0.475f, 0.45f, 0.05f, 0.55f), c);
        foreach (var side in (ReadOnlySpan<int>)[-1, 1])
        {
            using var leaf = Outline.Leaf(0.42f, 0.16f);
            leaf.Transform(SKMatrix.CreateRotationDegrees(-90 + (side * 42)));
            leaf.Transform(SKMatrix.CreateTranslation(0.5f, 0.98f));
            canvas.DrawPath(leaf, c);
        }

        using var cup = new SKPath();
        cup.MoveTo(0.24f, 0.12f);
        cup.LineTo(0.37f, 0.26f);
        cup.LineTo(0.5f, 0.1f);
        cup.LineTo(0.63f, 0.26f);
        cup.LineTo(0.76f, 0.12f);
        cup.CubicTo(0.84f, 0.42f, 0.68f, 0.58f, 0.5f, 0.58f);
        cup.CubicTo(0.32f, 0.58f, 0.16f, 0.42f, 0.24f, 0.12f);
        cup.Close();
        canvas.DrawPath(cup, b);
    }

    private void DrawAlmond(SKPaint b, SKPaint c, SKPaint a)
    {
        using var path = new SKPath();
        path.MoveTo(0.02f, 0.5f);
        path.QuadTo(0.5f, 0, 0.98f, 0.5f);
        path.QuadTo(0.5f, 1, 0.02f, 0.5f);
        path.Close();
        canvas.DrawPath(path, b);
        canvas.DrawCircle(0.5f, 0.5f, 0.17f, c);
        canvas.DrawCircle(0.5f, 0.5f, 0.07f, a);
    }

    private void DrawRipples(SKPaint b)
    {
        using var pen = new SKPaint
        {
            IsAntialias = true,
            Color = b.Color,
            Style = SKPaintStyle.Stroke,
            StrokeWidth = 0.11f,
        };
        for (var i = 0; i < 3; i++)
        {
            using var path = new SKPath();
            var y = (1 + (2 * i)) / 6f;
            path.MoveTo(-0.05f, y);
            path.CubicTo(0.2f, y - 0.16f, 0.3f, y - 0.16f, 0.5f, y);
            path.CubicTo(0.7f, y + 0.16f, 0.8f, y + 0.16f, 1.05f, y);
            canvas.DrawPath(path, pen);
        }
    }

    private void Shape(SKPaint paint, SKPath path)
    {
        using (path)
        {
            path.Transform(SKMatrix.CreateTranslation(0.5f, 0.5f));
            canvas.DrawPath(path, paint);
        }
    }

    private void Poly(SKPaint paint, params ReadOnlySpan<float> xy)
    {
        var points = new SKPoint[xy.Length / 2];
        for (var i = 0; i < points.Length; i++)
        {
            points[i] = new(xy[2 * i], xy[(2 * i) + 1]);
        }

        using var path = Outline.Polygon(points);
        canvas.DrawPath(path, paint);
    }
}
