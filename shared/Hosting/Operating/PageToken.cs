namespace Platform.Hosting;

/// <summary>Where a page of parked messages ended.</summary>
internal sealed record PageToken(string Service, Guid? After)
{
    /// <summary>Null when the text is no token.</summary>
    public static PageToken? Parse(string text) => text.Length == 0 ? new PageToken("", null)
        : text.Split(' ') is [{ Length: > 0 } service, var after] && Guid.TryParse(after, out var id) ? new PageToken(service, id)
        : null;

    public override string ToString() => $"{Service} {After}";
}
