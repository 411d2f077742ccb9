namespace Platform.Composer.Families;

/// <summary>One flower head, seen from above; at most four rows, the plainest two.</summary>
internal static class Blossom
{
    public const int Kinds = 6;

    public static void Draw(Stage stage, int kind, double x, double y, double radius, int avoid, int step)
    {
        var dice = stage.Dice;
        var scheme = stage.Scheme;
        var petal = Petal(stage, avoid, step);
        var heart = scheme.Apart(petal, stage.Ground);
        var turn = dice.Below(72) * 5;
        var score = stage.Score;
        switch (kind)
        {
            case 1:
                score.Counted(RowType.Petals, petal, x, y, radius * 1.1, (2 * dice.Between(4, 6)) + 32, turn, second: Shade(stage, petal, heart));
                score.Disc(heart, x, y, radius * 0.3);
                break;
            case 2:
                score.Counted(RowType.Petals, petal, x, y, radius, dice.Between(5, 7) + 64, turn, second: petal);
                score.Disc(heart, x, y, radius * 0.38);
                score.Disc(petal, x, y, radius * 0.16);
                break;
            case 3:
                score.Counted(RowType.Scallop, petal, x, y, radius, dice.Between(10, 14), turn);
                score.Disc(heart, x, y, radius * 0.56);
                score.Raw(RowType.Beads, petal, Scale.Place(x), Scale.Place(y), Scale.Size(radius * 0.36), 9, 0,
                    Shading.Of(Tone.Flat, second: 5));
                break;
            case 4:
                score.Counted(RowType.Petals, heart, x, y, radius, 8 + 32, turn, second: heart);
                score.Counted(RowType.Petals, petal, x, y, radius * 0.66, 6 + 64, turn, second: petal);
                score.Disc(heart, x, y, radius * 0.2);
                break;
            case 5:
                score.Counted(RowType.Petals, petal, x, y, radius, 14, turn, second: petal);
                score.Disc(heart, x, y, radius * 0.42);
                score.Disc(scheme.Apart(heart, petal), x, y, radius * 0.24);
                break;
            default:
                score.Counted(RowType.Petals, petal, x, y, radius, dice.Between(5, 8), turn, second: petal);
                score.Disc(heart, x, y, radius * 0.3);
                break;
        }
    }

    private static int Petal(Stage stage, int avoid, int step)
    {
        var palette = stage.Scheme.Palette;
        for (var i = 0; i < stage.Scheme.Colours.Count; i++)
        {
            var slot = stage.Scheme[step + i];
            if (slot != avoid && (avoid < 0 || palette.Distance(slot, avoid) > 0.1))
            {
                return slot;
            }
        }

        return stage.Scheme[step];
    }

    private static int Shade(Stage stage, int petal, int heart) => stage.Dice.Chance(0.5) ? petal : heart;
}
