namespace Platform.Composer.Families;

/// <summary>A seal in the middle: rim, ring, sign, and laurels or rays around it.</summary>
internal sealed class Emblem : IFamily
{
    public string Name => "emblem";

    public bool IsPattern => false;

    public void Compose(Stage stage)
    {
        var dice = stage.Dice;
        var scheme = stage.Scheme;
        var rim = scheme.Apart(stage.Ground);
        var field = scheme.Apart(rim, stage.Ground);
        var sign = Sign(stage, field, rim);
        Backdrop(stage, rim, field);
        var laurels = !stage.Round && dice.Chance(0.25 + (0.15 * stage.Density));
        var radius = laurels ? dice.Between(0.23, 0.26) : dice.Between(0.3, 0.36);
        if (laurels)
        {
            Laurels(stage, radius, rim);
        }

        Seal(stage, radius, rim, field);
        Ornament(stage, radius, rim, field, sign);
        stage.Score.Counted(
            RowType.Object, sign, 0, 0, radius * 0.4,
            dice.Pick(
                Cabinet.Cup, Cabinet.Heart, Cabinet.House, Cabinet.Boat, Cabinet.Flame, Cabinet.Drop, Cabinet.Pear, Cabinet.RoundVase,
                Cabinet.Spark, Cabinet.Crescent, Cabinet.Bolt, Cabinet.Jug, Cabinet.Pine),
            second: scheme.Apart(sign, field));
    }

    private static int Sign(Stage stage, int field, int rim)
    {
        var palette = stage.Scheme.Palette;
        int[] among = [stage.Ground, rim, (int)Role.Ink, (int)Role.Paper, .. stage.Scheme.Colours];
        return among.Where(slot => slot != field).MaxBy(slot => palette.Distance(slot, field));
    }

    private static void Backdrop(Stage stage, int rim, int field)
    {
        var dice = stage.Dice;
        var quiet = stage.Scheme.Palette.Distance((int)Role.Field, stage.Ground) > 0.03 ? (int)Role.Field : field;
        // Calm seals lie on dots, stripes or a card, lively ones on rings and rays.
        var card = stage.HalfWidth + stage.HalfHeight > 1.15 || stage.Round ? 0 : 1.2;
        switch (dice.Weighted(0.4 + (2 * stage.Wild), 1.5, 0.3 + stage.Wild, 1.6 - stage.Wild, 1, card))
        {
            case 0:
                stage.Score.Raw(RowType.Rays, quiet, 128, 128, 16 + (8 * stage.Density), 128);
                break;
            case 1:
                var columns = (int)((8 + (2 * stage.Density)) * stage.HalfWidth * 2);
                var rows = (int)((8 + (2 * stage.Density)) * stage.HalfHeight * 2);
                stage.Score.Raw(RowType.Dots, quiet, columns, rows, 96, 1);
                break;
            case 2:
                stage.Score.Counted(RowType.Bands, quiet, 0, 0, 1.2, 12, second: stage.Ground);
                break;
            case 3:
                stage.Score.Raw(RowType.Stripes, quiet, 14 + (6 * stage.Density), 0, 128, 0, Scale.Turn(dice.Pick(45, 90, 135)));
                break;
            case 4:
                foreach (var (sx, sy) in (ReadOnlySpan<(int, int)>)[(-1, -1), (1, -1), (-1, 1), (1, 1)])
                {
                    stage.Score.Counted(RowType.Bands, rim, sx * stage.HalfWidth, sy * stage.HalfHeight, 0.3, 5, second: field);
                }

                break;
            default:
                var size = (2 * stage.HalfWidth) - 0.1;
                stage.Score.Shape(RowType.Rounded, quiet, 0, 0, Math.Min(1.45, size), Math.Min(1.45, (2 * stage.HalfHeight) - 0.1));
                break;
        }
    }

    private static void Seal(Stage stage, double radius, int rim, int field)
    {
        var dice = stage.Dice;
        switch (dice.Below(5))
        {
            case 0:
                stage.Score.Counted(RowType.Scallop, rim, 0, 0, radius * 1.12, dice.Pick(16, 20, 24, 32), shadow: true);
                stage.Score.Disc(field, 0, 0, radius * 0.92, Tone.LitAbove);
                break;
            case 1:
                stage.Score.Counted(RowType.Star, rim, 0, 0, radius * 1.22, (8 * dice.Between(2, 3)) - (4 * (stage.Energy / 2)), shadow: true);
                stage.Score.Disc(field, 0, 0, radius * 0.84, Tone.LitAbove);
                break;
            case 2:
                var corners = dice.Pick(6, 8);
                stage.Score.Counted(RowType.Polygon, rim, 0, 0, radius * 1.15, corners, shadow: true);
                stage.Score.Counted(RowType.Polygon, field, 0, 0, radius, corners, tone: Tone.LitAbove);
                break;
            case 3:
                stage.Score.Counted(RowType.Petals, rim, 0, 0, radius * 1.3, 12 + 64, shadow: true, second: rim);
                stage.Score.Disc(field, 0, 0, radius * 0.88, Tone.LitAbove);
                break;
            default:
                stage.Score.Disc(rim, 0, 0, radius * 1.08, shadow: true);
                stage.Score.Disc(field, 0, 0, radius * 0.97, Tone.LitAbove);
                break;
        }
    }

    private static void Ornament(Stage stage, double radius, int rim, int field, int sign)
    {
        var dice = stage.Dice;
        var choice = dice.Below(3);
        if (choice == 0)
        {
            stage.Score.Raw(RowType.Beads, sign, 128, 128, Scale.Size(radius * 0.76), 20 + (6 * stage.Density), 0,
                Shading.Of(Tone.Flat, second: 1));
        }
        else if (choice == 1)
        {
            stage.Score.Shape(RowType.Ring, sign, 0, 0, radius * 0.78, 0.01);
            stage.Score.Shape(RowType.Ring, sign, 0, 0, radius * 0.72, 0.005);
        }
        else
        {
            stage.Score.Shape(RowType.Ring, rim, 0, 0, radius * 0.74, 0.012);
        }

    }

    // Two branches cross below the seal and follow its curve upwards.
    private static void Laurels(Stage stage, double radius, int slot)
    {
        var growth = new Growth(slot, slot, slot, 7 + stage.Energy, 0.105, 0.048, 46, 0);
        var (foot, length) = (radius * 1.42, radius * 2.05);
        stage.Score.Stem(growth, 0.03, foot, length, -0.62, -139);
        stage.Score.Stem(growth, -0.03, foot, length, 0.62, -41);
    }
}
