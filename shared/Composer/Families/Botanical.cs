namespace Platform.Composer.Families;

/// <summary>Stems with leaves, berries and flowers: a meadow, a bouquet, a garland or one fine specimen.</summary>
internal sealed class Botanical : IFamily
{
    public string Name => "botanical";

    public bool IsPattern => false;

    public void Compose(Stage stage)
    {
        DrawBackdrop(stage);
        switch (stage.Dice.Weighted(4, 3, 3, 2))
        {
            case 0:
                Meadow(stage);
                break;
            case 1:
                Bouquet(stage);
                break;
            case 2:
                Garland(stage);
                break;
            default:
                Specimens(stage);
                break;
        }
    }

    /// <summary>Leaves in one of the scheme's colours, half of them in a shade beside it.</summary>
    internal static Growth Grow(Stage stage, double length, int avoid = -1)
    {
        var dice = stage.Dice;
        var scheme = stage.Scheme;
        var leaf = scheme[dice.Below(scheme.Colours.Count)];
        if (leaf == avoid)
        {
            leaf = scheme.Apart(avoid, stage.Ground);
        }

        var half = dice.Chance(0.6) ? scheme.Apart(leaf, stage.Ground) : leaf;
        var stem = dice.Chance(0.5) ? leaf : scheme.InkOn(stage.Ground);
        var form = dice.Weighted(5, 2, 3, 2);
        var size = length * dice.Between(0.2, 0.3);
        var pairs = form switch { 3 => dice.Between(6, 9), 2 => dice.Between(5, 8), _ => dice.Between(4, 6) };
        return new(
            stem, leaf, form is 1 or 3 ? leaf : half, pairs, form == 3 ? size * 0.8 : size, size * dice.Between(0.32, 0.5),
            dice.Between(38, 62), form, dice.Chance(0.3) ? Tone.LitAbove : Tone.Flat);
    }

    internal static void Flower(Stage stage, double x, double y, double radius)
    {
        var dice = stage.Dice;
        var scheme = stage.Scheme;
        var petal = scheme[dice.Below(scheme.Colours.Count)];
        var heart = scheme.Apart(petal, stage.Ground);
        switch (dice.Below(5))
        {
            case 0:
                stage.Score.Counted(RowType.Petals, petal, x, y, radius, dice.Between(5, 8), dice.Below(72) * 5, second: petal);
                stage.Score.Disc(heart, x, y, radius * 0.3);
                break;
            case 1:
                var count = 2 * dice.Between(5, 7);
                stage.Score.Counted(RowType.Petals, petal, x, y, radius, count + 32, dice.Below(72) * 5, second: heart);
                stage.Score.Disc(scheme.Apart(petal, heart), x, y, radius * 0.3);
                break;
            case 2:
                stage.Score.Counted(RowType.Petals, petal, x, y, radius, dice.Between(5, 7) + 64, dice.Below(72) * 5, second: petal);
                stage.Score.Disc(heart, x, y, radius * 0.36);
                stage.Score.Disc(petal, x, y, radius * 0.15);
                break;
            case 3:
                stage.Score.Counted(RowType.Scallop, petal, x, y, radius, dice.Between(9, 14), dice.Below(72) * 5);
                stage.Score.Disc(heart, x, y, radius * 0.55);
                stage.Score.Raw(RowType.Beads, petal, Scale.Place(x), Scale.Place(y), Scale.Size(radius * 0.38), 9, 0,
                    Shading.Of(Tone.Flat, second: 5));
                break;
            default:
                stage.Score.Counted(RowType.Petals, heart, x, y, radius, 7 + 32, dice.Below(72) * 5, second: heart);
                stage.Score.Counted(RowType.Petals, petal, x, y, radius * 0.62, 7 + 64, dice.Below(72) * 5, second: petal);
                stage.Score.Disc(heart, x, y, radius * 0.18);
                break;
        }
    }

    private static void DrawBackdrop(Stage stage)
    {
        var dice = stage.Dice;
        var star = stage.Scheme.Star;
        switch (dice.Below(5))
        {
            case 0:
                stage.Score.Disc(star, dice.Between(-0.2, 0.2), dice.Between(-0.15, 0.1), dice.Between(0.28, 0.4), Tone.LitAbove);
                break;
            case 1:
                stage.Score.Shape(RowType.Door, star, 0, 0.16, 0.66, 0.9, 0, Tone.LitAbove);
                break;
            case 2:
                stage.Score.Floor(star, dice.Between(0.35, 0.6), Tone.LitAbove);
                break;
            case 3:
                stage.Score.Counted(RowType.Bands, star, 0, 0, 0.45, 3, 0, second: stage.Ground);
                break;
            default:
                break;
        }
    }

