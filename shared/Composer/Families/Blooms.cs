namespace Platform.Composer.Families;

/// <summary>Flower heads strewn over the whole cloth, with leaves between.</summary>
internal sealed class Blooms : IFamily
{
    public string Name => "blooms";

    public bool IsPattern => true;

    public void Compose(Stage stage)
    {
        var dice = stage.Dice;
        ReadOnlySpan<double> sizes = [0.27, 0.2, 0.155, 0.125];
        var largest = sizes[stage.Density];
        var area = 4 * stage.HalfWidth * stage.HalfHeight;
        var count = Math.Min((int)(area * 0.55 / (Math.PI * largest * largest * 0.5)), (stage.Score.Room - 14) / 3);
        var placed = stage.Scatter(Math.Max(4, count), largest, largest * (0.75 - (0.4 * stage.Wild)), largest * 0.4);
        var leaves = stage.Scheme.Apart(stage.Ground);
        foreach (var (x, y, r) in placed)
        {
            if (stage.Score.Room <= (placed.Count * 3) + 2)
            {
                break;
            }

            var turn = dice.Between(0, 360);
            foreach (var side in (ReadOnlySpan<int>)[0, 130])
            {
                stage.Score.Shape(
                    RowType.Leaf, leaves, x, y, r * 1.5, r * 0.55, turn + side, second: dice.Chance(0.5) ? leaves : stage.Scheme.Apart(leaves));
            }
        }

        foreach (var (x, y, r) in placed)
        {
            if (stage.Score.Room >= 3)
            {
                Botanical.Flower(stage, x, y, r);
            }
        }

        foreach (var (x, y, r) in stage.Scatter(Math.Max(0, Math.Min(stage.Score.Room, 10)), 0.02, 0.012))
        {
            stage.Score.Disc(leaves, x, y, r);
        }
    }
}
