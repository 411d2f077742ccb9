namespace Platform.Composer.Families;

/// <summary>Stems with leaves, berries and flowers: a meadow, a bouquet, a garland or one fine specimen.</summary>
internal sealed class Botanical : IFamily
{
    public string Name => "botanical";

    public bool IsPattern => false;

    public void Compose(Stage stage)
    {
        var behind = DrawBackdrop(stage);
        switch (stage.Dice.Weighted(4, 3, 3, 2))
        {
            case 0:
                Meadow(stage, behind);
                break;
            case 1:
                Bouquet(stage, behind);
                break;
            case 2:
                Garland(stage, behind);
                break;
            default:
                Specimens(stage, behind);
                break;
        }
    }

    /// <summary>Leaves in a colour apart from what lies behind, half of them in a shade beside it.</summary>
    internal static Growth Grow(Stage stage, double length, int behind = -1, int beside = -1)
    {
        var dice = stage.Dice;
        var leaf = LeafColour(stage, behind, beside);
        var half = dice.Chance(0.55) ? stage.Scheme.Apart(leaf, stage.Ground, behind < 0 ? stage.Ground : behind) : leaf;
        var stem = dice.Chance(0.6) ? leaf : half;
        var form = dice.Weighted(5, 2, 3, 2);
        var size = length * dice.Between(0.2, 0.28);
        var pairs = form switch { 3 => dice.Between(6, 9), 2 => dice.Between(5, 8), _ => dice.Between(4, 6) };
        return new(
            stem, leaf, form is 1 or 3 ? leaf : half, pairs, form == 3 ? size * 0.8 : size, size * dice.Between(0.32, 0.46),
            dice.Between(40, 62), form, dice.Chance(0.3) ? Tone.LitAbove : Tone.Flat);
    }

    internal static void Flower(Stage stage, double x, double y, double radius, int behind) =>
        Blossom.Draw(stage, stage.Dice.Below(Blossom.Kinds), x, y, radius, behind, stage.Dice.Below(8));

    private static int LeafColour(Stage stage, int behind, int beside)
    {
        var palette = stage.Scheme.Palette;
        int[] among = [.. stage.Scheme.Colours, stage.Scheme.InkOn(stage.Ground)];
        var fits = among.Where(slot => palette.Distance(slot, stage.Ground) > 0.2
            && slot != beside
            && (behind < 0 || palette.Distance(slot, behind) > 0.2)).ToArray();
        return fits.Length > 0 ? stage.Dice.Pick<int>(fits) : stage.Scheme.Apart(stage.Ground, behind < 0 ? stage.Ground : behind);
    }

    /// <summary>Answers the slot the stems will stand against, or -1.</summary>
    private static int DrawBackdrop(Stage stage)
    {
        var dice = stage.Dice;
        var star = dice.Chance(0.5) ? stage.Scheme.Star : stage.Scheme[0];
        switch (dice.Below(6))
        {
            case 0:
            case 1:
                stage.Score.Disc(star, dice.Between(-0.2, 0.2), dice.Between(-0.15, 0.1), dice.Between(0.28, 0.4), Tone.LitAbove);
                return star;
            case 2:
                stage.Score.Shape(RowType.Door, star, 0, 0.16, 0.66, 0.9, 0, Tone.LitAbove);
                return star;
            case 3:
                stage.Score.Floor(star, dice.Between(0.35, 0.6), Tone.LitAbove);
                return star;
            case 4:
                stage.Score.Shape(RowType.Ring, star, 0, 0, 0.36, dice.Between(0.03, 0.09));
                return star;
            default:
                return -1;
        }
    }

    // Few kinds of plant a picture: two neighbours alike are a bed, ten different ones a salad.
    private static Growth[] Herbarium(Stage stage, double length, int behind)
    {
        var kinds = new Growth[2 + (stage.Energy / 2)];
        for (var i = 0; i < kinds.Length; i++)
        {
            kinds[i] = Grow(stage, length, behind);
        }

        return kinds;
    }

