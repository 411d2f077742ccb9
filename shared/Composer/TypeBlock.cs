namespace Platform.Composer;

/// <summary>Where words stand in their box.</summary>
internal enum Place
{
    LeftTop,
    LeftMiddle,
    LeftBottom,
    CentreTop,
    CentreMiddle,
    CentreBottom,
    RightTop,
    RightBottom,
}

/// <summary>Headline and line as one block: sizes follow from the box, the gap from the sizes.</summary>
internal sealed record TypeBlock(Paragraph? Headline, Paragraph? Line, float Gap)
{
    private const float SmallestLine = 8f;
    private const float LineSpacing = 1.3f;

    public float Height => (Headline?.Height ?? 0) + Gap + (Line?.Height ?? 0);

    /// <summary>The smaller of the two sizes relative to what reads well in a customer's hand.</summary>
    public bool IsLegible => (Headline?.Size ?? 99) >= 11 && (Line?.Size ?? 99) >= 5.8f;

    public static TypeBlock Set(string? headline, string? line, int face, float width, float height)
    {
        var text = Typefaces.Face(face).Companion;
        if (headline is null)
        {
            return line is null
                ? new(null, null, 0)
                : new(null, Typesetter.Fit(line, face, width, height, 20, 5), 0);
        }

        if (line is null)
        {
            return new(Typesetter.Fit(headline, face, width, height, 54, 6), null, 0);
        }

        var small = Math.Clamp(width * 0.05f, SmallestLine, 10f);
        var below = Typesetter.Fit(line, text, width, height * 0.42f, small, 5, 1.02f, LineSpacing);
        var gap = below.Size * 1.25f;
        var above = Typesetter.Fit(
            headline, face, width, Math.Max(8, height - below.Height - gap - below.Depth), 54, 6);
        gap += above.Depth * 0.55f;
        if (above.Height + gap + below.Height > height)
        {
            above = Typesetter.Fit(headline, face, width, Math.Max(8, height - below.Height - gap - below.Depth), 54, 6);
        }

        return new(above, below, gap);
    }
}
