namespace Platform.Embedded;

/// <summary>Files that the user names: what is wrong with one is told in a sentence.</summary>
internal static class TextFile
{
    /// <exception cref="UserErrorException">Missing, a folder, or not readable.</exception>
    public static byte[] Read(string path)
    {
        if (Directory.Exists(path))
        {
            throw new UserErrorException($"{path} is a folder; name a file.");
        }

        try
        {
            var bytes = File.ReadAllBytes(path);
            return bytes.AsSpan().StartsWith("\uFEFF"u8) ? bytes[3..] : bytes;
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UserErrorException($"There is no file {path}.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"{path} cannot be read: {exception.Message}");
        }
    }

    /// <summary>The word that was probably meant; null where none is near.</summary>
    public static string? Nearest(string word, IEnumerable<string> known) => known
        .Select(each => (Word: each, Distance: Distance(Bare(word), Bare(each))))
        .Where(each => each.Distance <= Math.Max(1, word.Length / 3))
        .OrderBy(each => each.Distance)
        .Select(each => each.Word)
        .FirstOrDefault();

    /// <summary>usage_terms and UsageTerms are usageTerms.</summary>
    private static string Bare(string word) => word.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();

    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[^1];
    }
}
