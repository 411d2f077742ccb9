namespace Platform.Composer;

/// <summary>The few roles one picture uses: its ground and the colours that stand out from it.</summary>
internal sealed record Scheme(Palette Palette, int Ground, IReadOnlyList<int> Colours)
{
    private const double Stands = 0.12;
    private const double Apartness = 0.08;
    private const int Fewest = 2;

    /// <summary>The colour that stands out most: for a sun, a flower's heart, the one loud thing.</summary>
    public int Star => Colours.MaxBy(slot => (0.5 * Palette.Distance(slot, Ground)) + (1.5 * Palette.Lab(slot).Chroma)
        + (0.2 * Math.Min(0.75, Palette.Lab(slot).L)));

    public int this[int index] => Colours[((index % Colours.Count) + Colours.Count) % Colours.Count];

    public int InkOn(int ground) => Palette.InkOn(ground);

    /// <summary>A colour of the scheme clearly apart from all given ones.</summary>
    public int Apart(params ReadOnlySpan<int> from)
    {
        var (best, bestDistance) = (Colours[0], -1.0);
        foreach (var slot in Colours)
        {
            var distance = double.MaxValue;
            foreach (var other in from)
            {
                distance = Math.Min(distance, Palette.Distance(slot, other));
            }

            if (distance > bestDistance)
            {
                (best, bestDistance) = (slot, distance);
            }
        }

        return best;
    }

    /// <summary>Draws up to <paramref name="colours"/> roles that stand out from the ground; none near what lies around.</summary>
    public static Scheme On(Palette palette, int ground, Pcg32 dice, int colours, int avoid = -1)
    {
        int[] fills = [(int)Role.Primary, (int)Role.Secondary, (int)Role.Accent, (int)Role.Highlight];
        dice.Shuffle(fills.AsSpan());
        int[] plain = [(int)Role.Ink, (int)Role.Background, (int)Role.Field, (int)Role.Paper];
        bool Fits(int slot) => slot != ground && palette.Distance(slot, ground) > Stands
            && (avoid < 0 || palette.Distance(slot, avoid) > Apartness);

        var chosen = fills.Where(Fits).Take(colours).ToList();

        // The primary is the brand: it is never left out where it can be seen.
        if (Fits((int)Role.Primary) && !chosen.Contains((int)Role.Primary))
        {
            chosen[dice.Below(chosen.Count)] = (int)Role.Primary;
        }

        foreach (var slot in plain)
        {
            if (chosen.Count < colours && Fits(slot) && chosen.TrueForAll(other => palette.Distance(other, slot) > 0.09))
            {
                chosen.Add(slot);
            }
        }

        // A palette of near neighbours may leave too few; then whatever differs most from the ground.
        foreach (var slot in fills.Concat(plain).OrderByDescending(slot => palette.Distance(slot, ground)))
        {
            if (chosen.Count < Fewest && slot != ground && !chosen.Contains(slot))
            {
                chosen.Add(slot);
            }
        }

        return new(palette, ground, chosen);
    }
}
