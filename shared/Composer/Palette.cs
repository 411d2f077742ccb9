namespace Platform.Composer;

/// <summary>What a colour is for; a score names roles, never colours.</summary>
public enum Role
{
    Background,
    Field,
    Primary,
    Secondary,
    Accent,
    Highlight,
    Ink,
    Paper,
}

/// <summary>Eight colours with roles, derived from a brand's one to eight.</summary>
/// <remarks>
/// Guaranteed, whatever the brand sends: ink on background and on paper reads (4.5:1, 9:1), every role has a partner
/// of at least 3:1 among ink and paper, and no two neighbouring fills are so close that a shape would vanish.
/// A first colour that is very dark makes a night palette: dark background, light ink.
/// </remarks>
public sealed record Palette
{
    public const int RoleCount = 8;

    internal const double FillFromBackground = 0.10;
    internal const double FillFromFill = 0.075;

    private static readonly Role[] Fills = [Role.Primary, Role.Secondary, Role.Accent, Role.Highlight];

    private readonly Rgb[] _colours;
    private readonly Oklab[] _lab;

    private Palette(Rgb[] colours)
    {
        _colours = colours;
        _lab = [.. colours.Select(Oklab.FromRgb)];
        Roles = [.. colours.Select(colour => colour.ToString())];
    }

    /// <summary>#RRGGBB in the order of <see cref="Role"/>.</summary>
    public IReadOnlyList<string> Roles { get; }

    public string this[Role role] => Roles[(int)role];

    public static Palette Create(IReadOnlyList<string> colours)
    {
        ArgumentNullException.ThrowIfNull(colours);
        if (colours.Count is < 1 or > RoleCount)
        {
            throw new ArgumentException($"A palette has 1 to {RoleCount} colours, not {colours.Count}.", nameof(colours));
        }

        var brand = new List<Rgb>();
        for (var i = 0; i < colours.Count; i++)
        {
            if (!Rgb.TryParse(colours[i], out var colour))
            {
                throw new ArgumentException($"Colour {i + 1} ('{colours[i]}') is not #RRGGBB.", nameof(colours));
            }

            if (brand.TrueForAll(known => Oklab.FromRgb(known).DistanceTo(Oklab.FromRgb(colour)) > 0.02))
            {
                brand.Add(colour);
            }
        }

        return new Palette(new PaletteMaker(brand).Make());
    }

    public bool Equals(Palette? other) => other is not null && _colours.AsSpan().SequenceEqual(other._colours);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var colour in _colours)
        {
            hash.Add(colour);
        }

        return hash.ToHashCode();
    }

    internal Rgb Colour(int slot) => _colours[slot];

    internal Oklab Lab(int slot) => _lab[slot];

    internal double Distance(int a, int b) => _lab[a].DistanceTo(_lab[b]);

    internal double Contrast(int a, int b) => Rgb.Contrast(_colours[a], _colours[b]);

    /// <summary>The slot in which words on <paramref name="ground"/> read best, kept on brand where that is enough.</summary>
    internal int InkOn(int ground)
    {
        ReadOnlySpan<Role> candidates = [Role.Ink, Role.Paper, Role.Background];
        var best = (int)Role.Ink;
        foreach (var candidate in candidates)
        {
            if (Contrast((int)candidate, ground) > Contrast(best, ground))
            {
                best = (int)candidate;
            }
        }

        return best;
    }

    /// <summary>A colour, other than the plain ink, in which large words on <paramref name="ground"/> still read.</summary>
    internal int? LivelyInkOn(int ground)
    {
        foreach (var fill in Fills)
        {
            if (Contrast((int)fill, ground) >= 4.5)
            {
                return (int)fill;
            }
        }

        return null;
    }
}
