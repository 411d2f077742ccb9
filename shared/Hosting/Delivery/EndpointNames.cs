using System.Collections.Concurrent;

namespace Platform.Hosting;

/// <summary>The endpoints of this process, by name.</summary>
internal sealed class EndpointNames
{
    private readonly ConcurrentDictionary<string, bool> names = new();

    public IReadOnlyList<string> All => [.. names.Keys.Order(StringComparer.Ordinal)];

    public void Add(string name) => names.TryAdd(name, true);
}
