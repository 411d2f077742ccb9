using SkiaSharp;

namespace Platform.Composer;

/// <summary>Draws rows onto a canvas of 240 units a side; one painter per picture.</summary>
internal sealed partial class Painter(SKCanvas canvas, Brief brief) : IDisposable
{
    private readonly Palette _palette = brief.Palette;
    private readonly float _pixels = brief.Size / (float)Zone.Canvas;
    private Zone _zone = Zone.Whole;
    private SKPoint _centre = new(120, 120);
    private float _unit = Zone.Canvas;
    private int _saved = -1;

    public void Paint(Score score)
    {
        var rows = score.Rows.ToArray();
        canvas.Clear(Colour(_palette.Lab((int)Role.Background)));
        for (var at = 0; at < rows.Length; at += Grammar.Span(rows, at))
        {
            Paint(rows, at);
        }

        LeaveFrame();
    }

    public void Dispose() => LeaveFrame();

    private void Paint(Row[] rows, int at)
    {
        var row = rows[at];
        switch (row.Type)
        {
            case RowType.Frame:
                EnterFrame(row);
                break;
            case RowType.Fill:
                using (var path = new SKPath())
                {
                    path.AddRect(Outset(Bounds(_zone), 0.2f));
                    Cover(path, row);
                }

                break;
            case RowType.Rays:
                DrawRays(row);
                break;
            case RowType.Leaf:
                DrawLeaf(row);
                break;
            case RowType.Stem:
                DrawStem(row, rows[at + 1]);
                break;
            case RowType.Petals:
                DrawPetals(row);
                break;
            case RowType.Hill:
                DrawHill(row, rows[at + 1]);
                break;
            case RowType.Blob:
                using (var path = Outline.Blob(Size(row.W), Size(row.H), rows[at + 1], rows[at + 2]))
                {
                    PlaceAt(path, row);
                    Cover(path, row);
                }

                break;
            case RowType.Scales:
                DrawScales(row);
                break;
            case RowType.Wave:
                DrawWave(row);
                break;
            case RowType.Ribbon:
                DrawRibbon(row, rows.AsSpan(at + 1, Grammar.Span(rows, at) - 1));
                break;
            case RowType.Weave:
                DrawWeave(row);
                break;
            case RowType.Dots:
                DrawDots(row);
                break;
            case RowType.Stripes:
                DrawStripes(row);
                break;
            case RowType.Tile:
                DrawTile(row);
                break;
            case RowType.Beads:
                DrawBeads(row);
                break;
            case RowType.Ring:
                DrawRing(row);
                break;
            case RowType.Bands:
                DrawBands(row);
                break;
            case RowType.Object:
                DrawObject(row);
                break;
            case RowType.Type:
            case RowType.Mark:
                LeaveFrame();
                DrawWords(row);
                break;
            default:
                DrawShape(row);
                break;
        }
    }

    private void EnterFrame(Row row)
    {
        LeaveFrame();
        _zone = new(row.X, row.Y, row.W, row.H);
        _unit = _zone.Short;
        _centre = new(_zone.Left + (_zone.Width / 2f), _zone.Top + (_zone.Height / 2f));
        _saved = canvas.Save();
        var bounds = Bounds(_zone);
        switch ((Clip)(row.Shading & 7))
        {
            case Clip.Rect:
                canvas.ClipRect(bounds);
                break;
            case Clip.Rounded:
                using (var round = new SKRoundRect(bounds, _unit * 0.09f))
                {
                    canvas.ClipRoundRect(round, SKClipOperation.Intersect, antialias: true);
                }

                break;
            case Clip.Ellipse:
                using (var path = new SKPath())
                {
                    path.AddOval(bounds);
                    canvas.ClipPath(path, SKClipOperation.Intersect, antialias: true);
                }

                break;
            case Clip.Door:
                using (var path = Outline.Door(bounds.Width, bounds.Height))
                {
                    path.Transform(SKMatrix.CreateTranslation(bounds.MidX, bounds.MidY));
                    canvas.ClipPath(path, SKClipOperation.Intersect, antialias: true);
                }

                break;
            case Clip.None:
            default:
                break;
        }

        if ((Clip)(row.Shading & 7) is not (Clip.None or Clip.Rect))
        {
            // A curved edge is cut once, when the layer is laid down: cut row by row, every ground would shine through.
            canvas.SaveLayer(Outset(bounds, 1), null);
        }

        if (row.Rotation != 0)
        {
            canvas.RotateDegrees(row.Rotation * 5f, _centre.X, _centre.Y);
        }
    }

