namespace Platform.Composer;

/// <summary>What a valid score is: ranges of the columns, and which row must follow which.</summary>
internal static class Grammar
{
    public static void Check(ReadOnlySpan<Row> rows)
    {
        if (rows.Length is 0 or > Score.MaxRows)
        {
            throw new ScoreFormatException($"A score has 1 to {Score.MaxRows} rows, not {rows.Length}.");
        }

        for (var i = 0; i < rows.Length; i++)
        {
            CheckColumns(rows[i], i);
            CheckFollowers(rows, i);
        }
    }

    /// <summary>Rows a row takes with it, itself included.</summary>
    public static int Span(ReadOnlySpan<Row> rows, int at) => rows[at].Type switch
    {
        RowType.Stem or RowType.Hill => 2,
        RowType.Blob => 3,
        RowType.Ribbon => 1 + CountCorners(rows, at + 1),
        _ => 1,
    };

    private static void CheckColumns(Row row, int at)
    {
        if (row.Type > RowType.Bands)
        {
            throw Bad(at, $"unknown type {(int)row.Type}");
        }

        if (row.Slot >= Palette.RoleCount)
        {
            throw Bad(at, $"slot {row.Slot}");
        }

        if (row.Rotation > Score.MaxRotation)
        {
            throw Bad(at, $"rotation {row.Rotation}");
        }

        if (row.Shading > Score.MaxShading)
        {
            throw Bad(at, $"shading {row.Shading}");
        }

        var bad = row switch
        {
            { Type: RowType.Frame or RowType.Type or RowType.Mark, W: 0 } => "a box without width",
            { Type: RowType.Frame or RowType.Type or RowType.Mark, H: 0 } => "a box without height",
            { Type: RowType.Tile, H: >= Motifs.Count } => $"motif {row.H}",
            { Type: RowType.Tile, W: 0 } => "a tile without size",
            { Type: RowType.Tile, Rotation: > 31 } => $"tile rotation {row.Rotation}",
            { Type: RowType.Object, H: >= Cabinet.Count } => $"object {row.H}",
            { Type: RowType.Rays or RowType.Scales or RowType.Wave, W: 0 } => "a repetition of nothing",
            { Type: RowType.Scales, W: < 4 } => "scales too small to count",
            { Type: RowType.Wave, W: < 4 } => "waves too short to count",
            { Type: RowType.Weave or RowType.Dots, X: 0 or > 64 } => $"columns {row.X}",
            { Type: RowType.Weave or RowType.Dots, Y: 0 or > 64 } => $"rows {row.Y}",
            { Type: RowType.Stripes, X: 0 } => "no stripes",
            { Type: RowType.Star or RowType.Polygon or RowType.Beads or RowType.Scallop, H: < 3 or > 64 } =>
                $"number {row.H}",
            { Type: RowType.Petals, H: var h } when (h & 31) < 3 => $"petals {row.H & 31}",
            { Type: RowType.Type or RowType.Mark, Rotation: var face } when face >= Typefaces.FaceCount =>
                $"face {face}",
            _ => null,
        };
        if (bad is not null)
        {
            throw Bad(at, bad);
        }
    }

    private static void CheckFollowers(ReadOnlySpan<Row> rows, int at)
    {
        var type = rows[at].Type;
        var before = at > 0 ? rows[at - 1].Type : RowType.Frame;
        var follows = type switch
        {
            RowType.Foliage => before == RowType.Stem,
            RowType.HillEnd => before == RowType.Hill,
            RowType.Radii => before is RowType.Blob || (before is RowType.Radii && rows[at - 2].Type is RowType.Blob),
            RowType.Corners => before is RowType.Ribbon or RowType.Corners,
            _ => true,
        };
        if (!follows)
        {
            throw Bad(at, $"{type} after {before}");
        }

        var after = at + 1 < rows.Length ? rows[at + 1].Type : (RowType?)null;
        var complete = type switch
        {
            RowType.Stem => after == RowType.Foliage,
            RowType.Hill => after == RowType.HillEnd,
            RowType.Blob => after == RowType.Radii && at + 2 < rows.Length && rows[at + 2].Type == RowType.Radii,
            RowType.Ribbon => after == RowType.Corners,
            _ => true,
        };
        if (!complete)
        {
            throw Bad(at, $"{type} is not complete");
        }
    }

    private static int CountCorners(ReadOnlySpan<Row> rows, int at)
    {
        var count = 0;
        while (at + count < rows.Length && rows[at + count].Type == RowType.Corners)
        {
            count++;
        }

        return count;
    }

    private static ScoreFormatException Bad(int at, string what) => new($"Row {at}: {what}.");
}
