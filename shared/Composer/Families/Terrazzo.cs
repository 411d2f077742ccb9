namespace Platform.Composer.Families;

/// <summary>Stone chips in a polished floor.</summary>
internal sealed class Terrazzo : IFamily
{
    public string Name => "terrazzo";

    public bool IsPattern => true;

    public void Compose(Stage stage)
    {
        var dice = stage.Dice;
        ReadOnlySpan<double> sizes = [0.2, 0.165, 0.14, 0.12];
        var largest = sizes[stage.Density];
        var count = stage.Score.Room;
        var i = 0;
        foreach (var (x, y, r) in stage.Scatter(count, largest, largest * (0.3 - (0.16 * stage.Wild)), largest * 0.5))
        {
            var flat = dice.Between(0.62, 1);
            var slot = stage.Scheme[dice.Chance(0.75) ? i : dice.Below(5)];
            stage.Score.Shape(
                RowType.Chip, slot, x, y, r * 1.12, r * flat * 1.12, dice.Below(72) * 5, Tone.Flat, shadow: false, second: dice.Below(8));
            i++;
        }
    }
}
