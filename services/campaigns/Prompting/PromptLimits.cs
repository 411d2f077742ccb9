namespace Platform.Campaigns;

/// <summary>What one template may cost, so that the work of a rendering is bounded before it starts.</summary>
internal static class PromptLimits
{
    public const int SourceBytes = 16 * 1024;

    /// <summary>UTF-8 bytes of the rendered prompt.</summary>
    public const int OutputBytes = 8 * 1024;

    /// <summary>Statements, filters and turns of loops of one rendering.</summary>
    public const int Steps = 1_000;

    /// <summary>UTF-16 units of a value made while rendering.</summary>
    public const int ValueChars = 4_096;

    /// <summary>Items of a list, turns of one loop.</summary>
    public const int Items = 100;

    /// <summary>UTF-16 units between a tag's delimiters: bounds the parser's recursion and ours.</summary>
    public const int TagChars = 1_024;

    /// <summary>Blocks inside blocks; the parser recurses once for each.</summary>
    public const int Depth = 8;

    public const int Errors = 20;

    /// <summary>Far beyond what the other limits let a rendering take: the net under them.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromMilliseconds(500);
}
