namespace Platform.Composer.Families;

/// <summary>A sun, its rings, and planets on them.</summary>
internal sealed class Orbit : IFamily
{
    public string Name => "orbit";

    public bool IsPattern => false;

    public void Compose(Stage stage)
    {
        var dice = stage.Dice;
        var scheme = stage.Scheme;
        var line = scheme.InkOn(stage.Ground);
        var far = Math.Max(stage.HalfWidth, stage.HalfHeight);
        var corner = dice.Chance(0.35);
        var (x, y) = corner
            ? (dice.Pick(-1, 1) * stage.HalfWidth * 0.8, dice.Pick(-1, 1) * stage.HalfHeight * 0.8)
            : (dice.Between(-0.25, 0.25) * stage.Wild, dice.Between(-0.25, 0.25) * stage.Wild);
        var rings = 3 + stage.Density;
        var core = corner ? dice.Between(0.24, 0.36) : dice.Between(0.13, 0.2);
        var reach = corner ? far * 1.7 : Math.Min(far * 1.15, 0.72);
        var wide = dice.Chance(0.35);
        for (var i = rings; i >= 1; i--)
        {
            var radius = core + ((reach - core) * i / rings);
            if (wide)
            {
                stage.Score.Disc(i % 2 == 0 ? scheme[i] : stage.Ground, x, y, Math.Min(1.45, radius));
            }
            else
            {
                stage.Score.Shape(RowType.Ring, line, x, y, Math.Min(1.45, radius), 0.006);
            }
        }

        stage.Score.Disc(scheme.Star, x, y, core, Tone.LitAbove);
        stage.Score.Shape(RowType.Half, scheme.Apart(scheme.Star), x, y, core, core, dice.Below(72) * 5);
        var start = dice.Between(0, 2 * Math.PI);
        var placed = new List<(double X, double Y, double R)> { (x, y, core) };
        for (var i = 1; i <= rings; i++)
        {
            Planet(stage, x, y, core + ((reach - core) * i / rings), i, corner, start, placed);
        }

        foreach (var (sx, sy, r) in stage.Scatter(10 + (6 * stage.Density), 0.016, 0.008))
        {
            if (!placed.Exists(one => Math.Sqrt(((one.X - sx) * (one.X - sx)) + ((one.Y - sy) * (one.Y - sy))) < one.R + 0.03))
            {
                stage.Score.Disc(line, sx, sy, Math.Max(0.0055, r * 0.55));
            }
        }
    }

    // The angle is thrown until the planet lies in the picture.
    private static void Planet(Stage stage, double x, double y, double radius, int index, bool corner, double start, List<(double X, double Y, double R)> placed)
    {
        var dice = stage.Dice;
        for (var tries = 0; tries < 24; tries++)
        {
            // Golden steps keep planets apart; a throw that leaves the picture moves on a little.
            var angle = start + (index * 2.4) + (tries * 0.3);
            var (px, py) = (x + (radius * Math.Cos(angle)), y + (radius * Math.Sin(angle)));
            var size = dice.Between(0.045, 0.085) + (corner ? 0.02 : 0) + (0.012 * stage.Energy);
            if (!stage.Holds(px, py, size + 0.03) || placed.Exists(one => Math.Sqrt(((one.X - px) * (one.X - px)) + ((one.Y - py) * (one.Y - py))) < one.R + (size * 1.45)))
            {
                continue;
            }

            placed.Add((px, py, size * 1.45));
            var slot = stage.Scheme[index];
            var second = stage.Scheme.Apart(slot, stage.Ground);
            stage.Score.Disc(stage.Ground, px, py, size * 1.3);
            switch (dice.Below(4))
            {
                case 0:
                    stage.Score.Disc(slot, px, py, size, Tone.LitAbove);
                    stage.Score.Shape(RowType.Half, second, px, py, size, size, dice.Below(8) * 45);
                    break;
                case 1:
                    stage.Score.Counted(RowType.Bands, slot, px, py, size, 3, second: second);
                    break;
                case 2:
                    stage.Score.Disc(slot, px, py, size * 0.8, Tone.LitAbove);
                    stage.Score.Shape(RowType.Ellipse, second, px, py, size * 1.4, size * 0.14, -20);
                    break;
                default:
                    stage.Score.Disc(slot, px, py, size, Tone.LitAbove);
                    break;
            }

            return;
        }
    }
}
