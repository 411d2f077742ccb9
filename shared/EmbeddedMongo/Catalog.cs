using System.Collections.Immutable;

namespace Platform.EmbeddedMongo;

/// <summary>A database's collection.</summary>
internal readonly record struct Namespace(string Database, string Collection)
{
    public override string ToString() => $"{Database}.{Collection}";

    public static Namespace Of(string database, string collection)
    {
        if (collection.Length == 0 || collection.Contains('\0', StringComparison.Ordinal)
            || collection.Contains('$', StringComparison.Ordinal)
            || collection.StartsWith("system.", StringComparison.Ordinal)
            || collection.Length + database.Length > 254)
        {
            throw new MongoError(
                ErrorCode.InvalidNamespace, $"Invalid namespace specified '{database}.{collection}'");
        }

        return new(database, collection);
    }
}

/// <summary>A collection and its indexes, the one on `_id` first.</summary>
internal sealed record Collection(int Id, Namespace Name, ImmutableArray<Index> Indexes, int NextIndex);

/// <summary>What there is at one moment; replaced as a whole.</summary>
/// <remarks>Drops are counted, so that connections forget their statements for what is gone.</remarks>
internal sealed record Catalog(ImmutableSortedDictionary<Namespace, Collection> Collections, int Drops)
{
    public static readonly IComparer<Namespace> Order = Comparer<Namespace>.Create(static (left, right) =>
        string.CompareOrdinal(left.Database, right.Database) is not 0 and var order
            ? order
            : string.CompareOrdinal(left.Collection, right.Collection));

    public Collection? Find(Namespace name) => Collections.GetValueOrDefault(name);

    public Catalog With(Collection collection) =>
        this with { Collections = Collections.SetItem(collection.Name, collection) };

    public Catalog Without(Collection collection) =>
        new(Collections.Remove(collection.Name), Drops + 1);
}
