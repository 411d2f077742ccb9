namespace Platform.Composer.Families;

/// <summary>Concentric quarter and half rings in a grid, turned by rule or by whim.</summary>
internal sealed class Arches : IFamily
{
    public string Name => "arches";

    public bool IsPattern => true;

    public void Compose(Stage stage)
    {
        var dice = stage.Dice;
        ReadOnlySpan<int> along = [2, 2, 3, 4];
        var grid = stage.Grid(along[stage.Density] + (stage.Zone.Short < 135 ? 0 : stage.Density / 3));
        var motif = dice.Pick(Motifs.QuarterBands4, Motifs.QuarterBands5, Motifs.QuarterBands3, Motifs.QuarterArc);
        var rule = dice.Below(5);
        var turn = dice.Below(4);
        var scheme = stage.Scheme;
        for (var j = 0; j < grid.Rows; j++)
        {
            for (var i = 0; i < grid.Columns; i++)
            {
                if (stage.Score.Room == 0)
                {
                    return;
                }

                var whim = dice.Chance(stage.Wild * 0.75);
                var quarter = whim ? dice.Below(4) : Turn(rule, i, j) + turn;
                var (ground, figure, third) = Colours(stage, whim ? dice.Below(12) : Step(rule, i, j));
                var here = motif;
                if (whim && dice.Chance(0.45))
                {
                    here = dice.Pick(
                        Motifs.QuarterBands3, Motifs.QuarterBands5, Motifs.HalfBands3, Motifs.FullBands4,
                        Motifs.QuarterPair, Motifs.QuarterDisc, Motifs.Eye, Motifs.QuarterArc);
                }

                stage.Score.Tile(here, i * grid.Side, j * grid.Side, grid.Side, ground, figure, third, quarter);
            }
        }

        (int Ground, int Figure, int Third) Colours(Stage on, int step)
        {
            var figure = scheme[step];
            var ground = on.Energy == 0 || step % 3 != 1 ? on.Ground : scheme.Apart(figure, on.Ground);
            return (ground, figure, scheme.Apart(figure, ground));
        }
    }

    private static int Turn(int rule, int i, int j) => rule switch
    {
        0 => (i + (2 * j)) % 4,
        1 => (i % 2) + (j % 2 == 0 ? 0 : 3 - (2 * (i % 2))),
        2 => i + j,
        3 => (i % 2 * 2) + (j % 2),
        _ => 0,
    };

    private static int Step(int rule, int i, int j) => rule switch
    {
        0 => i + j,
        1 => (i / 2) + (j / 2),
        2 => j,
        3 => i - j + 8,
        _ => i + (2 * j),
    };
}
