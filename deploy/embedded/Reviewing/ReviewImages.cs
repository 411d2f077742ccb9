using Platform.Grpc.Moderation;

namespace Platform.Embedded;

/// <summary>Makes a waiting asset's picture one that a viewer opens: content files have no ending.</summary>
/// <remarks>A link, not a copy, where links can be made: what is withdrawn from the content is then gone here too.</remarks>
internal static class ReviewImages
{
    /// <summary>Absolute path of a file that is there; null where the content is not.</summary>
    public static string? Show(string data, Case waiting)
    {
        var digest = waiting.Content;
        if (digest.Length != 64 || !digest.All(char.IsAsciiHexDigitLower))
        {
            return null;
        }

        // As shared/Content's folder store lays its files out.
        var content = Path.Combine(data, "content", digest[..2], digest[2..4], digest);
        if (!File.Exists(content))
        {
            return null;
        }

        var shown = PathOf(data, waiting);
        Directory.CreateDirectory(Path.GetDirectoryName(shown)!);
        File.Delete(shown);
        try
        {
            File.CreateSymbolicLink(shown, Path.GetRelativePath(Path.GetDirectoryName(shown)!, content));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            File.Copy(content, shown, overwrite: true);
        }

        return shown;
    }

    public static void Forget(string data, Case decided)
    {
        if (Directory.Exists(Path.Combine(data, "review")))
        {
            File.Delete(PathOf(data, decided));
        }
    }

    private static string PathOf(string data, Case of) => Path.Combine(data, "review", $"{Guid.Parse(of.AssetId)}.png");
}
