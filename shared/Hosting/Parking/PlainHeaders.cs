namespace Platform.Hosting;

/// <summary>The headers that may lie in the open.</summary>
internal static class PlainHeaders
{
    private static readonly string[] Secret =
        ["authorization", "cookie", "token", "secret", "password", "signature", "apikey", "api-key", "credential"];

    public static Dictionary<string, string> Of(IReadOnlyDictionary<string, string> headers) => headers
        .Where(header => !Array.Exists(Secret, word => header.Key.Contains(word, StringComparison.OrdinalIgnoreCase)))
        .ToDictionary(header => Name(header.Key), header => header.Value);

    /// <summary>A field's name may not begin with a dollar sign, nor hold a dot, in every server.</summary>
    private static string Name(string header) => header.Replace('.', '_').Replace('$', '_').Replace('\0', '_');
}
