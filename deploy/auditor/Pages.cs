namespace Platform.Auditor;

/// <summary>Walks lists that are told in order of asset id, page by page.</summary>
internal static class Pages
{
    public const int Size = 500;

    /// <param name="ask">Asks for the page after an asset id; empty is the first.</param>
    /// <param name="idOf">Which asset a row is about.</param>
    public static async IAsyncEnumerable<T> WalkAsync<T>(
        Func<string, Task<IReadOnlyCollection<T>>> ask, Func<T, string> idOf)
    {
        var after = "";
        while (await ask(after) is { Count: > 0 } page)
        {
            var before = after;
            foreach (var row in page)
            {
                yield return row;
                after = idOf(row);
            }

            if (string.CompareOrdinal(after, before) <= 0)
            {
                throw new AuditUnavailableException($"A list of assets does not go on after {before}: it tells {after} next.");
            }
        }
    }
}
