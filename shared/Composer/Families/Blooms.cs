namespace Platform.Composer.Families;

/// <summary>Flower heads strewn over the whole cloth, with leaves and buds between.</summary>
internal sealed class Blooms : IFamily
{
    public string Name => "blooms";

    public bool IsPattern => true;

    public void Compose(Stage stage)
    {
        var dice = stage.Dice;
        ReadOnlySpan<double> pitches = [0.56, 0.46, 0.38, 0.32];
        var pitch = pitches[stage.Density];
        var places = stage.Bricks(pitch);
        while (places.Count > 24)
        {
            pitch *= 1.08;
            places = stage.Bricks(pitch);
        }

        var flowers = places.ToArray();
        dice.Shuffle(flowers.AsSpan());
        var leaf = stage.Scheme.Apart(stage.Ground);
        var half = dice.Chance(0.5) ? leaf : stage.Scheme.Apart(leaf, stage.Ground);
        Leaves(stage, flowers, pitch, leaf, half);

        var kinds = dice.Between(1, 2 + (stage.Energy / 2));
        var first = dice.Below(Blossom.Kinds);
        for (var i = 0; i < flowers.Length; i++)
        {
            var rest = flowers.Length - i - 1;
            var (x, y) = flowers[i];
            var radius = pitch * (0.36 + (i % 3 * -0.035) + (dice.Between(-0.05, 0.05) * stage.Wild));
            var room = stage.Score.Room - (rest * 2);
            if (room >= 2)
            {
                Blossom.Draw(stage, room >= 3 ? (first + (i % kinds)) % Blossom.Kinds : 0, x, y, radius, leaf, i);
            }
        }

        var drop = stage.Scheme.Apart(stage.Ground, leaf);
        foreach (var (x, y) in places)
        {
            if (stage.Score.Room > 0)
            {
                stage.Score.Disc(drop, x + (pitch * 0.5), y + (pitch * 0.06), pitch * 0.045);
            }
        }
    }

    private static void Leaves(Stage stage, (double X, double Y)[] flowers, double pitch, int leaf, int half)
    {
        var dice = stage.Dice;
        var spare = (stage.Score.Room - (flowers.Length * 3)) / Math.Max(1, flowers.Length);
        var each = Math.Clamp(spare, 0, 3);
        foreach (var (x, y) in flowers)
        {
            var turn = dice.Between(0, 360);
            for (var i = 0; i < each; i++)
            {
                stage.Score.Shape(
                    RowType.Leaf, leaf, x, y, pitch * 0.6, pitch * 0.23, turn + (i * (each == 3 ? 120 : 150)), second: half);
            }
        }
    }
}
