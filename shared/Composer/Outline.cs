using SkiaSharp;

namespace Platform.Composer;

/// <summary>Outlines around the origin, in canvas units.</summary>
internal static class Outline
{
    public static SKPath Polygon(params ReadOnlySpan<SKPoint> points)
    {
        var path = new SKPath();
        path.AddPoly(points.ToArray(), close: true);
        return path;
    }

    public static SKPath Ellipse(float rx, float ry)
    {
        var path = new SKPath();
        path.AddOval(new(-rx, -ry, rx, ry));
        return path;
    }

    public static SKPath Rect(float w, float h)
    {
        var path = new SKPath();
        path.AddRect(new(-w / 2, -h / 2, w / 2, h / 2));
        return path;
    }

    public static SKPath Rounded(float w, float h, float share = 0.12f)
    {
        var path = new SKPath();
        var radius = Math.Min(w, h) * share;
        path.AddRoundRect(new(-w / 2, -h / 2, w / 2, h / 2), radius, radius);
        return path;
    }

    /// <summary>Round above, straight below.</summary>
    public static SKPath Door(float w, float h)
    {
        var (x, y) = (w / 2, h / 2);
        var rise = Math.Min(x, h);
        var path = new SKPath();
        path.MoveTo(-x, y);
        path.LineTo(-x, -y + rise);
        path.ArcTo(new SKRect(-x, -y, x, -y + (2 * rise)), 180, 180, false);
        path.LineTo(x, y);
        path.Close();
        return path;
    }

    /// <summary>A scale that comes to a point above.</summary>
    public static SKPath Ogive(float radius)
    {
        var path = new SKPath();
        path.MoveTo(-radius, 0);
        path.CubicTo(-radius, -radius * 0.62f, -radius * 0.36f, -radius * 0.9f, 0, -radius * 1.32f);
        path.CubicTo(radius * 0.36f, -radius * 0.9f, radius, -radius * 0.62f, radius, 0);
        path.ArcTo(new SKRect(-radius, -radius, radius, radius), 0, 180, false);
        path.Close();
        return path;
    }

    /// <summary>A slice of a disc, its point in the origin.</summary>
    public static SKPath Slice(float radius, float from, float sweep)
    {
        var path = new SKPath();
        path.MoveTo(0, 0);
        path.ArcTo(new SKRect(-radius, -radius, radius, radius), from, sweep, false);
        path.Close();
        return path;
    }

    public static SKPath Star(float radius, int points, float inner)
    {
        var corners = new SKPoint[points * 2];
        for (var i = 0; i < corners.Length; i++)
        {
            corners[i] = Polar(i % 2 == 0 ? radius : radius * inner, (180f * i / points) - 90);
        }

        return Polygon(corners);
    }

    public static SKPath Regular(float radius, int corners)
    {
        var points = new SKPoint[corners];
        for (var i = 0; i < corners; i++)
        {
            points[i] = Polar(radius, (360f * i / corners) - 90);
        }

        return Polygon(points);
    }

    /// <summary>A disc with a scalloped edge.</summary>
    public static SKPath Scallop(float radius, int scallops)
    {
        var path = new SKPath();
        var inner = radius / (1 + MathF.Sin(MathF.PI / scallops));
        var bump = inner * MathF.Sin(MathF.PI / scallops);
        path.MoveTo(Polar(inner, -180f / scallops - 90));
        for (var i = 0; i < scallops; i++)
        {
            path.ArcTo(new SKPoint(bump, bump), 0, SKPathArcSize.Small, SKPathDirection.Clockwise,
                Polar(inner, (360f * i / scallops) + (180f / scallops) - 90));
        }

        path.Close();
        return path;
    }

    /// <summary>A leaf along +x from its base, pointed at both ends; fullest at <paramref name="belly"/>.</summary>
    public static SKPath Leaf(float length, float width, float belly = 0.42f)
    {
        var half = width / 2 * 1.33f;
        var path = new SKPath();
        path.MoveTo(0, 0);
        path.CubicTo(length * (belly - 0.25f), -half, length * (belly + 0.3f), -half, length, 0);
        path.CubicTo(length * (belly + 0.3f), half, length * (belly - 0.25f), half, 0, 0);
        path.Close();
        return path;
    }

    /// <summary>The lower half of <see cref="Leaf"/>, for its shaded side.</summary>
    public static SKPath HalfLeaf(float length, float width, float belly = 0.42f)
    {
        var half = width / 2 * 1.33f;
        var path = new SKPath();
        path.MoveTo(0, 0);
        path.CubicTo(length * (belly - 0.25f), half, length * (belly + 0.3f), half, length, 0);
        path.Close();
        return path;
    }

    /// <summary>A petal along +x: narrow at its foot, round at its tip.</summary>
    public static SKPath Petal(float length, float width)
    {
        var half = width / 2;
        var path = new SKPath();
        path.MoveTo(0, 0);
        path.CubicTo(length * 0.25f, -half * 0.5f, length * 0.5f, -half * 1.25f, length * 0.8f, -half * 0.9f);
        path.CubicTo(length * 1.07f, -half * 0.55f, length * 1.07f, half * 0.55f, length * 0.8f, half * 0.9f);
        path.CubicTo(length * 0.5f, half * 1.25f, length * 0.25f, half * 0.5f, 0, 0);
        path.Close();
        return path;
    }

