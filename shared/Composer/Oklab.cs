using System.Globalization;

namespace Platform.Composer;

/// <summary>A colour where equal steps look equal; L 0..1, chroma about 0..0.35.</summary>
internal readonly record struct Oklab(double L, double A, double B)
{
    public double Chroma => Math.Sqrt((A * A) + (B * B));

    public double Hue => Math.Atan2(B, A);

    public static Oklab FromLch(double l, double chroma, double hue) =>
        new(l, chroma * Math.Cos(hue), chroma * Math.Sin(hue));

    public static Oklab FromRgb(Rgb colour)
    {
        var r = Rgb.Linear(colour.R);
        var g = Rgb.Linear(colour.G);
        var b = Rgb.Linear(colour.B);
        var l = Math.Cbrt((0.4122214708 * r) + (0.5363325363 * g) + (0.0514459929 * b));
        var m = Math.Cbrt((0.2119034982 * r) + (0.6806995451 * g) + (0.1073969566 * b));
        var s = Math.Cbrt((0.0883024619 * r) + (0.2817188376 * g) + (0.6299787005 * b));
        return new(
            (0.2104542553 * l) + (0.7936177850 * m) - (0.0040720468 * s),
            (1.9779984951 * l) - (2.4285922050 * m) + (0.4505937099 * s),
            (0.0259040371 * l) + (0.7827717662 * m) - (0.8086757660 * s));
    }

    public static Oklab Mix(Oklab from, Oklab to, double share) =>
        new(
            from.L + ((to.L - from.L) * share),
            from.A + ((to.A - from.A) * share),
            from.B + ((to.B - from.B) * share));

    public Oklab WithL(double l) => this with { L = Math.Clamp(l, 0, 1) };

    public Oklab WithChroma(double chroma)
    {
        var now = Chroma;
        return now < 1e-6 ? this : new(L, A * chroma / now, B * chroma / now);
    }

    public double DistanceTo(Oklab other)
    {
        var (l, a, b) = (L - other.L, A - other.A, B - other.B);
        return Math.Sqrt((l * l) + (a * a) + (b * b));
    }

    /// <summary>The nearest sRGB colour of the same lightness and hue: chroma gives way, hue never.</summary>
    public Rgb ToRgb()
    {
        if (TryToRgb(this, out var rgb))
        {
            return rgb;
        }

        var (low, high) = (0.0, Chroma);
        for (var i = 0; i < 16; i++)
        {
            var middle = (low + high) / 2;
            if (TryToRgb(WithChroma(middle), out _))
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        TryToRgb(WithChroma(low), out rgb);
        return rgb;
    }

    private static bool TryToRgb(Oklab lab, out Rgb rgb)
    {
        var l = lab.L + (0.3963377774 * lab.A) + (0.2158037573 * lab.B);
        var m = lab.L - (0.1055613458 * lab.A) - (0.0638541728 * lab.B);
        var s = lab.L - (0.0894841775 * lab.A) - (1.2914855480 * lab.B);
        (l, m, s) = (l * l * l, m * m * m, s * s * s);
        var r = (4.0767416621 * l) - (3.3077115913 * m) + (0.2309699292 * s);
        var g = (-1.2684380046 * l) + (2.6097574011 * m) - (0.3413193965 * s);
        var b = (-0.0041960863 * l) - (0.7034186147 * m) + (1.7076147010 * s);
        rgb = new(Rgb.Encode(r), Rgb.Encode(g), Rgb.Encode(b));
        const double Slack = 0.0005;
        return r is > -Slack and < 1 + Slack && g is > -Slack and < 1 + Slack && b is > -Slack and < 1 + Slack;
    }
}

/// <summary>An sRGB colour of eight bits a channel.</summary>
internal readonly record struct Rgb(byte R, byte G, byte B)
{
    /// <summary>WCAG relative luminance.</summary>
    public double Luminance => (0.2126 * Linear(R)) + (0.7152 * Linear(G)) + (0.0722 * Linear(B));

    public static bool TryParse(string? text, out Rgb colour)
    {
        colour = default;
        if (text is not { Length: 7 } || text[0] != '#'
            || !uint.TryParse(text.AsSpan(1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
        {
            return false;
        }

        colour = new((byte)(value >> 16), (byte)(value >> 8), (byte)value);
        return true;
    }

    /// <summary>WCAG contrast ratio, 1..21.</summary>
    public static double Contrast(Rgb a, Rgb b)
    {
        var (x, y) = (a.Luminance, b.Luminance);
        return (Math.Max(x, y) + 0.05) / (Math.Min(x, y) + 0.05);
    }

    public static double Linear(byte channel)
    {
        var c = channel / 255.0;
        return c <= 0.04045 ? c / 12.92 : Math.Pow((c + 0.055) / 1.055, 2.4);
    }

    public static byte Encode(double linear)
    {
        var c = linear <= 0.0031308 ? 12.92 * linear : (1.055 * Math.Pow(linear, 1 / 2.4)) - 0.055;
        return (byte)Math.Clamp((int)Math.Round(c * 255), 0, 255);
    }

    public override string ToString() => $"#{R:X2}{G:X2}{B:X2}";
}
