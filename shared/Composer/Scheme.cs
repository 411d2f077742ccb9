namespace Platform.Composer;

/// <summary>The few roles one picture uses: its ground and the colours that stand out from it.</summary>
internal sealed record Scheme(Palette Palette, int Ground, IReadOnlyList<int> Colours)
{
    private const double Stands = 0.12;

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

    public static Scheme On(Palette palette, int ground, Pcg32 dice, int colours, int avoid = -1)
    {
        int[] fills = [(int)Role.Primary, (int)Role.Secondary, (int)Role.Accent, (int)Role.Highlight];
        dice.Shuffle(fills.AsSpan());
        int[] plain = [(int)Role.Ink, (int)Role.Background, (int)Role.Field, (int)Role.Paper];
        var chosen = fills.Where(slot => slot != ground && slot != avoid && palette.Distance(slot, ground) > Stands).Take(colours).ToList();

        // The primary is the brand: it is never left out where it can be seen.
        var primary = (int)Role.Primary;
        if (!chosen.Contains(primary) && ground != primary && avoid != primary && palette.Distance(primary, ground) > Stands && chosen.Count > 0)
        {
            chosen[dice.Below(chosen.Count)] = primary;
        }

        foreach (var slot in plain)
        {
            var apart = chosen.TrueForAll(other => palette.Distance(other, slot) > 0.09);
            if (chosen.Count < colours && slot != ground && slot != avoid && apart && palette.Distance(slot, ground) > Stands)
            {
                chosen.Add(slot);
            }
        }

        return new(palette, ground, chosen);
    }
}
