namespace Platform.Composer;

/// <summary>Where art and words stand, so that they never fight.</summary>
internal sealed record Plan
{
    public required string Name { get; init; }

    public required Zone Art { get; init; }

    public Clip Clip { get; init; } = Clip.Rect;

    /// <summary>A second zone, for a quieter echo of the art.</summary>
    public Zone? Echo { get; init; }

    /// <summary>A label lying on the art.</summary>
    public Zone? Panel { get; init; }

    public Clip PanelClip { get; init; } = Clip.Rect;

    public Zone? Type { get; init; }

    public Place TypePlace { get; init; }

    public Zone? Mark { get; init; }

    public Place MarkPlace { get; init; }
}

/// <summary>Chooses a plan by seed among those the words fit.</summary>
internal static class Layout
{
    public static Plan Choose(Brief brief, IFamily family, int face, Pcg32 dice)
    {
        var words = brief.Headline is not null || brief.Line is not null;
        var plans = (words ? WithWords(brief, family, dice) : brief.Wordmark is not null ? WithMark(dice) : Pure(dice)).ToList();
        while (plans.Count > 1)
        {
            var at = dice.Weighted([.. plans.Select(plan => plan.Weight)]);
            if (Fits(brief, plans[at].Plan, face))
            {
                return plans[at].Plan;
            }

            plans.RemoveAt(at);
        }

        return plans[0].Plan;
    }

    private static bool Fits(Brief brief, Plan plan, int face) => plan.Type is not { } box
        || TypeBlock.Set(brief.Headline, brief.Line, face, box.Width, box.Height).IsLegible;

    private static IEnumerable<(double Weight, Plan Plan)> Pure(Pcg32 dice)
    {
        yield return (40, new() { Name = "full", Art = Zone.Whole });
        yield return (22, new() { Name = "framed", Art = new(16, 16, 208, 208) });
        yield return (10, new() { Name = "door", Art = new(40, 20, 160, 200), Clip = Clip.Door });
        yield return (8, new() { Name = "rounded", Art = new(18, 18, 204, 204), Clip = Clip.Rounded });
        yield return (10, new() { Name = "round", Art = new(16, 16, 208, 208), Clip = Clip.Ellipse });
        yield return dice.Chance(0.5)
            ? (14, new() { Name = "banded", Art = new(0, 0, 240, 192), Echo = new(0, 192, 240, 48) })
            : (14, new() { Name = "spine", Art = new(48, 0, 192, 240), Echo = new(0, 0, 48, 240) });
    }

    private static IEnumerable<(double Weight, Plan Plan)> WithMark(Pcg32 dice)
    {
        var place = dice.Pick(Place.CentreMiddle, Place.LeftMiddle);
        yield return (30, new() { Name = "caption", Art = new(12, 12, 216, 180), Mark = new(14, 209, 212, 10), MarkPlace = place });
        yield return (20, new() { Name = "foot", Art = new(0, 0, 240, 200), Mark = new(16, 215, 208, 10), MarkPlace = place });
        yield return (14, new() { Name = "door", Art = new(48, 16, 144, 180), Clip = Clip.Door, Mark = new(16, 211, 208, 10), MarkPlace = Place.CentreMiddle });
        yield return (14, new() { Name = "round", Art = new(28, 14, 184, 184), Clip = Clip.Ellipse, Mark = new(16, 211, 208, 10), MarkPlace = Place.CentreMiddle });
    }

