using System.Reflection;
using System.Text;
using SkiaSharp;

namespace Platform.Composer;

/// <summary>A voice: a display face, the text face beside it, and how it likes to be set.</summary>
internal sealed record Face(string Name, string Family, int Companion, float Leading, float Tracking);

/// <summary>The embedded typefaces, all under the SIL Open Font License; immutable and shared.</summary>
/// <remarks>Google's files come in subsets, so a face is a chain of files; Inter ends every chain.</remarks>
internal static class Typefaces
{
    public const int FaceCount = 7;
    public const int Text = 6;

    private static readonly Face[] Faces =
    [
        new("Fraunces", "fraunces", Text, 1.02f, -0.012f),
        new("DM Serif Display", "dm-serif-display", Text, 1.02f, -0.004f),
        new("Archivo Black", "archivo-black", 5, 1.0f, -0.018f),
        new("Bricolage Grotesque", "bricolage-grotesque", Text, 0.98f, -0.018f),
        new("Outfit", "outfit", Text, 1.04f, -0.015f),
        new("Space Grotesk", "space-grotesk", 5, 1.04f, -0.025f),
        new("Inter", "inter", Text, 1.28f, 0f),
    ];

    private static readonly Lazy<Cut[]> Fallback = new(() =>
        [.. new[] { "latin", "latin-ext", "greek", "cyrillic", "vietnamese" }.Select(subset => Load($"inter-{subset}"))]);

    private static readonly Lazy<Cut[]>[] Chains = [.. Faces.Select(face => new Lazy<Cut[]>(() => Chain(face)))];

    public static Face Face(int face) => Faces[face];

    /// <summary>The files of a face, in the order in which a glyph is sought.</summary>
    public static Cut[] Cuts(int face) => Chains[face].Value;

    public static bool CanDraw(Rune rune) => Fallback.Value.Any(cut => cut.Typeface.GetGlyph(rune.Value) != 0);

    private static Cut[] Chain(Face face) => face.Family == "inter"
        ? Fallback.Value
        : [Load($"{face.Family}-latin"), Load($"{face.Family}-latin-ext"), .. Fallback.Value];

    private static Cut Load(string name)
    {
        using var resource = Assembly.GetExecutingAssembly().GetManifestResourceStream($"{name}.ttf")
            ?? throw new InvalidOperationException($"The typeface {name} is not embedded.");
        var bytes = new byte[resource.Length];
        resource.ReadExactly(bytes);
        using var data = SKData.CreateCopy(bytes);
        var typeface = SKTypeface.FromData(data)
            ?? throw new InvalidOperationException($"The typeface {name} cannot be read.");
        return new(typeface, Kerning.Read(bytes), FontTables.Advances(bytes, typeface.UnitsPerEm), typeface.UnitsPerEm);
    }
}

/// <summary>One font file.</summary>
internal sealed record Cut(SKTypeface Typeface, Kerning Kerning, float[] Advances, int UnitsPerEm)
{
    public float Advance(ushort glyph) => Advances[Math.Min((int)glyph, Advances.Length - 1)];
}
