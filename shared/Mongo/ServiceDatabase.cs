using MongoDB.Driver;

namespace Platform.Mongo;

/// <summary>The one database a service owns.</summary>
/// <typeparam name="TService">The service's module: a bare <see cref="IMongoDatabase"/> would be the last one's in a
/// process that hosts several.</typeparam>
public sealed class ServiceDatabase<TService>(IMongoDatabase database)
{
    internal IMongoDatabase Database => database;

    public IMongoCollection<TDocument> Collection<TDocument>(string name) => database.GetCollection<TDocument>(name);
}
