namespace Platform.Composer.Families;

/// <summary>Painted paper cut with scissors: blocks of colour, fronds, pebbles and stars laid upon them.</summary>
internal sealed class Cutouts : IFamily
{
    private const int RowsOfBlock = 5;

    public string Name => "cutouts";

    public bool IsPattern => true;

    public void Compose(Stage stage)
    {
        if (stage.Dice.Chance(0.6))
        {
            Blocks(stage);
        }
        else
        {
            Strewn(stage);
        }
    }

    private static void Blocks(Stage stage)
    {
        var dice = stage.Dice;
        var zone = stage.Zone;
        var (columns, rows) = Divide(stage);
        int[] grounds = [stage.Ground, .. stage.Scheme.Colours];
        var top = 0;
        var above = new int[columns];
        for (var j = 0; j < rows; j++)
        {
            var height = j == rows - 1 ? zone.Height - top : Cut(stage, zone.Height / rows);
            var left = 0;
            var before = -1;
            for (var i = 0; i < columns; i++)
            {
                var width = i == columns - 1 ? zone.Width - left : Cut(stage, zone.Width / columns);
                var ground = dice.Pick<int>(grounds);
                for (var k = 0; k < 12 && (ground == before || (j > 0 && above[i] == ground)); k++)
                {
                    ground = dice.Pick<int>(grounds);
                }

                (before, above[i]) = (ground, ground);
                stage.Score.Frame(new(zone.Left + left, zone.Top + top, width, height));
                stage.Score.Fill(ground);
                Lay(stage, ground, grounds, new Zone(0, 0, width, height));
                left += width;
            }

            top += height;
        }
    }

    // As many blocks as the score has rows for, and none of them narrower than a third of its neighbour.
    private static (int Columns, int Rows) Divide(Stage stage)
    {
        var zone = stage.Zone;
        ReadOnlySpan<double> along = [1.3, 1.8, 2.3, 3];
        var side = zone.Short / along[stage.Density];
        while (true)
        {
            var columns = Math.Max(1, (int)Math.Round(zone.Width / side));
            var rows = Math.Max(1, (int)Math.Round(zone.Height / side));
            if (columns * rows == 1)
            {
                columns = 2;
            }

            if (columns * rows * RowsOfBlock <= stage.Score.Room)
            {
                return (columns, rows);
            }

            side *= 1.1;
        }
    }

    private static int Cut(Stage stage, int even) =>
        even + (int)(even * stage.Dice.Between(-0.22, 0.22) * (0.4 + stage.Wild));

    private static void Lay(Stage stage, int ground, int[] among, Zone block)
    {
        var dice = stage.Dice;
        var (figure, other) = Pair(stage, ground, among);
        var lean = dice.Between(-14, 14);
        switch (dice.Below(8))
        {
            case 0:
            case 1:
                var upright = block.Height >= block.Width;
                var reach = Math.Min(1.3, Math.Max(block.HalfHeight, block.HalfWidth) * 2 * 0.86);
                stage.Score.Counted(
                    RowType.Frond, figure, upright ? 0 : -reach / 2, upright ? reach / 2 : 0, reach, dice.Between(5, 8),
                    upright ? -90 + (lean / 2) : lean / 2, shadow: true);
                break;
            case 2:
                Pebble(stage, figure, 0, 0, 0.4, lean, shadow: true);
                break;
            case 3:
                stage.Score.Counted(
                    RowType.Petals, figure, 0, 0, 0.4, dice.Between(5, 8) + (32 * dice.Below(3)), lean, shadow: true, second: figure);
                stage.Score.Disc(other, 0, 0, 0.12);
                break;
            case 4:
                stage.Score.Counted(RowType.Star, figure, 0, 0, 0.42, dice.Pick(7, 8, 9, 12), lean, shadow: true);
                break;
            case 5:
                stage.Score.Shape(RowType.Leaf, figure, -0.31, 0.31, 0.88, 0.36, -45 + (lean / 2), shadow: true, second: other);
                break;
            case 6:
                stage.Score.Counted(RowType.Bands, figure, 0, 0.22, 0.42, 4 + 16, lean / 3, second: other);
                break;
            default:
                stage.Score.Counted(
                    RowType.Object, figure, 0, 0, 0.36,
                    dice.Pick(Cabinet.Pear, Cabinet.RoundVase, Cabinet.Bird, Cabinet.Crescent, Cabinet.Heart, Cabinet.TallVase, Cabinet.Spark),
                    lean / 2, shadow: true, second: other);
                break;
        }
    }

