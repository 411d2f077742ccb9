namespace Platform.Composer.Families;

/// <summary>A floor of tiles: mirrored into ornament, or dealt like cards.</summary>
internal sealed class Tiles : IFamily
{
    private static readonly int[] Ornaments =
    [
        Motifs.Vesica, Motifs.QuarterDisc, Motifs.FourLeaves, Motifs.Astroid, Motifs.Diamond, Motifs.OppositeQuarters,
        Motifs.QuarterPair, Motifs.StarEight, Motifs.Flower, Motifs.Pinwheel, Motifs.Diagonal, Motifs.QuarterArc,
    ];

    private static readonly int[] Cards =
    [
        Motifs.QuarterDisc, Motifs.HalfDisc, Motifs.Eye, Motifs.Diagonal, Motifs.Vesica, Motifs.FourLeaves, Motifs.Bars,
        Motifs.OppositeQuarters, Motifs.TwoHalves, Motifs.Astroid, Motifs.Diamond, Motifs.NineDots, Motifs.Doorway,
        Motifs.QuarterBands3, Motifs.HalfBands3, Motifs.FullBands3, Motifs.Sunrise, Motifs.StarEight, Motifs.Cross,
        Motifs.Chevrons, Motifs.Hourglass, Motifs.Pinwheel, Motifs.Tulip, Motifs.Almond, Motifs.Ripples,
        Motifs.QuarterPair, Motifs.Flower,
    ];

    public string Name => "tiles";

    public bool IsPattern => true;

    public void Compose(Stage stage)
    {
        ReadOnlySpan<int> along = [2, 3, 4, 6];
        var wanted = stage.Zone.Short < 110 ? Math.Max(2, along[stage.Density] - 1) : along[stage.Density];
        var grid = stage.Grid(stage.Round ? Math.Max(4, wanted) : wanted); // a cut-off corner takes half of a large tile
        if (stage.Dice.Chance(stage.Wild * 0.8 + 0.1))
        {
            Deal(stage, grid);
        }
        else
        {
            Mirror(stage, grid);
        }
    }

    // Each card differs from its left and upper neighbour in ground, so that every tile reads.
    private static void Deal(Stage stage, Grid grid)
    {
        var dice = stage.Dice;
        var hand = dice.Between(4, 6 + (2 * stage.Energy));
        var deck = (int[])Cards.Clone();
        dice.Shuffle(deck.AsSpan());
        int[] grounds = [stage.Ground, .. stage.Scheme.Colours];
        var laid = new int[grid.Rows, grid.Columns];
        for (var j = 0; j < grid.Rows; j++)
        {
            for (var i = 0; i < grid.Columns && stage.Score.Room > 0; i++)
            {
                int ground;
                var tries = 0;
                do
                {
                    ground = dice.Pick<int>(grounds);
                }
                while (tries++ < 12 && ((i > 0 && laid[j, i - 1] == ground) || (j > 0 && laid[j - 1, i] == ground)));

                laid[j, i] = ground;
                var figure = Far(stage, dice, ground, grounds);
                var third = Third(stage, ground, figure, grounds);
                stage.Score.Tile(
                    deck[dice.Below(hand)], i * grid.Side, j * grid.Side, grid.Side, ground, figure, third, dice.Below(4));
            }
        }
    }

    private static void Mirror(Stage stage, Grid grid)
    {
        var dice = stage.Dice;
        var scheme = stage.Scheme;
        var (a, b) = (dice.Pick<int>(Ornaments), dice.Pick<int>(Ornaments));
        var inward = dice.Below(4);
        var one = scheme[0];
        var other = scheme.Apart(one, stage.Ground);
        var swap = dice.Chance(0.5);
        for (var j = 0; j < grid.Rows; j++)
        {
            for (var i = 0; i < grid.Columns && stage.Score.Room > 0; i++)
            {
                var quarter = (j % 2 == 0 ? i % 2 : 3 - (i % 2)) + inward;
                var even = (i / 2 + (j / 2)) % 2 == 0;
                var (ground, figure) = even || !swap ? (stage.Ground, one) : (one, stage.Ground);
                var third = even ? other : scheme.Apart(figure, ground);
                stage.Score.Tile(even ? a : b, i * grid.Side, j * grid.Side, grid.Side, ground, figure, third, quarter);
            }
        }
    }

    private static int Far(Stage stage, Pcg32 dice, int ground, int[] among)
    {
        var palette = stage.Scheme.Palette;
        for (var i = 0; i < 10; i++)
        {
            var slot = dice.Pick<int>(among);
            if (palette.Distance(slot, ground) > 0.16)
            {
                return slot;
            }
        }

        return among.MaxBy(slot => palette.Distance(slot, ground));
    }

    private static int Third(Stage stage, int ground, int figure, int[] among)
    {
        var palette = stage.Scheme.Palette;
        return among.MaxBy(slot => Math.Min(palette.Distance(slot, ground), palette.Distance(slot, figure)));
    }
}
