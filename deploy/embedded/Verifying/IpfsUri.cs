using Platform.Content;

namespace Platform.Embedded;

/// <summary>An address such as <c>ipfs://bafy…/3.json</c>.</summary>
/// <param name="Root">What the path begins at; compared as a value, for a CID has several texts.</param>
/// <param name="Path">Without the first slash; empty when the root itself is meant.</param>
internal sealed record IpfsUri(Cid Root, string Path)
{
    private const string Scheme = "ipfs://";

    public static IpfsUri? TryParse(string text)
    {
        if (!text.StartsWith(Scheme, StringComparison.Ordinal))
        {
            return null;
        }

        var rest = text[Scheme.Length..];
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        return Cid.TryParse(slash < 0 ? rest : rest[..slash], out var root)
            ? new IpfsUri(root.ToV1(), slash < 0 ? "" : rest[(slash + 1)..])
            : null;
    }

    /// <exception cref="UnfitContentException">Not such an address.</exception>
    public static IpfsUri Parse(string what, string text) => TryParse(text)
        ?? throw new UnfitContentException($"{what} '{text}' is no ipfs:// address");

    public override string ToString() => Path.Length == 0 ? $"{Scheme}{Root}" : $"{Scheme}{Root}/{Path}";
}
