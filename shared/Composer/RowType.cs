namespace Platform.Composer;

/// <summary>What a row of a score draws; the numbers are the format and never change.</summary>
public enum RowType : byte
{
    /// <summary>Opens a frame (left, top, width, height in 240ths of the canvas); all that follows is local to it.</summary>
    Frame = 0,

    /// <summary>Covers the frame.</summary>
    Fill = 1,
    Ellipse = 2,
    Rect = 3,
    Rounded = 4,
    Quarter = 5,
    Half = 6,
    Triangle = 7,

    /// <summary>A doorway: round above, straight below.</summary>
    Door = 8,

    /// <summary>An ellipse's outline, h its stroke.</summary>
    Ring = 9,

    /// <summary>Rays from (x, y) to beyond the frame; w their number, h the share that is lit.</summary>
    Rays = 10,

    /// <summary>Petals around (x, y): w radius, h number + 32 × form.</summary>
    Petals = 11,

    /// <summary>A star: w radius, h points.</summary>
    Star = 12,

    /// <summary>A leaf from its base: w length, h width, turned to the rotation.</summary>
    Leaf = 13,

    /// <summary>A bent stem from its base: w length, h bend around 128.</summary>
    Stem = 14,

    /// <summary>What grows on the stem above: x number, y length, w width, h angle in degrees.</summary>
    Foliage = 15,

    /// <summary>The left half of a ridge: four heights.</summary>
    Hill = 16,

    /// <summary>Its right half.</summary>
    HillEnd = 17,

    /// <summary>A smooth closed shape; its eight radii follow in two rows.</summary>
    Blob = 18,
    Radii = 19,

    /// <summary>A rounded splinter; the second slot picks the form.</summary>
    Chip = 20,

    /// <summary>A row of scales across the frame: x offset, y centre, w radius, h rings.</summary>
    Scales = 21,

    /// <summary>A wave filled to the frame's foot: x phase, y height, w wavelength, h amplitude.</summary>
    Wave = 22,

    /// <summary>Stripes along rounded corners: w width of all, h stripes; its corners follow.</summary>
    Ribbon = 23,

    /// <summary>Two corners of the ribbon above (x, y and w, h as places).</summary>
    Corners = 24,

    /// <summary>Over and under: x columns, y rows, w strip's share of a cell, h twill.</summary>
    Weave = 25,

    /// <summary>Dots over the frame: x columns, y rows, w share of a cell, h form (0 square grid, 1 brick, 2 fading).</summary>
    Dots = 26,

    /// <summary>Parallel bars: x number, w share lit.</summary>
    Stripes = 27,

    /// <summary>A tile at (x, y) of side w, all in 240ths inside the frame; h its motif; rotation = quarter + 4 × third slot.</summary>
    Tile = 28,

    /// <summary>Beads on a circle: w radius, h number.</summary>
    Beads = 29,

    /// <summary>A frond with round lobes: w length, h lobes.</summary>
    Frond = 30,

    /// <summary>A thing from the house's small cabinet; h which, w size.</summary>
    Object = 31,

    /// <summary>Headline and line, set into the box (left, top, width, height in 240ths); rotation the face, shading the place.</summary>
    Type = 32,

    /// <summary>The wordmark, likewise.</summary>
    Mark = 33,

    /// <summary>A regular polygon: w radius, h corners.</summary>
    Polygon = 34,

    /// <summary>A scalloped disc: w radius, h scallops.</summary>
    Scallop = 35,

    /// <summary>A quarter turn of parallel bands around (x, y): w outer radius, h bands.</summary>
    Bands = 36,
}
