namespace Platform.Composer.Families;

/// <summary>Painted paper cut with scissors: blocks of colour, fronds, pebbles and stars laid upon them.</summary>
internal sealed class Cutouts : IFamily
{
    public string Name => "cutouts";

    public bool IsPattern => true;

    public void Compose(Stage stage)
    {
        if (stage.Dice.Chance(0.62))
        {
            Blocks(stage);
        }
        else
        {
            Pebbles(stage);
        }
    }

    private static void Blocks(Stage stage)
    {
        var dice = stage.Dice;
        var zone = stage.Zone;
        ReadOnlySpan<int> along = [1, 2, 2, 3];
        var rows = Math.Max(1, (int)Math.Round(along[stage.Density] * zone.Height / (double)zone.Short));
        var columns = Math.Max(1, (int)Math.Round((along[stage.Density] + (zone.Short > 130 && dice.Chance(0.5) ? 1 : 0)) * zone.Width / (double)zone.Short));
        int[] grounds = [stage.Ground, .. stage.Scheme.Colours];
        var top = 0;
        var above = new int[16];
        for (var j = 0; j < rows; j++)
        {
            var height = j == rows - 1 ? zone.Height - top : Cut(stage, zone.Height / rows);
            var left = 0;
            var before = -1;
            for (var i = 0; i < columns; i++)
            {
                var width = i == columns - 1 ? zone.Width - left : Cut(stage, zone.Width / columns);
                var ground = dice.Pick<int>(grounds);
                for (var k = 0; k < 10 && (ground == before || (j > 0 && above[i] == ground)); k++)
                {
                    ground = dice.Pick<int>(grounds);
                }

                (before, above[i]) = (ground, ground);
                if (stage.Score.Room < 12)
                {
                    return;
                }

                stage.Score.Frame(new(zone.Left + left, zone.Top + top, width, height));
                stage.Score.Fill(ground);
                Cutout(stage, ground, grounds, new Zone(0, 0, width, height));
                left += width;
            }

            top += height;
        }
    }

    private static int Cut(Stage stage, int even) =>
        even + (int)(even * stage.Dice.Between(-0.22, 0.22) * (0.4 + stage.Wild));

    private static void Cutout(Stage stage, int ground, int[] among, Zone block)
    {
        var dice = stage.Dice;
        var palette = stage.Scheme.Palette;
        var figures = among.Where(slot => palette.Distance(slot, ground) > 0.17).ToArray();
        var figure = figures.Length > 0 ? dice.Pick<int>(figures) : stage.Scheme.InkOn(ground);
        var others = figures.Where(slot => slot != figure && palette.Distance(slot, figure) > 0.12).ToArray();
        var other = others.Length > 0 ? dice.Pick<int>(others) : ground;
        var lean = dice.Between(-14, 14);
        switch (dice.Below(7))
        {
            case 0:
            case 1:
                var upright = block.Height >= block.Width;
                var reach = Math.Min(1.3, Math.Max(block.HalfHeight, block.HalfWidth) * 2 * 0.86);
                stage.Score.Counted(
                    RowType.Frond, figure, upright ? 0 : -reach / 2, upright ? reach / 2 : 0, reach, dice.Between(4, 7),
                    upright ? -90 + (lean / 2) : lean / 2, shadow: true);
                break;
            case 2:
                Pebble(stage, figure, 0, 0, 0.4, lean, shadow: true);
                Pebble(stage, other, 0.02, 0.03, 0.2, lean, shadow: false);
                break;
            case 3:
                stage.Score.Counted(RowType.Petals, figure, 0, 0, 0.4, dice.Between(5, 8) + (32 * dice.Below(3)), lean, shadow: true, second: figure);
                stage.Score.Disc(other, 0, 0, 0.12);
                break;
            case 4:
                stage.Score.Counted(RowType.Star, figure, 0, 0, 0.42, dice.Pick(7, 8, 9, 12), lean, shadow: true);
                break;
            case 5:
                stage.Score.Shape(RowType.Leaf, figure, -0.3, 0.32, 0.88, 0.36, -45 + (lean / 2), shadow: true, second: other);
                break;
            default:
                foreach (var (x, y, r) in new Stage(dice, block, stage.Scheme, 0, 0, stage.Score).Scatter(4, 0.17, 0.09, -0.17))
                {
                    Pebble(stage, dice.Chance(0.6) ? figure : other == ground ? figure : other, x, y, r, dice.Below(72) * 5, shadow: false);
                }

                break;
        }
    }

    private static void Pebbles(Stage stage)
    {
        var dice = stage.Dice;
        var count = Math.Min(7 + (3 * stage.Density), (stage.Score.Room / 4) - 1);
        var placed = stage.Scatter((int)(count * Math.Min(1.5, stage.HalfWidth + stage.HalfHeight)), 0.32 - (0.05 * stage.Density), 0.1);
        for (var i = 0; i < placed.Count && stage.Score.Room > 4; i++)
        {
            var (x, y, r) = placed[i];
            var slot = stage.Scheme[i];
            if (dice.Chance(0.22))
            {
                var degrees = dice.Below(72) * 5;
                var angle = degrees * Math.PI / 180;
                stage.Score.Counted(
                    RowType.Frond, slot, x - (r * Math.Cos(angle)), y - (r * Math.Sin(angle)), r * 2.1, dice.Between(4, 6), degrees, shadow: true);
                continue;
            }

            Pebble(stage, slot, x, y, r * 1.08, dice.Below(72) * 5, shadow: true);
            if (dice.Chance(0.4) && stage.Score.Room > 4)
            {
                Pebble(stage, stage.Scheme.Apart(slot), x, y, r * 0.5, dice.Below(72) * 5, shadow: false);
            }
        }
    }

    private static void Pebble(Stage stage, int slot, double x, double y, double size, double degrees, bool shadow)
    {
        var dice = stage.Dice;
        Span<double> radii = stackalloc double[8];
        var (lobes, phase) = (dice.Between(2, 3), dice.Between(0, 6.28));
        var amount = 0.08 + (0.17 * stage.Wild);
        for (var i = 0; i < 8; i++)
        {
            radii[i] = (1 - amount) + (amount * Math.Sin((lobes * i * Math.PI / 4) + phase)) - dice.Between(0, 0.05);
        }

        stage.Score.Blob(slot, x, y, size, size * dice.Between(0.78, 1), radii, degrees, Tone.Flat, shadow);
    }
}
