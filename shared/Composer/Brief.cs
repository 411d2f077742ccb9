using System.Globalization;
using System.Text;

namespace Platform.Composer;

/// <summary>Everything that decides a picture besides its seed.</summary>
public sealed record Brief
{
    public const int MaxHeadline = 60;
    public const int MaxLine = 90;
    public const int MaxWordmark = 30;
    public const int MinSize = 64;
    public const int MaxSize = 4096;

    /// <summary>A name of <see cref="HouseArtist.Families"/>; "" or "any" leaves the choice to the seed.</summary>
    public required string Family { get; init; }

    public required Palette Palette { get; init; }

    /// <summary>How much stands in the picture, 0..3; -1 leaves it to the seed.</summary>
    public int Density { get; init; } = -1;

    /// <summary>How far it strays from order, 0..3; -1 leaves it to the seed.</summary>
    public int Energy { get; init; } = -1;

    public string? Headline { get; init; }

    public string? Line { get; init; }

    public string? Wordmark { get; init; }

    /// <summary>Pixels a side.</summary>
    public int Size { get; init; } = 1024;

    /// <summary>The same brief with its words cleaned and its names in canonical form.</summary>
    /// <exception cref="ArgumentException">A field that cannot be drawn, named; never its value.</exception>
    public Brief Canonical()
    {
        var family = string.IsNullOrWhiteSpace(Family) ? "any" : Family.Trim().ToLowerInvariant();
        if (family != "any" && !HouseArtist.Families.Contains(family))
        {
            throw new ArgumentException($"{nameof(Family)} is not one of: {string.Join(", ", HouseArtist.Families)}.");
        }

        return this with
        {
            Family = family,
            Density = Control(Density, nameof(Density)),
            Energy = Control(Energy, nameof(Energy)),
            Headline = Words.Clean(Headline, nameof(Headline), MaxHeadline),
            Line = Words.Clean(Line, nameof(Line), MaxLine),
            Wordmark = Words.Clean(Wordmark, nameof(Wordmark), MaxWordmark),
            Size = Size is >= MinSize and <= MaxSize
                ? Size
                : throw new ArgumentException($"{nameof(Size)} is {MinSize} to {MaxSize} pixels."),
        };
    }

    /// <summary>Why this brief cannot be drawn, or null: to be asked when a campaign is defined.</summary>
    public string? Problem()
    {
        try
        {
            Canonical();
            return null;
        }
        catch (ArgumentException refused)
        {
            return refused.Message;
        }
    }

    /// <summary>The canonical brief, field by field: what a proof hashes beside seed and versions.</summary>
    public byte[] ToBytes()
    {
        var brief = Canonical();
        string?[] fields =
        [
            brief.Family,
            string.Join(',', brief.Palette.Roles),
            string.Create(CultureInfo.InvariantCulture, $"{brief.Density},{brief.Energy},{brief.Size}"),
            brief.Headline,
            brief.Line,
            brief.Wordmark,
        ];
        return Encoding.UTF8.GetBytes(string.Join('\n', fields));
    }

    private static int Control(int value, string name) => value is >= -1 and <= 3
        ? value
        : throw new ArgumentException($"{name} is 0 to 3, or -1 for any.");
}
