using SkiaSharp;

namespace Platform.Composer;

internal sealed partial class Painter
{
    private void DrawShape(Row row)
    {
        var (w, h) = (Size(row.W), Size(row.H));
        using var path = row.Type switch
        {
            RowType.Ellipse => Outline.Ellipse(w, h),
            RowType.Rect => Outline.Rect(w, h),
            RowType.Rounded => Outline.Rounded(w, h),
            RowType.Quarter => Outline.Slice(w, 0, 90),
            RowType.Half => Outline.Slice(w, 180, 180),
            RowType.Triangle => Outline.Polygon(new(-w / 2, h / 2), new(0, -h / 2), new(w / 2, h / 2)),
            RowType.Door => Outline.Door(w, h),
            RowType.Star => Outline.Star(w, row.H, row.H <= 5 ? 0.45f : row.H <= 8 ? 0.55f : 0.72f),
            RowType.Polygon => Outline.Regular(w, row.H),
            RowType.Scallop => Outline.Scallop(w, row.H),
            RowType.Frond => Outline.Frond(w, Math.Clamp((int)row.H, 2, 9)),
            RowType.Chip => Outline.Chip(w, h, Shading.Second(row.Shading)),
            _ => new SKPath(),
        };
        PlaceAt(path, row);
        Cover(path, row);
    }

    private void DrawRing(Row row)
    {
        using var path = Outline.Ellipse(Size(row.W), Size(row.W));
        PlaceAt(path, row);
        using var pen = Pen(row.Slot, Size(row.H));
        canvas.DrawPath(path, pen);
    }

    private void DrawBeads(Row row)
    {
        using var ink = Ink(row.Slot);
        var radius = Size(row.W);
        var bead = radius * (0.012f * Shading.Second(row.Shading) + 0.02f);
        for (var i = 0; i < row.H; i++)
        {
            var at = Outline.Polar(radius, (360f * i / row.H) + (row.Rotation * 5f));
            canvas.DrawCircle(X(row.X) + at.X, Y(row.Y) + at.Y, bead, ink);
        }
    }

    private void DrawRays(Row row)
    {
        var lit = 360f / row.W * (row.H == 0 ? 0.5f : row.H / 255f);
        using var ink = Ink(row.Slot);
        using var rays = new SKPath();
        for (var i = 0; i < row.W; i++)
        {
            var from = (360f * i / row.W) + (row.Rotation * 5f) - (lit / 2);
            rays.MoveTo(0, 0);
            rays.LineTo(Outline.Polar(600, from));
            rays.LineTo(Outline.Polar(600, from + lit));
            rays.Close();
        }

        rays.Transform(SKMatrix.CreateTranslation(X(row.X), Y(row.Y)));
        canvas.DrawPath(rays, ink);
    }

    /// <summary>Concentric discs, half or quarter discs: slot and second slot in turn, from outside.</summary>
    private void DrawBands(Row row)
    {
        var count = Math.Clamp(row.H & 15, 1, 12);
        var sweep = (row.H >> 4) switch { 0 => 360f, 1 => 180f, _ => 90f };
        for (var i = 0; i < count; i++)
        {
            var radius = Size(row.W) * (count - i) / count;
            using var path = sweep == 360f ? Outline.Ellipse(radius, radius) : Outline.Slice(radius, sweep == 90 ? 0 : 180, sweep);
            PlaceAt(path, row);
            Cover(path, i % 2 == 0 ? row.Slot : Shading.Second(row.Shading), (byte)(row.Shading & 3));
        }
    }

    private void DrawPetals(Row row)
    {
        var (radius, count, form) = (Size(row.W), row.H & 31, row.H >> 5);
        var second = Shading.Second(row.Shading);
        using var all = new SKPath();
        var petals = new SKPath[count];
        for (var i = 0; i < count; i++)
        {
            var width = radius * MathF.Tan(MathF.PI / count) * (form == 1 ? 1.5f : 1.25f);
            petals[i] = form switch
            {
                0 => Outline.Petal(radius, Math.Min(width, radius * 0.8f)),
                1 => Outline.Leaf(radius, Math.Min(width, radius * 0.6f)),
                _ => PetalDisc(radius, count),
            };
            petals[i].Transform(SKMatrix.CreateRotationDegrees((360f * i / count) - 90));
            PlaceAt(petals[i], row);
            all.AddPath(petals[i]);
        }

        if (Shading.HasShadow(row.Shading))
        {
            DropShadow(all);
        }

        for (var i = 0; i < count; i++)
        {
            using var petal = petals[i];
            Cover(petal, i % 2 == 0 || count % 2 == 1 || second == row.Slot ? row.Slot : second, (byte)(row.Shading & 3));
        }
    }

