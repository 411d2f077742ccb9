namespace Platform.Moderation;

/// <summary>How an image looks: how much is on it, and what another must share to be taken for it.</summary>
internal sealed record Appearance(double Entropy, PerceptualHash Hash, Colours Colours)
{
    /// <param name="rgba">Premultiplied, four bytes a pixel, row by row.</param>
    public static Appearance Of(ReadOnlySpan<byte> rgba, int width, int height)
    {
        var luminance = Luminance.Of(rgba, width, height);
        return new(luminance.Entropy, PerceptualHash.Of(luminance), Colours.Of(rgba, width, height));
    }
}
