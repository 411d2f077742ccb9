namespace Platform.Composer.Families;

/// <summary>Wave behind wave, each in its own colour.</summary>
internal sealed class Waves : IFamily
{
    public string Name => "waves";

    public bool IsPattern => true;

    public void Compose(Stage stage)
    {
        var dice = stage.Dice;
        var scheme = stage.Scheme;
        var count = 7 + (3 * stage.Density);
        var length = dice.Between(0.38, 0.85) / (1 + (0.2 * stage.Density));
        var height = length * (0.2 + (0.2 * stage.Wild));
        var span = 2 * stage.HalfHeight;
        var sea = dice.Chance(0.45);
        var top = -stage.HalfHeight + (sea ? span * 0.3 : 0);
        if (sea)
        {
            stage.Score.Disc(scheme.Star, dice.Between(-0.5, 0.5) * stage.HalfWidth, top - 0.02, dice.Between(0.16, 0.24), Tone.LitAbove);
        }

        var counter = dice.Chance(0.5);
        var rule = dice.Below(3);
        for (var i = 0; i < count; i++)
        {
            var share = i / (double)count;
            var y = top + ((stage.HalfHeight - top) * share) + (sea ? 0.06 : 0);
            var phase = counter ? (i % 2 * 128) : dice.Below(256) * stage.Wild;
            var slot = rule switch
            {
                0 => scheme[i],
                1 => i % 2 == 0 ? scheme[i / 2] : stage.Ground,
                _ => scheme[i / 2],
            };
            var tone = rule == 2 && i % 2 == 1 ? Tone.LitBelow : Tone.LitAbove;
            stage.Score.Raw(
                RowType.Wave, slot, (int)phase, Scale.Place(y), Scale.Size(length), Scale.Size(height), 0,
                Shading.Of(tone, shadow: rule != 1));
        }
    }
}
