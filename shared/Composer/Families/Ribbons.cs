namespace Platform.Composer.Families;

/// <summary>Broad striped ribbons that run in, turn and run out again.</summary>
internal sealed class Ribbons : IFamily
{
    public string Name => "ribbons";

    public bool IsPattern => false;

    public void Compose(Stage stage)
    {
        var dice = stage.Dice;
        var scheme = stage.Scheme;
        if (dice.Chance(0.5))
        {
            stage.Score.Disc(
                scheme.Star, dice.Between(-0.5, 0.5) * stage.HalfWidth, dice.Between(-0.5, 0.5) * stage.HalfHeight,
                dice.Between(0.16, 0.28), Tone.LitAbove);
        }

        var count = 1 + ((stage.Density + 1) / 2);
        var width = dice.Between(0.3, 0.4) - (0.05 * count);
        for (var i = 0; i < count; i++)
        {
            var first = scheme[i * 2];
            var second = scheme.Apart(first, stage.Ground);
            var third = scheme.Apart(first, second);
            Run(stage, first, second, third, width, i, count);
        }
    }

    private static void Run(Stage stage, int first, int second, int third, double width, int index, int count)
    {
        var dice = stage.Dice;
        var (w, h) = (stage.HalfWidth, stage.HalfHeight);
        var out0 = width;
        var level = (((index + 0.5) / count * 2) - 1) * 0.62;
        var flip = (index + dice.Below(2)) % 2 == 0 ? 1 : -1;
        var (a, b) = (dice.Between(0.42, 0.58) * w, dice.Between(0.4, 0.6) * h);
        var course = dice.Below(4) + stage.Energy;
        var path = Course(course);
        for (var i = 1; i < 5 && Shortest(path) < width; i++)
        {
            path = Course(course + i);
        }

        width = Math.Min(width, Shortest(path) * 0.8);
        var stripes = dice.Between(2, 3 + (stage.Energy > 1 ? 1 : 0));
        stage.Score.Raw(
            RowType.Ribbon, first, Scale.Place(path[0].X), Scale.Place(path[0].Y), Scale.Size(width), stripes, (byte)third,
            Shading.Of(Tone.Flat, shadow: true, second: second));
        for (var i = 1; i < path.Length; i += 2)
        {
            var next = i + 1 < path.Length ? path[i + 1] : Beyond(path[i - 1], path[i]);
            stage.Score.Raw(
                RowType.Corners, 0, Scale.Place(path[i].X), Scale.Place(path[i].Y), Scale.Place(next.X), Scale.Place(next.Y));
        }

        (double X, double Y)[] Course(int number) => (number % 5) switch
        {
            // In from the side, out above or below.
            0 => [(-w - out0, flip * b), (a * flip, flip * b), (a * flip, -flip * (h + out0))],

            // A step.
            1 => [(-w - out0, -b * flip), (level * w * 0.5, -b * flip), (level * w * 0.5, b * flip), (w + out0, b * flip)],

            // A hook.
            2 => [(-a, h + out0), (-a, -b), (a, -b), (a, b * 0.7), (w + out0, b * 0.7)],

            // A U.
            3 => [(-a, -flip * (h + out0)), (-a, flip * b), (a, flip * b), (a, -flip * (h + out0))],

            // Down from above, twice around.
            _ => [(level * w, -h - out0), (level * w, -b * 0.4), (-a * flip, -b * 0.4), (-a * flip, b), (w * flip * 1.6, b)],
        };
    }

    // A bend needs room on both sides, or the ribbon would pinch.
    private static double Shortest((double X, double Y)[] path)
    {
        var shortest = double.MaxValue;
        for (var i = 1; i < path.Length - 2; i++)
        {
            shortest = Math.Min(shortest, Math.Abs(path[i + 1].X - path[i].X) + Math.Abs(path[i + 1].Y - path[i].Y));
        }

        return shortest;
    }

    // An odd end is carried on a little further in its own direction.
    private static (double X, double Y) Beyond((double X, double Y) from, (double X, double Y) to) =>
        (to.X + ((to.X - from.X) * 0.05), to.Y + ((to.Y - from.Y) * 0.05));
}