    private static SKPath PetalDisc(float radius, int count)
    {
        var reach = radius / (1 + MathF.Sin(MathF.PI / count));
        var size = radius - reach;
        var path = new SKPath();
        path.AddCircle(reach, 0, size * 1.12f);
        path.AddCircle(0, 0, reach);
        return path;
    }

    /// <summary>A leaf in two tones, its lower half in the second slot.</summary>
    private void DrawLeaf(Row row)
    {
        using var leaf = Outline.Leaf(Size(row.W), Size(row.H));
        PlaceAt(leaf, row);
        Cover(leaf, row);
        if (Shading.ToneOf(row.Shading) != Tone.Fade)
        {
            using var half = Outline.HalfLeaf(Size(row.W), Size(row.H));
            PlaceAt(half, row);
            CoverSide(half, row.Slot, row.Shading);
        }
    }

    private void DrawStem(Row row, Row foliage)
    {
        var length = Size(row.W);
        var bend = (row.H - 128) / 128f * length;
        using var stem = new SKPath();
        stem.MoveTo(0, 0);
        stem.QuadTo(length * 0.55f, bend, length, bend * 0.35f);
        PlaceAt(stem, row);
        var thickness = Math.Clamp(length * 0.016f, 0.5f, 2.2f);
        using (var pen = Pen(row.Slot, thickness))
        {
            canvas.DrawPath(stem, pen);
        }

        using var measure = new SKPathMeasure(stem);
        var total = measure.Length;
        var (count, leafLength, leafWidth) = (foliage.X, Size(foliage.Y), Size(foliage.W));
        var form = foliage.Rotation % 4;
        for (var i = 0; i < count; i++)
        {
            var share = count == 1 ? 0.6f : 0.16f + (0.78f * i / (count - 1));
            var grown = leafLength * (0.62f + (0.5f * MathF.Sin(MathF.PI * (0.18f + (share * 0.72f)))));
            measure.GetPositionAndTangent(total * share, out var at, out var along);
            var heading = MathF.Atan2(along.Y, along.X) * 180 / MathF.PI;
            var opens = foliage.H * (1 - (0.35f * share));
            var alternate = form >= 2;
            for (var side = -1; side <= 1; side += 2)
            {
                if (!alternate || (i % 2 == 0) == (side < 0))
                {
                    DrawStemLeaf(at, heading + (side * opens), grown, leafWidth * grown / leafLength, form, foliage);
                }
            }
        }

        // The tip carries a leaf of its own, so that no stem ends bare.
        measure.GetPositionAndTangent(total, out var tip, out var last);
        DrawStemLeaf(tip, MathF.Atan2(last.Y, last.X) * 180 / MathF.PI, leafLength * 0.8f, leafWidth * 0.8f, form, foliage);
    }

    private void DrawStemLeaf(SKPoint at, float heading, float length, float width, int form, Row foliage)
    {
        using var leaf = form switch
        {
            1 => Outline.Petal(length, width * 1.2f),
            3 => Berry(length),
            _ => Outline.Leaf(length, width),
        };
        var place = SKMatrix.CreateRotationDegrees(heading).PostConcat(SKMatrix.CreateTranslation(at.X, at.Y));
        leaf.Transform(place);
        Cover(leaf, foliage.Slot, (byte)(foliage.Shading & 7));
        if (form is 0 or 2 && Shading.ToneOf(foliage.Shading) != Tone.Fade)
        {
            using var half = Outline.HalfLeaf(length, width);
            half.Transform(place);
            CoverSide(half, foliage.Slot, foliage.Shading);
        }
    }

    private static SKPath Berry(float length)
    {
        var path = new SKPath();
        path.AddRect(new(0, -length * 0.03f, length * 0.6f, length * 0.03f));
        path.AddCircle(length * 0.68f, 0, length * 0.3f);
        return path;
    }

    private void DrawHill(Row row, Row end)
    {
        ReadOnlySpan<byte> heights = [row.X, row.Y, row.W, row.H, end.X, end.Y, end.W, end.H];
        var points = new SKPoint[heights.Length];
        for (var i = 0; i < points.Length; i++)
        {
            points[i] = new(
                _zone.Left - 2 + ((_zone.Width + 4f) * i / (points.Length - 1)),
                _zone.Top + (_zone.Height * heights[i] / 255f));
        }

        using var path = end.Slot == 0 ? Outline.Smooth(points, closed: false) : Straight(points);
        path.LineTo(_zone.Right + 2, _zone.Bottom + 2);
        path.LineTo(_zone.Left - 2, _zone.Bottom + 2);
        path.Close();
        Cover(path, row);
    }

    private static SKPath Straight(ReadOnlySpan<SKPoint> points)
    {
        var path = new SKPath();
        path.MoveTo(points[0]);
        foreach (var point in points[1..])
        {
            path.LineTo(point);
        }

        return path;
    }
}
