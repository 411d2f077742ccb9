using SkiaSharp;

namespace Platform.Composer;

internal sealed partial class Painter
{
    private void DrawScales(Row row)
    {
        var radius = Size(row.W);
        var rings = Math.Clamp(row.H & 7, 1, 7);
        var form = row.H >> 3;
        var y = Y(row.Y);
        var second = Shading.Second(row.Shading);
        var start = _zone.Left - (2 * radius) + ((row.X - 128) / 128f * radius);
        for (var x = start; x < _zone.Right + (2 * radius); x += 2 * radius)
        {
            for (var i = 0; i < rings; i++)
            {
                var share = (rings - i) / (float)rings;
                using var scale = form switch
                {
                    1 => Outline.Ogive(radius * share * 1.004f),
                    _ => Outline.Ellipse(radius * share * 1.004f, radius * share * 1.004f),
                };
                scale.Transform(SKMatrix.CreateTranslation(x, y));
                Cover(scale, i % 2 == 0 ? row.Slot : second, (byte)(row.Shading & 3));
            }

            if (form == 2)
            {
                using var pen = Pen(second, radius * 0.05f);
                for (var k = 1; k < 8; k++)
                {
                    var tip = Outline.Polar(radius * 0.98f, 180 + (22.5f * k));
                    canvas.DrawLine(x, y, x + tip.X, y + tip.Y, pen);
                }
            }
        }
    }

    private void DrawWave(Row row)
    {
        var length = Size(row.W);
        var height = Size(row.H) / 2;
        var y = Y(row.Y);
        var x = _zone.Left - length - (row.X / 255f * length);
        using var path = new SKPath();
        path.MoveTo(x, y);
        for (var up = true; x < _zone.Right + length; up = !up)
        {
            var half = length / 2;
            path.CubicTo(x + (half * 0.36f), y + (up ? -height : height), x + (half * 0.64f), y + (up ? -height : height), x + half, y);
            x += half;
        }

        path.LineTo(x, _zone.Bottom + 4);
        path.LineTo(_zone.Left - (2 * length), _zone.Bottom + 4);
        path.Close();
        if (row.Rotation != 0)
        {
            path.Transform(SKMatrix.CreateRotationDegrees(row.Rotation * 5f, _centre.X, _centre.Y));
        }

        Cover(path, row);
    }

    private void DrawRibbon(Row row, ReadOnlySpan<Row> followers)
    {
        var corners = new List<SKPoint> { new(X(row.X), Y(row.Y)) };
        foreach (var follower in followers)
        {
            corners.Add(new(X(follower.X), Y(follower.Y)));
            corners.Add(new(X(follower.W), Y(follower.H)));
        }

        var width = Size(row.W);
        var stripes = Math.Clamp((int)row.H, 1, 7);
        using var spine = Bend([.. corners], width * 1.1f);
        if (Shading.HasShadow(row.Shading))
        {
            using var blur = SKMaskFilter.CreateBlur(SKBlurStyle.Normal, 1.8f);
            using var shade = Pen(0, width, SKStrokeCap.Butt);
            shade.Color = new SKColor(0, 0, 0, 60);
            shade.MaskFilter = blur;
            canvas.Save();
            canvas.Translate(0.6f, 1.6f);
            canvas.DrawPath(spine, shade);
            canvas.Restore();
        }

        // Nested strokes: bands come in pairs and stay parallel round every bend.
        var second = Shading.Second(row.Shading);
        var third = row.Rotation & 7;
        ReadOnlySpan<int> slots = [row.Slot, second, third];
        for (var i = 0; i < stripes; i++)
        {
            using var pen = Pen(slots[i % 3], width * ((2 * (stripes - i)) - 1) / ((2 * stripes) - 1), SKStrokeCap.Butt);
            canvas.DrawPath(spine, pen);
        }
    }

    private static SKPath Bend(ReadOnlySpan<SKPoint> corners, float radius)
    {
        var path = new SKPath();
        path.MoveTo(corners[0]);
        for (var i = 1; i < corners.Length - 1; i++)
        {
            var room = Math.Min(SKPoint.Distance(corners[i - 1], corners[i]), SKPoint.Distance(corners[i], corners[i + 1]));
            path.ArcTo(corners[i], corners[i + 1], Math.Min(radius, room * 0.499f));
        }

        path.LineTo(corners[^1]);
        return path;
    }