    private static IEnumerable<(double Weight, Plan Plan)> WithWords(Brief brief, IFamily family, Pcg32 dice)
    {
        var mark = brief.Wordmark is not null;
        var foot = mark ? 18 : 0;
        var centred = dice.Chance(0.35);
        var top = centred ? Place.CentreTop : Place.LeftTop;
        var markAt = centred ? Place.CentreMiddle : Place.LeftMiddle;

        yield return (26, new()
        {
            Name = "foot",
            Art = new(0, 0, 240, 144),
            Type = new(16, 159, 208, 66 - foot),
            TypePlace = mark ? top : centred ? Place.CentreMiddle : Place.LeftMiddle,
            Mark = new(16, 219, 208, 6),
            MarkPlace = markAt,
        });
        yield return (18, new()
        {
            Name = "head",
            Art = new(0, 96, 240, 144),
            Type = new(16, mark ? 34 : 16, 208, mark ? 48 : 65),
            TypePlace = mark ? top : centred ? Place.CentreMiddle : Place.LeftMiddle,
            Mark = new(16, 15, 208, 6),
            MarkPlace = markAt,
        });
        var right = dice.Chance(0.5);
        yield return (24, new()
        {
            Name = "side",
            Art = new(right ? 120 : 0, 0, 120, 240),
            Type = new(right ? 15 : 135, 17, 91, 180),
            TypePlace = dice.Pick(Place.LeftTop, Place.LeftTop, Place.LeftBottom, Place.LeftMiddle),
            Mark = new(right ? 15 : 135, 217, 91, 6),
            MarkPlace = Place.LeftMiddle,
        });
        yield return (18, new()
        {
            Name = "framed",
            Art = new(15, 15, 210, 126),
            Clip = dice.Pick(Clip.Rect, Clip.Rect, Clip.Rounded),
            Type = new(15, 156, 210, mark ? 48 : 66),
            TypePlace = top,
            Mark = new(15, 218, 210, 6),
            MarkPlace = markAt,
        });
        yield return (10, new()
        {
            Name = "door",
            Art = new(120, 18, 102, 204),
            Clip = Clip.Door,
            Type = new(18, 20, 88, 176),
            TypePlace = dice.Pick(Place.LeftTop, Place.LeftMiddle, Place.LeftBottom),
            Mark = new(18, 215, 88, 6),
            MarkPlace = Place.LeftMiddle,
        });
        yield return (12, new()
        {
            Name = "medal",
            Art = new(58, 14, 124, 124),
            Clip = Clip.Ellipse,
            Type = new(20, 152, 200, mark ? 50 : 68),
            TypePlace = Place.CentreTop,
            Mark = new(20, 218, 200, 6),
            MarkPlace = Place.CentreMiddle,
        });
        yield return (10, new()
        {
            Name = "inset",
            Art = new(16, 16, 104, 208),
            Type = new(134, 17, 91, 180),
            TypePlace = dice.Pick(Place.LeftTop, Place.LeftBottom),
            Mark = new(134, 217, 91, 6),
            MarkPlace = Place.LeftMiddle,
        });
        if (family.IsPattern)
        {
            foreach (var plan in OnPattern(mark, dice))
            {
                yield return plan;
            }
        }

        // Last, and kept whatever happens: the widest zone, which holds the longest words.
        yield return (1, new()
        {
            Name = "broad",
            Art = new(0, 0, 240, 120),
            Type = new(14, 132, 212, mark ? 76 : 94),
            TypePlace = top,
            Mark = new(14, 222, 212, 6),
            MarkPlace = markAt,
        });
    }

    private static IEnumerable<(double Weight, Plan Plan)> OnPattern(bool mark, Pcg32 dice)
    {
        var (w, h) = dice.Chance(0.5) ? (160, 120) : (176, 104);
        var panel = new Zone((240 - w) / 2, (240 - h) / 2, w, h);
        yield return (20, new()
        {
            Name = "label",
            Art = Zone.Whole,
            Panel = panel,
            PanelClip = dice.Pick(Clip.Rect, Clip.Rect, Clip.Rounded),
            Type = new(panel.Left + 13, panel.Top + 13, w - 26, h - (mark ? 42 : 26)),
            TypePlace = Place.CentreMiddle,
            Mark = new(panel.Left + 13, panel.Bottom - 18, w - 26, 6),
            MarkPlace = Place.CentreMiddle,
        });
        yield return (14, new()
        {
            Name = "corner",
            Art = Zone.Whole,
            Panel = new(0, 120, 160, 120),
            Type = new(16, 136, 130, mark ? 64 : 86),
            TypePlace = Place.LeftTop,
            Mark = new(16, 217, 130, 6),
            MarkPlace = Place.LeftMiddle,
        });
        var belt = dice.Chance(0.5);
        yield return (16, new()
        {
            Name = "belt",
            Art = Zone.Whole,
            Panel = new(0, 72, 240, 96),
            Type = new(18, 84, 204, mark ? 53 : 72),
            TypePlace = belt ? Place.CentreMiddle : Place.LeftMiddle,
            Mark = new(18, 150, 204, 6),
            MarkPlace = belt ? Place.CentreMiddle : Place.LeftMiddle,
        });
    }
}
