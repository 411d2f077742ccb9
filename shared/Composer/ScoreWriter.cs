namespace Platform.Composer;

/// <summary>Collects rows; families speak to it in the frame's own unit (its shorter side, origin in its centre).</summary>
internal sealed class ScoreWriter
{
    private readonly List<Row> _rows = [];

    /// <summary>Rows still free once the layout's own are kept back.</summary>
    public int Room => Score.MaxRows - Reserve - _rows.Count;

    private const int Reserve = 6;

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

    public Score ToScore() => Score.Of(_rows);

    private static byte Clamp(int value) => (byte)Math.Clamp(value, 0, 255);
}