    private static void Meadow(Stage stage, int behind)
    {
        var dice = stage.Dice;
        var (w, h) = (stage.HalfWidth, stage.HalfHeight);
        var count = Math.Min((int)((3 + (1.2 * stage.Density)) * Math.Max(1, w * 1.6)), stage.Score.Room / 6);
        var room = 2 * w / count;
        var kinds = Herbarium(stage, Math.Clamp(room * 3.2, 0.32, 0.75), behind);
        for (var i = 0; i < count; i++)
        {
            var x = (((2 * (i + 0.5) / count) - 1) * w * 0.92) + (dice.Between(-0.03, 0.03) * stage.Energy);
            var length = Math.Min(1.3, h * 2 * (i % 2 == 0 ? dice.Between(0.66, 0.8) : dice.Between(0.44, 0.6)));
            var bend = dice.Between(-0.16, 0.16) * (0.3 + stage.Wild);
            var tip = stage.Score.Stem(
                kinds[i % kinds.Length], x, h + 0.02, length, bend, -90 + (dice.Between(-3, 3) * (1 + stage.Energy)));
            if (i % 2 == 0 || dice.Chance(0.4))
            {
                Flower(stage, tip.X, tip.Y, dice.Between(0.085, 0.13), behind);
            }
        }
    }

    private static void Bouquet(Stage stage, int behind)
    {
        var dice = stage.Dice;
        var count = 5 + (2 * (stage.Density / 2)) + (stage.Density == 3 ? 2 : 0);
        var spread = dice.Between(50, 64);
        var kinds = Herbarium(stage, 3.0 / count, behind);
        for (var i = 0; i < count; i++)
        {
            // Outer stems first, so that the middle one lies on top.
            var rank = i % 2 == 0 ? i / 2 : count - 1 - (i / 2);
            var share = (2.0 * rank / (count - 1)) - 1;
            var length = Math.Min(1.4, stage.HalfHeight * 2 * (0.84 - (0.2 * Math.Abs(share)) - dice.Between(0, 0.06)));
            length = Math.Min(length, stage.HalfWidth * 1.5);
            var degrees = -90 + (share * spread) + (dice.Between(-4, 4) * stage.Wild);
            var tip = stage.Score.Stem(kinds[Math.Abs(rank - (count / 2)) % kinds.Length], share * 0.04, stage.HalfHeight + 0.02, length, -share * 0.22, degrees);
            if (rank % 2 == 0)
            {
                Flower(stage, tip.X, tip.Y, dice.Between(0.09, 0.13), behind);
            }
        }
    }

    private static void Garland(Stage stage, int behind)
    {
        var dice = stage.Dice;
        var (w, h) = (stage.HalfWidth, stage.HalfHeight);
        var count = 4 + stage.Density;
        var kinds = Herbarium(stage, 0.66, behind);
        for (var i = 0; i < count; i++)
        {
            var share = (i + 0.5) / count;
            var degrees = dice.Between(-14, 14) * (0.5 + stage.Wild);
            var length = dice.Between(0.5, 0.72);
            var left = i % 2 == 0;
            stage.Score.Stem(
                kinds[i / 2 % kinds.Length], left ? -w - 0.02 : w + 0.02, ((share * 2) - 1) * h, Math.Min(length, w * 1.25),
                left ? -0.2 : 0.2, left ? degrees : 180 - degrees);
        }

        foreach (var (x, y, r) in stage.Scatter(Math.Min(4 + (2 * stage.Density), stage.Score.Room / 4), 0.13, 0.07, -0.08))
        {
            Flower(stage, x, y, r, behind);
        }
    }

    private static void Specimens(Stage stage, int behind)
    {
        var dice = stage.Dice;
        var (w, h) = (stage.HalfWidth, stage.HalfHeight);
        var count = Math.Max(1, (int)Math.Round(w * 2 * (1.2 + (0.6 * stage.Density))));
        var kinds = Herbarium(stage, 1, behind);
        for (var i = 0; i < count; i++)
        {
            var x = ((2 * (i + 0.5) / count) - 1) * w;
            var room = 2 * w / count;
            var length = Math.Min(1.35, h * 2 * 0.82);
            var leaf = Math.Min(room * 0.44, length * 0.27);
            var growth = kinds[i % kinds.Length] with
            {
                Pairs = dice.Between(6, 9),
                Form = i % 2 == 0 ? 0 : dice.Pick(0, 2),
                LeafLength = leaf,
                LeafWidth = leaf * dice.Between(0.34, 0.48),
            };
            stage.Score.Stem(growth, x, h * 0.9, length * 0.9, dice.Between(-0.1, 0.1) * stage.Wild, -90);
        }
    }
}
