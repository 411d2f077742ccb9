namespace Platform.Composer;

/// <summary>Gives a brand's colours their roles and derives the missing ones in OKLab.</summary>
internal sealed class PaletteMaker(List<Rgb> brand)
{
    private const double NightBelow = 0.34;

    private readonly Oklab[] _roles = new Oklab[Palette.RoleCount];
    private readonly Rgb?[] _exact = new Rgb?[Palette.RoleCount];
    private readonly List<Rgb> _left = [.. brand];

    public Rgb[] Make()
    {
        var night = Oklab.FromRgb(brand[0]).L < NightBelow;
        var lead = brand.Select(Oklab.FromRgb).OrderByDescending(colour => colour.Chroma * Presence(colour)).First();

        AssignGround(night, lead);
        AssignInk(night, lead);
        AssignPaper(night);
        AssignFills(night, lead);
        AssignField();
        Separate();

        return [.. Enumerable.Range(0, Palette.RoleCount).Select(Final)];
    }

    // Colours near black or white carry a hue nobody sees.
    private static double Presence(Oklab colour) => colour.L is > 0.3 and < 0.9 ? 1 : 0.35;

    private void AssignGround(bool night, Oklab lead)
    {
        var found = night
            ? _left[0]
            : _left.Where(colour => Lab(colour) is { L: >= 0.88, Chroma: <= 0.09 })
                .OrderByDescending(colour => Lab(colour).L).Select(colour => (Rgb?)colour).FirstOrDefault();
        Take(Role.Background, found, night
            ? Lab(brand[0])
            : Oklab.FromLch(0.962, Math.Min(0.022, lead.Chroma * 0.2), lead.Hue));
    }

    private void AssignInk(bool night, Oklab lead)
    {
        var ground = At(Role.Background).ToRgb();
        var extreme = night ? new Rgb(0, 0, 0) : new Rgb(252, 252, 252);
        Rgb? found = null;
        foreach (var colour in _left)
        {
            var lab = Lab(colour);
            var fits = Rgb.Contrast(colour, ground) >= 6 && Rgb.Contrast(colour, extreme) >= 9.5
                && (!night || lab is { L: > 0.85, Chroma: < 0.06 });
            if (fits && (found is null || Rgb.Contrast(colour, ground) > Rgb.Contrast(found.Value, ground)))
            {
                found = colour;
            }
        }

        var derived = night
            ? Oklab.FromLch(0.965, Math.Min(0.02, lead.Chroma * 0.2), lead.Hue)
            : Oklab.FromLch(0.25, Math.Min(0.045, lead.Chroma * 0.4), lead.Hue);
        Take(Role.Ink, found, derived);
    }

    private void AssignPaper(bool night)
    {
        var ground = At(Role.Background);
        Rgb? found = null;
        foreach (var colour in _left)
        {
            var lab = Lab(colour);
            if (!night && lab is { L: >= 0.93, Chroma: <= 0.04 } && lab.DistanceTo(ground) > 0.02)
            {
                found = colour;
            }
        }

        var l = night ? (ground.L > 0.2 ? ground.L - 0.08 : Math.Max(0.05, ground.L + 0.05)) : 0.988;
        Take(Role.Paper, found, ground.WithL(l).WithChroma(ground.Chroma * 0.6));
    }

    private void AssignFills(bool night, Oklab lead)
    {
        // A brand's fifth colour and beyond: the palest one makes the field.
        if (_left.Count >= 5)
        {
            var ground = At(Role.Background);
            Take(Role.Field, _left.OrderBy(colour => Lab(colour).DistanceTo(ground)).First(), default);
        }

        var neutral = lead.Chroma < 0.03;
        var first = _left.Count > 0 ? (Rgb?)_left[0] : null;
        Take(Role.Primary, first, lead.WithL(Math.Clamp(lead.L, night ? 0.55 : 0.42, night ? 0.75 : 0.66)));
        var primary = At(Role.Primary);

        // The last of several is, by a brand book's habit, the colour kept for emphasis.
        var light = _left.OrderByDescending(colour => Lab(colour).L).Select(colour => (Rgb?)colour).FirstOrDefault();
        var highlight = _left.Count >= 3 ? light : null;
        if (highlight is { } bright)
        {
            Take(Role.Highlight, bright, default);
        }

        Take(Role.Secondary, _left.Count > 0 ? _left[0] : null, Shifted(primary, night ? 0.12 : -0.15, 0.35, neutral));
        Take(Role.Accent, _left.Count > 0 ? _left[0] : null, Shifted(primary, 0.14, -0.75, neutral));
        if (highlight is null)
        {
            Take(Role.Highlight, _left.Count > 0 ? _left[0] : null, Shifted(primary, 0.86 - primary.L, -0.3, neutral));
        }
    }

    private static Oklab Shifted(Oklab from, double lighter, double turn, bool neutral)
    {
        var l = Math.Clamp(from.L + lighter, 0.3, 0.88);
        return neutral
            ? from.WithL(l)
            : Oklab.FromLch(l, Math.Clamp(from.Chroma, 0.07, 0.16), from.Hue + turn);
    }

    private void AssignField()
    {
        if (_exact[(int)Role.Field] is null)
        {
            var ground = At(Role.Background);
            var mixed = Oklab.Mix(ground, At(Role.Primary), 0.2);
            var l = ground.L > 0.5 ? Math.Min(mixed.L, ground.L - 0.045) : Math.Max(mixed.L, ground.L + 0.06);
            _roles[(int)Role.Field] = mixed.WithL(l);
        }
    }

    /// <summary>Gives each fill in turn the lightness nearest its own at which it stands apart from all before it.</summary>
    /// <remarks>A brand's own colours go first and stay exact wherever they can; hue is never touched.</remarks>
    private void Separate()
    {
        var settled = new List<Role> { Role.Background, Role.Field };
        Role[] fills = [Role.Primary, Role.Secondary, Role.Accent, Role.Highlight];
        foreach (var role in fills.OrderBy(role => _exact[(int)role] is null ? 1 : 0))
        {
            if (Spare(Seen(role), settled) < 0)
            {
                var own = At(role);
                var (best, bestCost) = (own, double.MaxValue);
                for (var step = 0; step <= 86; step++)
                {
                    var moved = own.WithL(0.12 + (step * 0.01));
                    var spare = Spare(Lab(moved.ToRgb()), settled);
                    var cost = Math.Abs(moved.L - own.L) + (spare < 0 ? 10 - (50 * spare) : 0);
                    if (cost < bestCost)
                    {
                        (best, bestCost) = (moved, cost);
                    }
                }

                _roles[(int)role] = best;
                _exact[(int)role] = null;
            }

            settled.Add(role);
        }
    }

    private double Spare(Oklab colour, List<Role> settled) =>
        settled.Min(other => colour.DistanceTo(Seen(other)) - Need(other));

    private static double Need(Role settled) => settled switch
    {
        Role.Background => Palette.FillFromBackground,
        Role.Field => 0.06,
        _ => Palette.FillFromFill,
    };

    private static Oklab Lab(Rgb colour) => Oklab.FromRgb(colour);

    private Oklab At(Role role) => _roles[(int)role];

    private Oklab Seen(Role role) => Lab(Final((int)role));

    private Rgb Final(int role) => _exact[role] ?? _roles[role].ToRgb();

    private void Take(Role role, Rgb? found, Oklab derived)
    {
        _exact[(int)role] = found;
        _roles[(int)role] = found is { } colour ? Lab(colour) : derived;
        if (found is { } taken)
        {
            _left.Remove(taken);
        }
    }
}
