using System.Security.Cryptography;
using System.Text;

namespace Platform.Composer.Tests;

/// <summary>Briefs and seeds the tests draw from.</summary>
internal static class Pictures
{
    public static readonly string[][] Brands =
    [
        ["#F4EBDD", "#C8553D", "#588B8B", "#F2A65A", "#2D3047"],
        ["#0B132B", "#3A506B", "#5BC0BE", "#FFD166", "#F4F4F9"],
        ["#9E2B25", "#FFF8F0", "#51355A", "#E0A458"],
        ["#2A9D8F", "#264653", "#E9C46A", "#E76F51", "#F4A261", "#EAF4F4"],
        ["#1A1423", "#B75D69", "#774C60", "#EACDC2"],
        ["#FDFCDC", "#0081A7", "#00AFB9", "#F07167", "#FED9B7"],
        ["#E4572E"],
        ["#386641", "#A7C957", "#BC4749", "#F2E8CF"],
        ["#111111", "#FFFFFF"],
        ["#3D348B", "#7678ED", "#F7B801", "#F18701", "#F35B04"],
        ["#FFCAD4", "#F4ACB7", "#9D8189", "#D8E2DC", "#FFE5D9"],
        ["#0057FF", "#FF4D00"],
    ];

    /// <summary>Brands from here on are thrown by dice: what no designer would send, and customers do.</summary>
    public const int Wild = 1000;

    private static readonly (string? Headline, string? Line, string? Wordmark)[] Said =
    [
        ("Thank you for your first hundred cups", "Every tenth one is on us, all winter long.", "Kaffa Roasters"),
        ("Spring is here", "Member edition 2026", "Fjord & Field"),
        (null, null, null),
        ("Nine years together", null, "Halden"),
        ("Zażółć gęślą jaźń", "À bientôt, Größe M, ÅÄÖ", "Łódź Studio"),
        (null, null, "Northern Light"),
        ("Welcome", "You made it to gold. Here is something only members get to keep.", "Aurelia"),
        (null, null, null),
    ];

    public static byte[] Seed(string name) => SHA256.HashData(Encoding.UTF8.GetBytes(name));

    public static Brief ABrief(string family, int brand, int said, int size = 256)
    {
        var (headline, line, wordmark) = Said[said % Said.Length];
        return new()
        {
            Family = family,
            Palette = Palette.Create(brand >= Wild ? WildBrand(brand) : Brands[brand % Brands.Length]),
            Headline = headline,
            Line = line,
            Wordmark = wordmark,
            Size = size,
        };
    }

    private static string[] WildBrand(int number)
    {
        var bytes = Seed($"brand {number}");
        return [.. Enumerable.Range(0, 1 + (bytes[31] % 5)).Select(i => $"#{bytes[3 * i]:X2}{bytes[(3 * i) + 1]:X2}{bytes[(3 * i) + 2]:X2}")];
    }

    public static byte[] Draw(string seed, Brief brief) => Renderer.RenderPng(HouseArtist.Compose(Seed(seed), brief), brief);
}
