namespace Platform.Composer;

/// <summary>What a family is given: a zone to fill, colours, dice and the two controls.</summary>
internal sealed class Stage(Pcg32 dice, Zone zone, Scheme scheme, int density, int energy, ScoreWriter score, bool round = false)
{
    public Pcg32 Dice { get; } = dice;

    public Zone Zone { get; } = zone;

    public Scheme Scheme { get; } = scheme;

    /// <summary>0..3.</summary>
    public int Density { get; } = density;

    /// <summary>0..3.</summary>
    public int Energy { get; } = energy;

    /// <summary>0 (orderly) to 1 (wild).</summary>
    public double Wild => Energy / 3.0;

    public ScoreWriter Score { get; } = score;

    public int Ground => Scheme.Ground;

    /// <summary>Whether the corners of the zone are cut off.</summary>
    public bool Round { get; } = round;

    public double HalfWidth => Zone.HalfWidth;

    public double HalfHeight => Zone.HalfHeight;

    /// <summary>
    /// Square cells near the wanted number along the short side; exact wherever the zone allows, and never more than the
    /// score has rows for.
    /// </summary>
    public Grid Grid(int along)
    {
        var grid = Divide(along);
        for (var fewer = along - 1; grid.Count > Score.Room && fewer > 0; fewer--)
        {
            grid = Divide(fewer);
        }

        return grid;
    }

    private Grid Divide(int along)
    {
        var wanted = Zone.Short / (double)along;
        var best = Math.Max(1, (int)Math.Round(wanted));
        var bestCost = double.MaxValue;
        for (var side = Math.Max(8, (int)(wanted * 0.62)); side <= wanted * 1.5; side++)
        {
            var waste = Waste(Zone.Width, side) + Waste(Zone.Height, side);
            var cost = Math.Abs(Math.Log(side / wanted)) + (waste * 0.45);
            if (cost < bestCost)
            {
                (best, bestCost) = (side, cost);
            }
        }

        var columns = (Zone.Width + best - 1) / best;
        var rows = (Zone.Height + best - 1) / best;
        return new(best, columns, rows);
    }

    // A cut cell is a pity, a sliver of one an eyesore.
    private static double Waste(int length, int side) => length % side == 0 ? 0 : length % side < side * 0.4 ? 2 : 1;

    /// <summary>Whether a disc lies wholly in what can be seen of the zone.</summary>
    public bool Holds(double x, double y, double radius)
    {
        var (w, h) = (HalfWidth - radius, HalfHeight - radius);
        return w > 0 && h > 0 && (Round
            ? (x * x / (w * w)) + (y * y / (h * h)) < 1
            : Math.Abs(x) < w && Math.Abs(y) < h);
    }

    /// <summary>Places in bricks over the whole zone and a little beyond, shaken by the energy: no holes, no rows to see.</summary>
    public List<(double X, double Y)> Bricks(double pitch)
    {
        var places = new List<(double X, double Y)>();
        var (columns, rows) = (Math.Max(1, (int)Math.Round(2 * HalfWidth / pitch)), Math.Max(1, (int)Math.Round(2 * HalfHeight / (pitch * 0.87))));
        var (dx, dy) = (2 * HalfWidth / columns, 2 * HalfHeight / rows);
        var shake = 0.06 + (0.13 * Wild);
        for (var j = 0; j <= rows; j++)
        {
            for (var i = 0; i <= columns; i++)
            {
                var x = -HalfWidth + ((i + (j % 2 == 0 ? 0 : 0.5)) * dx);
                if (x < HalfWidth + (dx * 0.4))
                {
                    places.Add((x + (Dice.Between(-shake, shake) * dx), -HalfHeight + (j * dy) + (Dice.Between(-shake, shake) * dy)));
                }
            }
        }

        return places;
    }

    /// <summary>Places spread evenly but by chance (best of many darts), each with a size; the large ones first.</summary>
    public List<(double X, double Y, double R)> Scatter(int count, double largest, double smallest, double bleed = 0.05)
    {
        var placed = new List<(double X, double Y, double R)>();
        for (var i = 0; i < count; i++)
        {
            var share = count == 1 ? 0 : i / (double)(count - 1);
            var radius = largest + ((smallest - largest) * Math.Sqrt(share));
            (double X, double Y) best = default;
            var bestGap = double.MinValue;
            for (var dart = 0; dart < 40; dart++)
            {
                var (x, y) = (Dice.Between(-HalfWidth - bleed, HalfWidth + bleed), Dice.Between(-HalfHeight - bleed, HalfHeight + bleed));
                var gap = double.MaxValue;
                foreach (var other in placed)
                {
                    gap = Math.Min(gap, Math.Sqrt(((x - other.X) * (x - other.X)) + ((y - other.Y) * (y - other.Y))) - other.R - radius);
                }

                // The first ones would always take the corners; a dart in the open is as good as far away.
                gap = Math.Min(gap, largest * 0.5);
                if (gap > bestGap)
                {
                    (best, bestGap) = ((x, y), gap);
                }
            }

            if (bestGap > -radius * 0.15)
            {
                placed.Add((best.X, best.Y, radius));
            }
        }

        return placed;
    }
}

/// <summary>Square cells of a zone, in 240ths, from its left top.</summary>
internal readonly record struct Grid(int Side, int Columns, int Rows)
{
    public int Count => Columns * Rows;
}

/// <summary>A way of making pictures.</summary>
internal interface IFamily
{
    string Name { get; }

    /// <summary>Whether it fills any zone like wallpaper, so that a label may lie on it.</summary>
    bool IsPattern { get; }

    void Compose(Stage stage);
}
