using SkiaSharp;

namespace Platform.Composer;

/// <summary>The house's small things by number, each within ±1; the numbers are the format and never change.</summary>
internal static class Cabinet
{
    public const int Bird = 0;
    public const int Cloud = 1;
    public const int RoundTree = 2;
    public const int Pine = 3;
    public const int TallVase = 4;
    public const int RoundVase = 5;
    public const int Bottle = 6;
    public const int Bowl = 7;
    public const int Cup = 8;
    public const int Orange = 9;
    public const int Pear = 10;
    public const int Crescent = 11;
    public const int Drop = 12;
    public const int Bolt = 13;
    public const int Heart = 14;
    public const int House = 15;
    public const int Boat = 16;
    public const int Flame = 17;
    public const int Spark = 18;
    public const int Jug = 19;
    public const int Count = 20;

    /// <summary>The main form (slot) and what is set off on it (second slot).</summary>
    public static (SKPath Main, SKPath? Detail) Of(int thing) => thing switch
    {
        Bird => (Svg("M-1 -0.35 Q-0.5 -0.6 0 0 Q0.5 -0.6 1 -0.35 Q0.45 -0.3 0 0.28 Q-0.45 -0.3 -1 -0.35Z"), null),
        Cloud => (Svg("M-0.75 0.35 A0.3 0.3 0 0 1 -0.7 -0.22 A0.42 0.42 0 0 1 0.08 -0.42 A0.36 0.36 0 0 1 0.68 -0.2 A0.28 0.28 0 0 1 0.72 0.35Z"), null),
        RoundTree => (Svg("M-0.07 1 L-0.07 0.2 A0.58 0.58 0 1 1 0.07 0.2 L0.07 1Z"), Svg("M0 -0.95 A0.58 0.58 0 0 1 0.07 0.2 L0.07 1 L0 1Z")),
        Pine => (Svg("M0 -1 L0.52 0.72 L0.08 0.72 L0.08 1 L-0.08 1 L-0.08 0.72 L-0.52 0.72Z"), Svg("M0 -1 L0.52 0.72 L0.08 0.72 L0.08 1 L0 1Z")),
        TallVase => (Svg("M-0.24 -1 L0.24 -1 Q0.14 -0.72 0.3 -0.45 Q0.62 0.05 0.34 0.75 L0.26 1 L-0.26 1 L-0.34 0.75 Q-0.62 0.05 -0.3 -0.45 Q-0.14 -0.72 -0.24 -1Z"),
            Svg("M-0.475 0 Q0 0.14 0.475 0 Q0.485 0.16 0.46 0.32 Q0 0.46 -0.46 0.32 Q-0.485 0.16 -0.475 0Z")),
        RoundVase => (Svg("M-0.28 -0.85 L0.28 -0.85 L0.2 -0.55 Q0.85 -0.35 0.82 0.25 Q0.78 0.85 0.34 1 L-0.34 1 Q-0.78 0.85 -0.82 0.25 Q-0.85 -0.35 -0.2 -0.55Z"),
            Svg("M-0.79 0.02 L-0.53 -0.2 L-0.26 0.02 L0 -0.2 L0.26 0.02 L0.53 -0.2 L0.79 0.02 L0.82 0.3 L0.53 0.06 L0.26 0.28 L0 0.06 L-0.26 0.28 L-0.53 0.06 L-0.82 0.3Z")),
        Bottle => (Svg("M-0.14 -1 L0.14 -1 L0.14 -0.5 Q0.42 -0.3 0.42 0.05 L0.42 0.9 Q0.42 1 0.32 1 L-0.32 1 Q-0.42 1 -0.42 0.9 L-0.42 0.05 Q-0.42 -0.3 -0.14 -0.5Z"),
            Svg("M-0.42 0.2 L0.42 0.2 L0.42 0.68 L-0.42 0.68Z")),
        Bowl => (Svg("M-1 -0.1 L1 -0.1 Q0.95 0.68 0.32 0.86 L0.36 1 L-0.36 1 L-0.32 0.86 Q-0.95 0.68 -1 -0.1Z"),
            Svg("M-0.99 0.02 L0.99 0.02 Q0.97 0.15 0.93 0.25 L-0.93 0.25 Q-0.97 0.15 -0.99 0.02Z")),
        Cup => (Svg("M-0.72 -0.55 L0.48 -0.55 L0.48 -0.38 Q0.98 -0.42 0.95 0.02 Q0.9 0.5 0.36 0.5 Q0.22 0.85 -0.02 0.9 L-0.22 0.9 Q-0.68 0.8 -0.72 -0.55Z M0.47 -0.2 Q0.47 0.1 0.42 0.31 Q0.74 0.3 0.76 0.02 Q0.78 -0.24 0.47 -0.2Z"),
            Svg("M-0.715 -0.38 L0.48 -0.38 L0.475 -0.16 L-0.7 -0.16Z")),
        Orange => (Svg("M0 -0.9 A0.9 0.9 0 1 0 0 0.9 A0.9 0.9 0 1 0 0 -0.9Z"), Svg("M0.02 -0.72 Q0.16 -1.2 0.68 -1.1 Q0.52 -0.66 0.02 -0.72Z")),
        Pear => (Svg("M0 -1 Q0.32 -0.98 0.34 -0.55 Q0.36 -0.3 0.56 -0.02 Q0.85 0.5 0.45 0.86 Q0.22 1 0 1 Q-0.22 1 -0.45 0.86 Q-0.85 0.5 -0.56 -0.02 Q-0.36 -0.3 -0.34 -0.55 Q-0.32 -0.98 0 -1Z"),
            Svg("M0.02 -0.96 Q0.1 -1.42 0.56 -1.36 Q0.46 -0.96 0.02 -0.96Z")),
        Crescent => (Svg("M0.35 -0.88 A0.95 0.95 0 1 0 0.88 0.45 A0.75 0.75 0 1 1 0.35 -0.88Z"), null),
        Drop => (Svg("M0 -1 C0.2 -0.5 0.68 -0.1 0.68 0.35 A0.68 0.65 0 0 1 -0.68 0.35 C-0.68 -0.1 -0.2 -0.5 0 -1Z"), Svg("M-0.42 0.3 A0.42 0.42 0 0 0 0.1 0.75 A0.5 0.5 0 0 1 -0.42 0.3Z")),
        Bolt => (Svg("M0.2 -1 L-0.55 0.15 L-0.05 0.15 L-0.2 1 L0.55 -0.2 L0.05 -0.2Z"), null),
        Heart => (Svg("M0 0.9 C-0.55 0.45 -0.95 0.1 -0.95 -0.35 C-0.95 -0.95 -0.2 -1 0 -0.45 C0.2 -1 0.95 -0.95 0.95 -0.35 C0.95 0.1 0.55 0.45 0 0.9Z"), null),
        House => (Svg("M-0.75 1 L-0.75 -0.1 L0 -0.9 L0.75 -0.1 L0.75 1Z"), Svg("M-0.22 1 L-0.22 0.4 A0.22 0.22 0 0 1 0.22 0.4 L0.22 1Z")),
        Boat => (Svg("M-0.9 0.45 L0.9 0.45 Q0.7 0.9 0.35 0.9 L-0.35 0.9 Q-0.7 0.9 -0.9 0.45Z M0.06 -1 Q0.75 -0.3 0.72 0.3 L0.06 0.3Z"), Svg("M-0.06 -0.75 L-0.06 0.3 L-0.62 0.3 Q-0.5 -0.3 -0.06 -0.75Z")),
        Flame => (Svg("M0.05 -1 C0.1 -0.5 0.7 -0.3 0.66 0.36 A0.66 0.64 0 0 1 -0.66 0.36 C-0.66 0 -0.4 -0.12 -0.34 -0.4 C-0.1 -0.2 0.05 -0.5 0.05 -1Z"), Svg("M0.02 0.02 C0.1 0.2 0.36 0.3 0.34 0.6 A0.34 0.34 0 0 1 -0.34 0.6 C-0.34 0.35 -0.05 0.3 0.02 0.02Z")),
        Spark => (Svg("M0 -1 Q0.12 -0.12 1 0 Q0.12 0.12 0 1 Q-0.12 0.12 -1 0 Q-0.12 -0.12 0 -1Z"), null),
        _ => (Svg("M-0.3 -1 L0.42 -1 L0.3 -0.72 Q0.28 -0.6 0.34 -0.48 Q0.62 -0.1 0.58 0.4 Q0.55 0.8 0.36 1 L-0.44 1 Q-0.62 0.7 -0.64 0.3 Q-0.64 -0.2 -0.3 -0.5 Q-0.2 -0.7 -0.3 -1Z"), Svg("M-0.64 0.3 Q0 0.46 0.585 0.3 Q0.6 0.48 0.53 0.66 Q0 0.8 -0.56 0.66 Q-0.64 0.5 -0.64 0.3Z")),
    };

    private static SKPath Svg(string data) => SKPath.ParseSvgPathData(data);
}