    private static (int Figure, int Other) Pair(Stage stage, int ground, int[] among)
    {
        var palette = stage.Scheme.Palette;
        var figures = among.Where(slot => palette.Distance(slot, ground) > 0.24).ToArray();
        var figure = figures.Length > 0 ? stage.Dice.Pick<int>(figures) : stage.Scheme.InkOn(ground);
        var others = figures.Where(slot => slot != figure && palette.Distance(slot, figure) > 0.12).ToArray();
        return (figure, others.Length > 0 ? stage.Dice.Pick<int>(others) : ground);
    }

    private static void Strewn(Stage stage)
    {
        var dice = stage.Dice;
        ReadOnlySpan<double> pitches = [0.58, 0.48, 0.4, 0.34];
        var pitch = pitches[stage.Density] * (stage.Round ? 0.72 : 1);
        var places = stage.Bricks(pitch);
        while (places.Count * 3 > stage.Score.Room)
        {
            pitch *= 1.06;
            places = stage.Bricks(pitch);
        }

        var kinds = dice.Between(2, 3 + (stage.Energy / 2));
        var first = dice.Below(5);
        for (var i = 0; i < places.Count; i++)
        {
            var (x, y) = places[i];
            var slot = stage.Scheme[i + (i / 5)];
            var size = pitch * dice.Between(0.36, 0.44);
            var turn = dice.Below(72) * 5;
            var angle = turn * Math.PI / 180;
            switch ((first + dice.Below(kinds)) % 5)
            {
                case 0:
                    stage.Score.Counted(
                        RowType.Frond, slot, x - (size * Math.Cos(angle)), y - (size * Math.Sin(angle)), size * 2.1, dice.Between(5, 7), turn, shadow: true);
                    break;
                case 1:
                    Pebble(stage, slot, x, y, size, turn, shadow: true);
                    break;
                case 2:
                    stage.Score.Shape(
                        RowType.Leaf, slot, x - (size * Math.Cos(angle)), y - (size * Math.Sin(angle)), size * 2, size * 0.85, turn,
                        shadow: true, second: stage.Scheme.Apart(slot, stage.Ground));
                    break;
                case 3:
                    stage.Score.Counted(RowType.Star, slot, x, y, size, dice.Pick(8, 9, 12), turn, shadow: true);
                    break;
                default:
                    stage.Score.Counted(RowType.Petals, slot, x, y, size, 5 + dice.Below(3) + 64, turn, shadow: true, second: slot);
                    stage.Score.Disc(stage.Scheme.Apart(slot), x, y, size * 0.32);
                    break;
            }
        }
    }

    private static void Pebble(Stage stage, int slot, double x, double y, double size, double degrees, bool shadow)
    {
        var dice = stage.Dice;
        Span<double> radii = stackalloc double[8];
        var (lobes, phase) = (dice.Between(2, 3), dice.Between(0, 6.28));
        var amount = 0.1 + (0.15 * stage.Wild);
        for (var i = 0; i < 8; i++)
        {
            radii[i] = (1 - amount) + (amount * Math.Sin((lobes * i * Math.PI / 4) + phase)) - dice.Between(0, 0.05);
        }

        stage.Score.Blob(slot, x, y, size, size * dice.Between(0.72, 1), radii, degrees, Tone.Flat, shadow);
    }
}
