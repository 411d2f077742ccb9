using MongoDB.Driver;
using Platform.Testing;

[assembly: AssemblyFixture(typeof(Mongo))]
[assembly: AssemblyFixture(typeof(RabbitMq))]

namespace Platform.RoyaltyIndexer.Tests;

internal static class MongoExtensions
{
    /// <summary>A database of its own for each test.</summary>
    public static IMongoDatabase NewDatabase(this Testing.Mongo mongo) =>
        mongo.Client.GetDatabase($"royalties_{Guid.CreateVersion7():N}");
}
