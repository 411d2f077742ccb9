namespace Platform.Composer.Families;

/// <summary>Warp and weft: plain, twill or basket.</summary>
internal sealed class Weave : IFamily
{
    public string Name => "weave";

    public bool IsPattern => true;

    public void Compose(Stage stage)
    {
        var dice = stage.Dice;
        var scheme = stage.Scheme;
        ReadOnlySpan<int> along = [4, 6, 8, 11];
        var columns = (int)Math.Round(along[stage.Density] * stage.HalfWidth * 2);
        var rows = (int)Math.Round(along[stage.Density] * stage.HalfHeight * 2);
        var warp = scheme[0];
        var weft = scheme.Apart(warp, stage.Ground);
        var warp2 = stage.Energy > 0 ? scheme.Apart(warp, weft) : warp;
        var weft2 = stage.Energy > 1 ? scheme.Apart(weft, warp2, warp) : weft;
        stage.Score.Raw(
            RowType.Weave, warp, columns, rows, dice.Between(150, 235), dice.Below(1 + Math.Min(3, stage.Energy + 1)),
            (byte)(warp2 + (8 * weft2)), Shading.Of(Tone.Flat, second: weft));
    }
}
