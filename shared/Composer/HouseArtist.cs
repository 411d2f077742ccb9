using Platform.Composer.Families;

namespace Platform.Composer;

/// <summary>Composes scores by rule and dice: the house's own hand, and all rights in it are ours.</summary>
public static class HouseArtist
{
    public const string Version = "house-artist-1";

    private const int Candidates = 6;
    private const int SeedBytes = 32;

    private static readonly IFamily[] All =
    [
        new Arches(),
        new Blooms(),
        new Botanical(),
        new Cutouts(),
        new Emblem(),
        new Landscape(),
        new Orbit(),
        new Ribbons(),
        new Scales(),
        new StillLife(),
        new Sunburst(),
        new Terrazzo(),
        new Tiles(),
        new Waves(),
        new Weave(),
    ];

    public static IReadOnlyList<string> Families { get; } = [.. All.Select(family => family.Name)];

    /// <summary>Same seed and brief, same score.</summary>
    /// <exception cref="ArgumentException">The seed has not 32 bytes, or the brief cannot be drawn.</exception>
    public static Score Compose(ReadOnlySpan<byte> seed, Brief brief)
    {
        if (seed.Length != SeedBytes)
        {
            throw new ArgumentException($"A seed has {SeedBytes} bytes, not {seed.Length}.", nameof(seed));
        }

        ArgumentNullException.ThrowIfNull(brief);
        var canonical = brief.Canonical();
        var choice = Pcg32.From(seed, "choice");
        var family = Choose(choice, canonical.Family);
        canonical = canonical with
        {
            Density = canonical.Density < 0 ? choice.Below(4) : canonical.Density,
            Energy = canonical.Energy < 0 ? choice.Below(4) : canonical.Energy,
        };

        Score? best = null;
        var bestGrade = double.MinValue;
        for (var candidate = 0; candidate < Candidates; candidate++)
        {
            var score = new Composition(canonical, family, Pcg32.From(seed, $"candidate {candidate}")).Compose();
            var grade = Quality.Grade(score, canonical);
            if (grade > bestGrade)
            {
                (best, bestGrade) = (score, grade);
            }

            if (grade >= Quality.Good)
            {
                break;
            }
        }

        return best!;
    }

    internal static string FamilyOf(ReadOnlySpan<byte> seed) => Choose(Pcg32.From(seed, "choice"), "any").Name;

    private static IFamily Choose(Pcg32 dice, string family) =>
        family == "any" ? dice.Pick<IFamily>(All) : All.First(one => one.Name == family);
}