    private void DrawWeave(Row row)
    {
        var (columns, rows) = (row.X, row.Y);
        var (w, h) = (_zone.Width / (float)columns, _zone.Height / (float)rows);
        var share = 0.5f + (row.W / 255f * 0.5f);
        var second = Shading.Second(row.Shading);
        var third = row.Rotation & 7;
        var fourth = row.Rotation >> 3;
        for (var j = 0; j < rows; j++)
        {
            for (var i = 0; i < columns; i++)
            {
                var upright = row.H switch
                {
                    0 => (i + j) % 2 == 0,
                    1 => (i + j) % 3 == 0,
                    2 => (i + (2 * j)) % 4 < 2,
                    _ => (i + j) % 4 < 2,
                };
                var (x, y) = (_zone.Left + (i * w), _zone.Top + (j * h));
                var warp = new SKRect(x + (w * (1 - share) / 2), y, x + w - (w * (1 - share) / 2), y + h);
                var weft = new SKRect(x, y + (h * (1 - share) / 2), x + w, y + h - (h * (1 - share) / 2));
                var warpSlot = i % 2 == 0 ? row.Slot : third;
                var weftSlot = j % 2 == 0 ? second : fourth;
                if (upright)
                {
                    Strand(weft, weftSlot, false, false);
                    Strand(warp, warpSlot, true, true);
                }
                else
                {
                    Strand(warp, warpSlot, true, false);
                    Strand(weft, weftSlot, false, true);
                }
            }
        }
    }

    // The strand on top is lit in its middle and bows out a little; the one below lies in shade.
    private void Strand(SKRect rect, int slot, bool upright, bool over)
    {
        var lab = _palette.Lab(slot);
        var edge = Colour(Lighter(lab, over ? -0.055 : -0.12));
        var middle = Colour(Lighter(lab, over ? 0.02 : -0.055));
        using var shader = SKShader.CreateLinearGradient(
            upright ? new(rect.MidX, rect.Top) : new(rect.Left, rect.MidY),
            upright ? new(rect.MidX, rect.Bottom) : new(rect.Right, rect.MidY),
            over ? [edge, middle, middle, edge] : [middle, edge, edge, middle],
            [0, 0.3f, 0.7f, 1],
            SKShaderTileMode.Clamp);
        using var paint = new SKPaint { IsAntialias = true, Shader = shader };
        canvas.DrawRect(Outset(rect, 0.04f), paint);
    }

    private void DrawDots(Row row)
    {
        var (columns, rows) = (row.X, row.Y);
        var (w, h) = (_zone.Width / (float)columns, _zone.Height / (float)rows);
        var radius = Math.Min(w, h) / 2 * row.W / 255f;
        using var ink = Ink(row.Slot);
        for (var j = 0; j < rows + 1; j++)
        {
            for (var i = 0; i < columns + 1; i++)
            {
                var brick = row.H == 1 && j % 2 == 1 ? 0.5f : 0;
                var x = _zone.Left + ((i + 0.5f - brick) * w);
                var y = _zone.Top + ((j + 0.5f) * h);
                var size = row.H == 2 ? radius * (1 - (0.8f * j / rows)) : radius;
                if (j < rows && (i < columns || brick > 0))
                {
                    canvas.DrawCircle(x, y, size, ink);
                }
            }
        }
    }

    private void DrawStripes(Row row)
    {
        var reach = MathF.Sqrt((_zone.Width * _zone.Width) + (_zone.Height * _zone.Height));
        var span = (row.Rotation % 36) switch { 0 => _zone.Height, 18 => _zone.Width, _ => reach };
        var step = span / row.X;
        var lit = step * row.W / 255f;
        using var ink = Ink(row.Slot);
        canvas.Save();
        canvas.RotateDegrees(row.Rotation * 5f, _centre.X, _centre.Y);
        for (var i = 0; i < row.X; i++)
        {
            var y = _centre.Y - (span / 2) + (i * step) + ((step - lit) / 2);
            canvas.DrawRect(SKRect.Create(_centre.X - reach, y, 2 * reach, lit), ink);
        }

        canvas.Restore();
    }
}
