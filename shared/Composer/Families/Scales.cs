namespace Platform.Composer.Families;

/// <summary>Overlapping scales and fans, row over row, in colours that travel.</summary>
internal sealed class Scales : IFamily
{
    public string Name => "scales";

    public bool IsPattern => true;

    public void Compose(Stage stage)
    {
        var dice = stage.Dice;
        ReadOnlySpan<double> sizes = [0.26, 0.19, 0.14, 0.115];
        var radius = sizes[stage.Density] * dice.Between(0.9, 1.1);
        var form = dice.Weighted(6, 2, 2.5);
        radius = form == 2 ? Math.Max(radius, 0.14) : radius;
        var rings = form == 2 ? dice.Between(1, 2) : dice.Between(2, 5 - stage.Density);
        var pitch = radius * (form == 1 ? 0.72 : dice.Pick(0.5, 0.62));
        var (top, bottom) = (-stage.HalfHeight - radius, stage.HalfHeight + radius);
        var rows = Math.Min(stage.Score.Room, (int)Math.Ceiling((bottom - top) / pitch) + 1);
        var travel = dice.Below(3);
        var last = -1;
        for (var k = 0; k < rows; k++)
        {
            // Where scales overlap downwards, the upper row is drawn first.
            var y = top + (k * pitch);
            var jitter = dice.Between(-0.4, 0.4) * stage.Wild;
            var offset = k % 2 == 0 ? 128 : 255;
            var slot = travel switch
            {
                0 => stage.Scheme[k],
                1 => stage.Scheme[k / 2],
                _ => dice.Chance(0.3 + (0.5 * stage.Wild)) ? stage.Scheme[dice.Below(5)] : stage.Scheme[0],
            };
            slot = slot == last ? stage.Scheme.Apart(slot, stage.Ground) : slot;
            last = slot;
            var second = rings > 1 && k % 3 == 1 ? stage.Scheme.Apart(slot, stage.Ground) : stage.Ground;
            stage.Score.Raw(
                RowType.Scales, slot, offset + (int)(jitter * 20), Scale.Place(y), Scale.Size(radius), rings + (8 * form), 0,
                Shading.Of(dice.Chance(0.5) ? Tone.LitAbove : Tone.Flat, second: second));
        }
    }
}
