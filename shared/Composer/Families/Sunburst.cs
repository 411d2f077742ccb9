namespace Platform.Composer.Families;

/// <summary>Rays from one point, and in it something to look at.</summary>
internal sealed class Sunburst : IFamily
{
    public string Name => "sunburst";

    public bool IsPattern => false;

    public void Compose(Stage stage)
    {
        var dice = stage.Dice;
        var scheme = stage.Scheme;
        var low = dice.Chance(0.4) && !stage.Round;
        var (x, y) = (
            stage.Round ? 0 : dice.Between(-0.3, 0.3) * stage.HalfWidth * (0.4 + stage.Wild),
            low ? dice.Between(0.5, 0.9) * stage.HalfHeight : dice.Between(-0.12, 0.12));
        ReadOnlySpan<int> counts = [12, 18, 24, 36];
        var rays = counts[stage.Density];
        var first = scheme[0];
        var turn = dice.Below(72);
        var second = dice.Chance(0.5) ? scheme.Apart(first, stage.Ground) : first;
        if (second == first)
        {
            stage.Score.Raw(RowType.Rays, first, Scale.Place(x), Scale.Place(y), rays, dice.Between(112, 140), (byte)turn);
        }
        else
        {
            // Two colours in turn: half as many of each, half a step apart, so that none covers another's edge.
            var lit = dice.Between(48, 72);
            var step = 72 / rays;
            stage.Score.Raw(RowType.Rays, first, Scale.Place(x), Scale.Place(y), rays / 2, lit, (byte)turn);
            stage.Score.Raw(RowType.Rays, second, Scale.Place(x), Scale.Place(y), rays / 2, lit, (byte)((turn + step) % 72));
        }

        var radius = low ? dice.Between(0.34, 0.46) : dice.Between(0.27, 0.37);
        Heart(stage, x, y, radius, first);
        if (stage.Energy >= 2)
        {
            Sparks(stage, x, y, radius);
        }
    }

    private static void Heart(Stage stage, double x, double y, double radius, int rays)
    {
        var dice = stage.Dice;
        var scheme = stage.Scheme;
        var rim = stage.Ground;
        var disc = scheme.Apart(rays, rim);
        var inner = scheme.Apart(disc, rim);
        switch (dice.Below(5))
        {
            case 0:
                stage.Score.Disc(rim, x, y, radius);
                stage.Score.Disc(disc, x, y, radius * 0.88, Tone.LitAbove);
                stage.Score.Counted(RowType.Petals, inner, x, y, radius * 0.7, dice.Between(6, 10), second: inner);
                stage.Score.Disc(disc, x, y, radius * 0.2);
                break;
            case 1:
                stage.Score.Counted(RowType.Scallop, disc, x, y, radius, dice.Between(14, 24));
                stage.Score.Disc(rim, x, y, radius * 0.76);
                stage.Score.Disc(inner, x, y, radius * 0.66, Tone.LitAbove);
                stage.Score.Counted(RowType.Star, rim, x, y, radius * 0.48, dice.Pick(5, 6, 8, 12));
                break;
            case 2:
                stage.Score.Disc(rim, x, y, radius * 1.06);
                stage.Score.Counted(RowType.Bands, disc, x, y, radius, 7, second: inner);
                break;
            case 3:
                stage.Score.Counted(RowType.Petals, disc, x, y, radius * 1.05, 12 + 32, second: inner);
                stage.Score.Disc(rim, x, y, radius * 0.42);
                stage.Score.Disc(scheme.Star, x, y, radius * 0.34, Tone.LitAbove);
                break;
            default:
                stage.Score.Disc(rim, x, y, radius);
                stage.Score.Disc(disc, x, y, radius * 0.9, Tone.LitAbove);
                stage.Score.Raw(RowType.Beads, inner, Scale.Place(x), Scale.Place(y), Scale.Size(radius * 0.74), 24, 0,
                    Shading.Of(Tone.Flat, second: 2));
                stage.Score.Counted(
                    RowType.Object, inner, x, y, radius * 0.42,
                    dice.Pick(Cabinet.Heart, Cabinet.Spark, Cabinet.Flame, Cabinet.Crescent, Cabinet.Drop), second: rim);
                break;
        }
    }

    private static void Sparks(Stage stage, double x, double y, double radius)
    {
        var slot = stage.Scheme.InkOn(stage.Scheme[0]);
        foreach (var (sx, sy, r) in stage.Scatter(4 + (3 * stage.Density), 0.06, 0.03, -0.06))
        {
            var away = Math.Sqrt(((sx - x) * (sx - x)) + ((sy - y) * (sy - y)));
            if (away > radius * 1.35 && stage.Holds(sx, sy, r))
            {
                stage.Score.Counted(RowType.Object, slot, sx, sy, r, Cabinet.Spark, second: slot);
            }
        }
    }
}