    /// <summary>Eight radii (256ths of the half size) joined smoothly.</summary>
    public static SKPath Blob(float rx, float ry, Row first, Row second)
    {
        ReadOnlySpan<byte> radii = [first.X, first.Y, first.W, first.H, second.X, second.Y, second.W, second.H];
        var points = new SKPoint[radii.Length];
        for (var i = 0; i < points.Length; i++)
        {
            var unit = Polar(radii[i] / 255f, 360f * i / points.Length);
            points[i] = new(unit.X * rx, unit.Y * ry);
        }

        return Smooth(points, closed: true);
    }

    /// <summary>A frond along +x: a spine with pairs of round fingers, as if cut from painted paper.</summary>
    public static SKPath Frond(float length, int lobes)
    {
        var path = new SKPath();
        path.AddRoundRect(new(0, -length * 0.042f, length, length * 0.042f), length * 0.042f, length * 0.042f);
        for (var i = 0; i < lobes; i++)
        {
            var share = (i + 0.6f) / lobes;
            var reach = length * 0.42f * MathF.Sin(MathF.PI * (0.14f + (0.78f * share)));
            var thick = length * 0.56f / lobes;
            foreach (var side in (ReadOnlySpan<int>)[-1, 1])
            {
                using var finger = new SKPath();
                finger.AddRoundRect(new(-thick * 0.5f, -thick / 2, reach, thick / 2), thick / 2, thick / 2);
                finger.Transform(SKMatrix.CreateRotationDegrees(side * (62 - (34 * share))));
                finger.Transform(SKMatrix.CreateTranslation(length * (0.06f + (0.8f * share)), 0));

                // All contours turn the same way, so that the winding rule joins them; SKPath.Op left specks behind.
                path.AddPath(finger);
            }
        }

        return path;
    }

    /// <summary>A splinter with softened corners; the form picks its angles.</summary>
    public static SKPath Chip(float rx, float ry, int form)
    {
        ReadOnlySpan<byte> corners = [4, 5, 5, 6, 4, 6, 5, 7];
        var count = corners[form & 7];
        var points = new SKPoint[count];
        var hash = (uint)((form + 3) * 2654435761L);
        for (var i = 0; i < count; i++)
        {
            hash = unchecked((hash ^ (hash >> 15)) * 0x2C1B3C6Du) + 0x9E3779B9u;
            var angle = (360f * i / count) + ((((hash >> 8) & 255) / 255f) - 0.5f) * 190f / count;
            var reach = 0.72f + ((((hash >> 16) & 255) / 255f) * 0.28f);
            var unit = Polar(reach, angle);
            points[i] = new(unit.X * rx, unit.Y * ry);
        }

        return RoundedCorners(points, 0.16f);
    }

    /// <summary>A polygon whose corners are cut by a share of their edges and rounded.</summary>
    public static SKPath RoundedCorners(ReadOnlySpan<SKPoint> points, float share)
    {
        var path = new SKPath();
        for (var i = 0; i < points.Length; i++)
        {
            var before = points[(i + points.Length - 1) % points.Length];
            var corner = points[i];
            var after = points[(i + 1) % points.Length];
            var enter = Between(corner, before, share);
            var leave = Between(corner, after, share);
            if (i == 0)
            {
                path.MoveTo(enter);
            }
            else
            {
                path.LineTo(enter);
            }

            path.QuadTo(corner, leave);
        }

        path.Close();
        return path;
    }

    /// <summary>Catmull-Rom through the points.</summary>
    public static SKPath Smooth(ReadOnlySpan<SKPoint> points, bool closed)
    {
        var path = new SKPath();
        var count = points.Length;
        path.MoveTo(points[0]);
        for (var i = 0; i < (closed ? count : count - 1); i++)
        {
            var a = At(points, i - 1, closed);
            var b = At(points, i, closed);
            var c = At(points, i + 1, closed);
            var d = At(points, i + 2, closed);
            path.CubicTo(
                b.X + ((c.X - a.X) / 6), b.Y + ((c.Y - a.Y) / 6),
                c.X - ((d.X - b.X) / 6), c.Y - ((d.Y - b.Y) / 6),
                c.X, c.Y);
        }

        if (closed)
        {
            path.Close();
        }

        return path;
    }

    public static SKPoint Polar(float radius, float degrees)
    {
        var angle = degrees * MathF.PI / 180;
        return new(radius * MathF.Cos(angle), radius * MathF.Sin(angle));
    }

    private static SKPoint Between(SKPoint from, SKPoint to, float share) =>
        new(from.X + ((to.X - from.X) * share), from.Y + ((to.Y - from.Y) * share));

    private static SKPoint At(ReadOnlySpan<SKPoint> points, int index, bool closed) => closed
        ? points[((index % points.Length) + points.Length) % points.Length]
        : points[Math.Clamp(index, 0, points.Length - 1)];
}
