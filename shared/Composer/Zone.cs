namespace Platform.Composer;

/// <summary>A part of the canvas in 240ths, which most grids divide.</summary>
internal readonly record struct Zone(int Left, int Top, int Width, int Height)
{
    public const int Canvas = 240;

    public static readonly Zone Whole = new(0, 0, Canvas, Canvas);

    public int Right => Left + Width;

    public int Bottom => Top + Height;

    public int Short => Math.Min(Width, Height);

    /// <summary>Half the width and height in the frame's own unit, its shorter side.</summary>
    public double HalfWidth => Width / (2.0 * Short);

    public double HalfHeight => Height / (2.0 * Short);

    public Zone Inset(int by) => new(Left + by, Top + by, Width - (2 * by), Height - (2 * by));
}

/// <summary>How a frame cuts off what leaves it.</summary>
internal enum Clip
{
    None,
    Rect,
    Rounded,
    Ellipse,
    Door,
}

/// <summary>How a shape is filled.</summary>
internal enum Tone
{
    Flat = 0,
    LitAbove = 1,
    LitBelow = 2,

    /// <summary>Fades into the second slot.</summary>
    Fade = 3,
}

/// <summary>The shading column: tone, shadow, second slot.</summary>
internal static class Shading
{
    public static byte Of(Tone tone, bool shadow = false, int second = 0) =>
        (byte)((int)tone | (shadow ? 4 : 0) | (second << 3));

    public static Tone ToneOf(byte shading) => (Tone)(shading & 3);

    public static bool HasShadow(byte shading) => (shading & 4) != 0;

    public static int Second(byte shading) => shading >> 3;
}

/// <summary>Between the frame's own unit and the bytes of a row.</summary>
internal static class Scale
{
    /// <summary>Places: 1/128 of the frame's shorter side, 128 its centre.</summary>
    public static byte Place(double value) => Byte(128 + (value * 128));

    public static double Place(byte value) => (value - 128) / 128.0;

    /// <summary>Sizes: fine steps up to a quarter of the frame, 1/128 beyond.</summary>
    public static byte Size(double value) => Byte(value <= 0.25 ? value * 384 : 96 + ((value - 0.25) * 128));

    public static double Size(byte value) => value <= 96 ? value / 384.0 : 0.25 + ((value - 96) / 128.0);

    public static byte Turn(double degrees)
    {
        var steps = (int)Math.Round(degrees / 5) % 72;
        return (byte)(steps < 0 ? steps + 72 : steps);
    }

    public static byte Byte(double value) => (byte)Math.Clamp((int)Math.Round(value), 0, 255);
}
