namespace Platform.Composer;

/// <summary>The tiles' motifs by number; the numbers are the format and never change.</summary>
internal static class Motifs
{
    public const int Plain = 0;
    public const int QuarterDisc = 1;
    public const int HalfDisc = 2;
    public const int Disc = 3;
    public const int Eye = 4;
    public const int Diagonal = 5;
    public const int Vesica = 6;
    public const int FourLeaves = 7;
    public const int Bars = 8;
    public const int Checker = 9;
    public const int OppositeQuarters = 10;
    public const int TwoHalves = 11;
    public const int Astroid = 12;
    public const int Diamond = 13;
    public const int NineDots = 14;
    public const int Squares = 15;
    public const int Doorway = 16;
    public const int QuarterBands3 = 17;
    public const int QuarterBands4 = 18;
    public const int QuarterBands5 = 19;
    public const int HalfBands3 = 20;
    public const int HalfBands4 = 21;
    public const int FullBands3 = 22;
    public const int FullBands4 = 23;
    public const int Sunrise = 24;
    public const int StarEight = 25;
    public const int Cross = 26;
    public const int Chevrons = 27;
    public const int Hourglass = 28;
    public const int Pinwheel = 29;
    public const int Tulip = 30;
    public const int Almond = 31;
    public const int QuarterArc = 32;
    public const int Ripples = 33;
    public const int QuarterPair = 34;
    public const int Flower = 35;
    public const int Count = 36;
}
