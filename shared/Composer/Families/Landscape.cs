namespace Platform.Composer.Families;

/// <summary>Sky, sun, ridges one behind the other, and a few small things to give them size.</summary>
internal sealed class Landscape : IFamily
{
    public string Name => "landscape";

    public bool IsPattern => false;

    public void Compose(Stage stage)
    {
        var dice = stage.Dice;
        var scheme = stage.Scheme;
        var (w, h) = (stage.HalfWidth, stage.HalfHeight);
        var sun = scheme.Star;
        var hills = Ramp(stage, sun);
        if (dice.Chance(0.6))
        {
            stage.Score.Fill(stage.Ground, Tone.Fade, hills[0]);
        }

        var (x, y, r) = (dice.Between(-0.55, 0.55) * w, dice.Between(-0.5, -0.2) * h, dice.Between(0.15, 0.24));
        y = Math.Max(y, -h + (r * 1.5) + 0.04);
        DrawSun(stage, sun, x, y, r);
        DrawClouds(stage, x, y);

        var layers = 3 + stage.Density;
        var horizon = dice.Between(0.38, 0.5);
        for (var k = 0; k < layers; k++)
        {
            var share = k / (double)(layers - 1);
            var level = horizon + ((0.9 - horizon) * share);
            var slot = hills[k * hills.Length / layers];
            DrawRidge(stage, slot, hills, level, (0.05 + (0.13 * stage.Wild)) * (stage.Zone.Short / (double)stage.Zone.Height) * (1.2 - (0.7 * share)), share);
            if (share is > 0.2 and < 0.95 && dice.Chance(0.75) && stage.Score.Room > 8)
            {
                var near = hills[^1];
                var trees = stage.Scheme.Palette.Distance(near, slot) > 0.16 ? near : stage.Scheme.InkOn(slot);
                Plant(stage, level, trees, share);
            }
        }
    }

    /// <summary>Colours from far to near: towards the one that stands out most from the sky.</summary>
    private static int[] Ramp(Stage stage, int sun)
    {
        var palette = stage.Scheme.Palette;
        int[] colours = [.. stage.Scheme.Colours.Where(slot => slot != sun), (int)Role.Ink];
        return [.. colours.Distinct().Where(slot => slot != stage.Ground)
            .OrderBy(slot => Math.Abs(palette.Lab(slot).L - palette.Lab(stage.Ground).L))];
    }

    private static void DrawSun(Stage stage, int sun, double x, double y, double r)
    {
        switch (stage.Dice.Below(4))
        {
            case 0:
                stage.Score.Disc(sun, x, y, r, Tone.LitAbove);
                stage.Score.Shape(RowType.Ring, sun, x, y, r * 1.25, 0.01);
                stage.Score.Shape(RowType.Ring, sun, x, y, r * 1.5, 0.01);
                break;
            case 1:
                stage.Score.Raw(RowType.Rays, stage.Scheme.Apart(stage.Ground), Scale.Place(x), Scale.Place(y), 28, 120);
                stage.Score.Disc(stage.Ground, x, y, r * 1.25);
                stage.Score.Disc(sun, x, y, r, Tone.LitAbove);
                break;
            case 2:
                stage.Score.Counted(RowType.Bands, sun, x, y, r * 1.25, 5, 0, second: stage.Ground);
                break;
            default:
                stage.Score.Disc(sun, x, y, r, Tone.LitAbove);
                break;
        }
    }

    private static void DrawClouds(Stage stage, double sunX, double sunY)
    {
        var dice = stage.Dice;
        var light = stage.Scheme.Palette.Lab(stage.Ground).L > 0.85 ? stage.Scheme.Apart(stage.Ground) : (int)Role.Paper;
        for (var i = 0; i < dice.Below(2 + stage.Density); i++)
        {
            var (x, y) = (dice.Between(-0.85, 0.85) * stage.HalfWidth, dice.Between(-0.8, -0.3) * stage.HalfHeight);
            if (Math.Abs(x - sunX) + Math.Abs(y - sunY) < 0.35 || !stage.Holds(x, y, 0.16))
            {
                continue;
            }

            if (dice.Chance(0.5))
            {
                stage.Score.Counted(RowType.Object, light, x, y, dice.Between(0.08, 0.14), Cabinet.Cloud, second: light);
            }
            else
            {
                stage.Score.Counted(RowType.Object, (int)Role.Ink, x, y, 0.035, Cabinet.Bird, second: (int)Role.Ink);
            }
        }
    }

    private static void DrawRidge(Stage stage, int slot, int[] ramp, double level, double height, double share)
    {
        var dice = stage.Dice;
        var heights = new int[8];
        var peaks = stage.Energy == 3 && share < 0.5;
        var (f, g) = (dice.Between(0.7, 1.7), dice.Between(2, 3.4));
        var (p, q) = (dice.Between(0, 6.28), dice.Between(0, 6.28));
        for (var i = 0; i < 8; i++)
        {
            var at = i / 7.0;
            var bump = peaks
                ? (i % 2 == 0 ? 0.7 : -1) * dice.Between(0.6, 1.5)
                : Math.Sin((f * at * 6.283) + p) + (0.35 * Math.Sin((g * at * 6.283) + q));
            heights[i] = (int)Math.Round((level + (height * bump)) * 255);
        }

        var tone = Shading.Of(dice.Chance(0.7) ? Tone.LitAbove : Tone.Flat, second: ramp[0]);
        stage.Score.Raw(RowType.Hill, slot, heights[0], heights[1], heights[2], heights[3], 0, tone);
        stage.Score.Raw(RowType.HillEnd, peaks ? 1 : 0, heights[4], heights[5], heights[6], heights[7]);
    }

    // Trees stand a little below the ridge line, so that the next ridge hides their feet.
    private static void Plant(Stage stage, double level, int slot, double share)
    {
        var dice = stage.Dice;
        var kind = dice.Pick(Cabinet.Pine, Cabinet.RoundTree);
        var size = 0.035 + (0.05 * share);
        var x = dice.Between(-0.8, 0.5) * stage.HalfWidth;
        for (var i = 0; i < dice.Between(1, 2 + stage.Density); i++)
        {
            var y = ((level * 2) - 1) * stage.HalfHeight;
            stage.Score.Counted(
                RowType.Object, slot, x, y, size * dice.Between(0.8, 1.25), kind,
                tone: Tone.Flat, second: slot);
            x += size * dice.Between(0.9, 1.7);
        }
    }
}