    private void LeaveFrame()
    {
        if (_saved >= 0)
        {
            canvas.RestoreToCount(_saved);
            _saved = -1;
        }
    }

    private float X(byte value) => _centre.X + ((float)Scale.Place(value) * _unit);

    private float Y(byte value) => _centre.Y + ((float)Scale.Place(value) * _unit);

    private float Size(byte value) => (float)Scale.Size(value) * _unit;

    private void PlaceAt(SKPath path, Row row)
    {
        if (row.Rotation != 0)
        {
            path.Transform(SKMatrix.CreateRotationDegrees(row.Rotation * 5f));
        }

        path.Transform(SKMatrix.CreateTranslation(X(row.X), Y(row.Y)));
    }

    /// <summary>Fills a finished path as the row's shading says.</summary>
    private void Cover(SKPath path, Row row) => Cover(path, row.Slot, row.Shading);

    private void Cover(SKPath path, int slot, byte shading)
    {
        if (Shading.HasShadow(shading))
        {
            DropShadow(path);
        }

        using var paint = Ink(slot, Shading.ToneOf(shading), Shading.Second(shading), path.Bounds);
        canvas.DrawPath(path, paint);
        paint.Shader?.Dispose();
    }

    /// <summary>The darker side of a thing: the second slot, or the thing's own colour in shade where both are one.</summary>
    private void CoverSide(SKPath path, int slot, byte shading)
    {
        var second = Shading.Second(shading);
        if (second != slot)
        {
            Cover(path, second, (byte)(shading & 3));
            return;
        }

        using var paint = Ink(slot);
        var lab = _palette.Lab(slot);
        paint.Color = Colour(Lighter(lab, lab.L < 0.3 ? 0.07 : -0.065));
        canvas.DrawPath(path, paint);
    }

    private void DropShadow(SKPath path)
    {
        using var blur = SKMaskFilter.CreateBlur(SKBlurStyle.Normal, 1.5f);
        using var paint = new SKPaint { IsAntialias = true, Color = new SKColor(0, 0, 0, 64), MaskFilter = blur };
        canvas.Save();
        canvas.Translate(0.5f, 1.3f);
        canvas.DrawPath(path, paint);
        canvas.Restore();
    }

    private SKPaint Ink(int slot, Tone tone, int second, SKRect bounds)
    {
        var lab = _palette.Lab(slot);
        var paint = new SKPaint { IsAntialias = true, Color = Colour(lab) };
        if (tone == Tone.Flat)
        {
            return paint;
        }

        var (from, to) = tone switch
        {
            Tone.LitAbove => (Lighter(lab, 0.045), Lighter(lab, -0.05)),
            Tone.LitBelow => (Lighter(lab, -0.05), Lighter(lab, 0.045)),
            _ => (lab, _palette.Lab(second)),
        };

        // Nine stops mixed in OKLab: Skia itself would mix the encoded values and go grey in the middle.
        const int Stops = 9;
        var colours = new SKColor[Stops];
        for (var i = 0; i < Stops; i++)
        {
            colours[i] = Colour(Oklab.Mix(from, to, i / (Stops - 1.0)));
        }

        paint.IsDither = true;
        paint.Color = SKColors.Black;
        paint.Shader = SKShader.CreateLinearGradient(
            new(bounds.MidX, bounds.Top), new(bounds.MidX, bounds.Bottom), colours, SKShaderTileMode.Clamp);
        return paint;
    }

    private SKPaint Ink(int slot) => new() { IsAntialias = true, Color = Colour(_palette.Lab(slot)) };

    private SKPaint Pen(int slot, float width, SKStrokeCap cap = SKStrokeCap.Round) => new()
    {
        IsAntialias = true,
        Color = Colour(_palette.Lab(slot)),
        Style = SKPaintStyle.Stroke,
        StrokeWidth = width,
        StrokeCap = cap,
        StrokeJoin = SKStrokeJoin.Round,
    };

    private static Oklab Lighter(Oklab colour, double by) => colour.WithL(Math.Clamp(colour.L + by, 0.08, 0.985));

    private static SKColor Colour(Oklab lab)
    {
        var rgb = lab.ToRgb();
        return new(rgb.R, rgb.G, rgb.B);
    }

    /// <summary>The zone on whole pixels: neighbours meet without a seam.</summary>
    private SKRect Bounds(Zone zone) => new(Snap(zone.Left), Snap(zone.Top), Snap(zone.Right), Snap(zone.Bottom));

    private float Snap(float value) => MathF.Round(value * _pixels) / _pixels;

    private static SKRect Outset(SKRect rect, float by) =>
        new(rect.Left - by, rect.Top - by, rect.Right + by, rect.Bottom + by);
}
