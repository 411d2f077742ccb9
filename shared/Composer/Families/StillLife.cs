namespace Platform.Composer.Families;

/// <summary>A table with vessels, fruit and a branch or two, before a window or a sun.</summary>
internal sealed class StillLife : IFamily
{
    public string Name => "still-life";

    public bool IsPattern => false;

    private readonly record struct Thing(int Kind, double Size, double HalfWidth, bool Holds);

    public void Compose(Stage stage)
    {
        var dice = stage.Dice;
        var scheme = stage.Scheme;
        var table = scheme[0];
        var level = dice.Between(0.42, 0.56);
        var behind = Backdrop(stage, table);
        stage.Score.Floor(table, level, Tone.LitAbove);
        if (dice.Chance(0.4))
        {
            stage.Score.Floor(scheme.Apart(table, stage.Ground), Math.Min(0.98, level + 0.3));
        }

        var things = Choose(stage);
        var span = things.Sum(thing => thing.HalfWidth * 2);
        var gap = Math.Max(-0.04, Math.Min(0.09, ((stage.HalfWidth * 2 * (stage.Round ? 0.66 : 0.86)) - span) / (things.Count + 1)));
        var x = -((span + (gap * (things.Count - 1))) / 2);
        var last = table;
        foreach (var thing in things)
        {
            x += thing.HalfWidth;
            var slot = Contrasting(stage, last, table);
            var foot = (level * stage.HalfHeight) + 0.06 + (dice.Between(0, 0.07) * stage.Wild);
            if (thing.Holds && stage.Score.Room > 14)
            {
                Branches(stage, x, foot - (thing.Size * 1.85), behind, slot);
            }

            stage.Score.Counted(
                RowType.Object, slot, x, foot - thing.Size, thing.Size, thing.Kind, 0, Tone.Flat, shadow: true, second: scheme.Apart(slot, stage.Ground));
            last = slot;
            x += thing.HalfWidth + gap;
        }
    }

    private static List<Thing> Choose(Stage stage)
    {
        var dice = stage.Dice;
        var tall = Math.Min(0.3, 0.19 * stage.HalfHeight * 2) * (1.2 - (0.1 * stage.Density));
        Thing[] large =
        [
            new(Cabinet.TallVase, tall, tall * 0.48, true), new(Cabinet.RoundVase, tall * 0.85, tall * 0.7, true),
            new(Cabinet.Bottle, tall * 1.15, tall * 0.48, false), new(Cabinet.Jug, tall, tall * 0.62, true),
        ];
        Thing[] small =
        [
            new(Cabinet.Orange, 0.075, 0.075, false), new(Cabinet.Pear, 0.105, 0.075, false),
            new(Cabinet.Cup, 0.1, 0.09, false), new(Cabinet.Bowl, 0.13, 0.13, false), new(Cabinet.Orange, 0.065, 0.065, false),
        ];
        dice.Shuffle(large.AsSpan());
        dice.Shuffle(small.AsSpan());
        var count = Math.Max(2, (int)Math.Round((2.2 + (1.1 * stage.Density)) * Math.Min(1.8, stage.HalfWidth * 2)));
        var things = new List<Thing>();
        var used = 0.0;
        for (var i = 0; i < count; i++)
        {
            var thing = i % 2 == 0 ? large[i / 2 % 4] : small[i / 2 % 5];
            if (used + (thing.HalfWidth * 2) < stage.HalfWidth * 2 * (stage.Round ? 0.7 : 0.92))
            {
                things.Add(thing);
                used += thing.HalfWidth * 2;
            }
        }

        var ordered = things.ToArray();
        dice.Shuffle(ordered.AsSpan());
        return [.. ordered];
    }

    private static int Contrasting(Stage stage, int last, int table)
    {
        var palette = stage.Scheme.Palette;
        int[] among = [.. stage.Scheme.Colours, (int)Role.Paper, (int)Role.Ink];
        var fits = among.Where(slot => slot != last && palette.Distance(slot, stage.Ground) > 0.14
            && palette.Distance(slot, table) > 0.1 && palette.Distance(slot, last) > 0.1).ToArray();
        return fits.Length > 0 ? stage.Dice.Pick<int>(fits) : stage.Scheme.Apart(stage.Ground, table, last);
    }

    private static int Backdrop(Stage stage, int table)
    {
        var dice = stage.Dice;
        var scheme = stage.Scheme;
        var shape = scheme.Apart(stage.Ground, table);
        var x = dice.Between(-0.35, 0.35) * stage.HalfWidth;
        switch (dice.Below(4))
        {
            case 0:
                stage.Score.Disc(shape, x, dice.Between(-0.25, -0.1), dice.Between(0.24, 0.34), Tone.LitAbove);
                return shape;
            case 1:
                stage.Score.Shape(RowType.Door, shape, x, 0.1, 0.5, 1.0);
                stage.Score.Disc(scheme.Apart(shape, stage.Ground), x + 0.05, -0.12, 0.1);
                return shape;
            case 2:
                stage.Score.Raw(RowType.Stripes, (int)Role.Field, 10 + (4 * stage.Energy), 0, 128, 0, Scale.Turn(90));
                return -1;
            default:
                stage.Score.Raw(RowType.Rays, shape, Scale.Place(x), Scale.Place(0.2), 16 + (4 * stage.Energy), 110);
                stage.Score.Disc(stage.Ground, x, 0.2, 0.4);
                return shape;
        }
    }

    private static void Branches(Stage stage, double x, double y, int behind, int vessel)
    {
        var dice = stage.Dice;
        var room = Math.Min(0.55, y + stage.HalfHeight - 0.06);
        if (room < 0.14)
        {
            return;
        }

        var stems = 2 + (stage.Density / 2) + dice.Below(2);
        var growth = Botanical.Grow(stage, room * 0.95, behind, vessel);
        for (var i = 0; i < stems; i++)
        {
            var share = stems == 1 ? 0 : (2.0 * i / (stems - 1)) - 1;
            var tip = stage.Score.Stem(growth, x, y + 0.05, room * (1 - (0.14 * Math.Abs(share))), -share * 0.2, -90 + (share * (17 + (11 * stage.Wild))));
            if (dice.Chance(0.35) && stage.Score.Room > 6)
            {
                Botanical.Flower(stage, tip.X, tip.Y, 0.075, behind);
            }
        }
    }
}