    private static void Meadow(Stage stage)
    {
        var dice = stage.Dice;
        var (w, h) = (stage.HalfWidth, stage.HalfHeight);
        var count = Math.Min((int)((3 + (1.4 * stage.Density)) * Math.Max(1, w * 1.6)), stage.Score.Room / 5);
        for (var i = 0; i < count; i++)
        {
            var x = (((2 * (i + 0.5) / count) - 1) * w * 0.92) + (dice.Between(-0.03, 0.03) * stage.Energy);
            var length = Math.Min(1.3, h * 2 * (i % 2 == 0 ? dice.Between(0.66, 0.8) : dice.Between(0.44, 0.6)));
            var bend = dice.Between(-0.16, 0.16) * (0.3 + stage.Wild);
            var growth = Grow(stage, Math.Min(length, 0.62));
            var tip = stage.Score.Stem(growth, x, h + 0.02, length, bend, -90 + (dice.Between(-3, 3) * (1 + stage.Energy)));
            if (dice.Chance(0.65))
            {
                Flower(stage, tip.X, tip.Y, dice.Between(0.08, 0.13));
            }
        }
    }

    private static void Bouquet(Stage stage)
    {
        var dice = stage.Dice;
        var count = 5 + stage.Density + (stage.Density % 2);
        var spread = dice.Between(46, 62);
        for (var i = 0; i < count; i++)
        {
            // Outer stems first, so that the middle one lies on top.
            var rank = i % 2 == 0 ? i / 2 : count - 1 - (i / 2);
            var share = (2.0 * rank / (count - 1)) - 1;
            var length = Math.Min(1.4, stage.HalfHeight * 2 * (0.82 - (0.22 * Math.Abs(share)) - dice.Between(0, 0.05)));
            var growth = Grow(stage, length * 0.8);
            var degrees = -90 + (share * spread) + (dice.Between(-4, 4) * stage.Wild);
            var tip = stage.Score.Stem(growth, share * 0.04, stage.HalfHeight + 0.02, length, -share * 0.22, degrees);
            if (i % 2 == 0 || i == count - 1)
            {
                Flower(stage, tip.X, tip.Y, dice.Between(0.09, 0.14));
            }
        }
    }

    private static void Garland(Stage stage)
    {
        var dice = stage.Dice;
        var (w, h) = (stage.HalfWidth, stage.HalfHeight);
        var count = 4 + stage.Density;
        var growth = Grow(stage, 0.75);
        for (var i = 0; i < count; i++)
        {
            var share = (i + 0.5) / count;
            var degrees = dice.Between(-14, 14) * (0.5 + stage.Wild);
            var own = dice.Chance(0.5) ? growth : Grow(stage, 0.75);
            var length = dice.Between(0.5, 0.72);
            var left = i % 2 == 0;
            stage.Score.Stem(own, left ? -w - 0.02 : w + 0.02, ((share * 2) - 1) * h, Math.Min(length, w * 1.25), left ? -0.2 : 0.2, left ? degrees : 180 - degrees);
        }

        foreach (var (x, y, r) in stage.Scatter(Math.Min(3 + (2 * stage.Density), stage.Score.Room / 3), 0.13, 0.07, -0.08))
        {
            Flower(stage, x, y, r);
        }
    }

    private static void Specimens(Stage stage)
    {
        var dice = stage.Dice;
        var (w, h) = (stage.HalfWidth, stage.HalfHeight);
        var count = Math.Max(1, (int)Math.Round(w * 2 * (1 + (0.4 * stage.Density))));
        for (var i = 0; i < count; i++)
        {
            var x = ((2 * (i + 0.5) / count) - 1) * w;
            var room = 2 * w / count;
            var length = Math.Min(1.35, h * 2 * 0.82);
            var base0 = Grow(stage, Math.Min(length, room * 1.5));
            var growth = base0 with { Pairs = dice.Between(6, 9), Form = i % 2 == 0 ? 0 : dice.Pick(0, 2), LeafLength = Math.Min(room * 0.42, length * 0.27) };
            stage.Score.Stem(growth, x, h * 0.9, length * 0.9, dice.Between(-0.1, 0.1) * stage.Wild, -90);
        }
    }
}
