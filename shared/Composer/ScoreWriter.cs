namespace Platform.Composer;

/// <summary>Collects rows; families speak to it in the frame's own unit (its shorter side, origin in its centre).</summary>
internal sealed class ScoreWriter
{
    private readonly List<Row> _rows = [];

    /// <summary>Rows still free once the layout's own are kept back.</summary>
    public int Room => Score.MaxRows - Reserve - _rows.Count;

    /// <summary>Rows the layout still needs for itself.</summary>
    public int Reserve { get; set; } = 6;

    public void Frame(Zone zone, Clip clip = Clip.Rect, double degrees = 0) =>
        Raw(RowType.Frame, 0, zone.Left, zone.Top, zone.Width, zone.Height, Scale.Turn(degrees), (byte)clip);

    public void Fill(int slot, Tone tone = Tone.Flat, int second = 0) =>
        Raw(RowType.Fill, slot, 0, 0, 0, 0, 0, Shading.Of(tone, second: second));

    /// <summary>A shape with two sizes.</summary>
    public void Shape(
        RowType type, int slot, double x, double y, double w, double h,
        double degrees = 0, Tone tone = Tone.Flat, bool shadow = false, int second = 0) =>
        Raw(type, slot, Scale.Place(x), Scale.Place(y), Scale.Size(w), Scale.Size(h),
            Scale.Turn(degrees), Shading.Of(tone, shadow, second));

    public void Disc(int slot, double x, double y, double radius, Tone tone = Tone.Flat, bool shadow = false, int second = 0) =>
        Shape(RowType.Ellipse, slot, x, y, radius, radius, 0, tone, shadow, second);

    /// <summary>A shape with a size and a number.</summary>
    public void Counted(
        RowType type, int slot, double x, double y, double size, int number,
        double degrees = 0, Tone tone = Tone.Flat, bool shadow = false, int second = 0) =>
        Raw(type, slot, Scale.Place(x), Scale.Place(y), Scale.Size(size), number,
            Scale.Turn(degrees), Shading.Of(tone, shadow, second));

    public void Tile(int motif, int x, int y, int side, int ground, int figure, int third, int quarter) =>
        Raw(RowType.Tile, ground, x, y, side, motif, (byte)((quarter & 3) + (4 * third)), Shading.Of(Tone.Flat, second: figure));

    public void Raw(RowType type, int slot, int x, int y, int w, int h, byte rotation = 0, byte shading = 0) =>
        _rows.Add(new(type, (byte)slot, Clamp(x), Clamp(y), Clamp(w), Clamp(h), rotation, shading));

    public void Blob(
        int slot, double x, double y, double rx, double ry, ReadOnlySpan<double> radii,
        double degrees = 0, Tone tone = Tone.Flat, bool shadow = false, int second = 0)
    {
        Shape(RowType.Blob, slot, x, y, rx, ry, degrees, tone, shadow, second);
        for (var i = 0; i < 8; i += 4)
        {
            Raw(RowType.Radii, 0, Share(radii[i]), Share(radii[i + 1]), Share(radii[i + 2]), Share(radii[i + 3]));
        }
    }

    /// <summary>Everything of the frame below a level (-1 its top, 1 its foot, of half its height).</summary>
    public void Floor(int slot, double level, Tone tone = Tone.Flat)
    {
        var height = Share((level + 1) / 2);
        Raw(RowType.Hill, slot, height, height, height, height, 0, Shading.Of(tone));
        Raw(RowType.HillEnd, 0, height, height, height, height);
    }

    /// <summary>A stem with its leaves; where its tip came to stand is the answer.</summary>
    public (double X, double Y) Stem(Growth growth, double x, double y, double length, double bend, double degrees)
    {
        Raw(RowType.Stem, growth.StemSlot, Scale.Place(x), Scale.Place(y), Scale.Size(length),
            Scale.Byte(128 + (bend * 128)), Scale.Turn(degrees));
        Raw(RowType.Foliage, growth.LeafSlot, growth.Pairs, Scale.Size(growth.LeafLength), Scale.Size(growth.LeafWidth),
            growth.Angle, (byte)growth.Form, Shading.Of(growth.Tone, second: growth.HalfSlot));
        var angle = degrees * Math.PI / 180;
        var (along, across) = (length, bend * length * 0.35);
        return (x + (along * Math.Cos(angle)) - (across * Math.Sin(angle)), y + (along * Math.Sin(angle)) + (across * Math.Cos(angle)));
    }

    public Score ToScore() => Score.Of(_rows);

    private static int Share(double value) => (int)Math.Round(value * 255);

    private static byte Clamp(int value) => (byte)Math.Clamp(value, 0, 255);
}

/// <summary>What a stem carries; forms: 0 pairs of leaves, 1 pairs of round petals, 2 leaves in turn, 3 berries in turn.</summary>
internal sealed record Growth(
    int StemSlot, int LeafSlot, int HalfSlot, int Pairs, double LeafLength, double LeafWidth, int Angle, int Form,
    Tone Tone = Tone.Flat);
