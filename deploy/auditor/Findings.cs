using System.Collections.Concurrent;

namespace Platform.Auditor;

/// <summary>Gathers differences from checks that run at the same time.</summary>
internal sealed class Findings
{
    /// <summary>A platform that lost everything should be told in a page, and not in a gigabyte.</summary>
    private const int MostOfAKind = 1_000;

    private readonly ConcurrentDictionary<string, ConcurrentQueue<Difference>> found = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> kinds = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, long> Kinds => new SortedDictionary<string, long>(kinds, StringComparer.Ordinal);

    public IReadOnlyList<Difference> Differences =>
        [.. found.OrderBy(kind => kind.Key, StringComparer.Ordinal)
            .SelectMany(kind => kind.Value.OrderBy(each => each.Subject, StringComparer.Ordinal))];

    public long Count(string kind) => kinds.GetValueOrDefault(kind);

    public void Add(string kind, string subject, string detail)
    {
        if (kinds.AddOrUpdate(kind, 1, (_, count) => count + 1) <= MostOfAKind)
        {
            found.GetOrAdd(kind, _ => new()).Enqueue(new Difference(kind, subject, detail));
        }
    }

    /// <summary>Says it where the expectation does not hold.</summary>
    public void Expect(bool holds, string kind, string subject, Func<string> detail)
    {
        if (!holds)
        {
            Add(kind, subject, detail());
        }
    }
}
