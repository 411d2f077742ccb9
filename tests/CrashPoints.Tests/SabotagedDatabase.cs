using System.Net;
using MongoDB.Driver;
using MongoDB.Driver.Core.Clusters;
using MongoDB.Driver.Core.Connections;
using MongoDB.Driver.Core.Servers;

namespace Platform.CrashPoints.Tests;

/// <summary>A step before and after each writing command of the driver, and one amid those of many members.</summary>
/// <remarks>
/// Reads are no steps: they change nothing, so a crash before one is the crash after the write before it. The command
/// events of the driver would be another place; there an exception costs the connection, and nothing can wait.
/// </remarks>
internal static class SabotagedDatabase
{
    private static readonly ConnectionId Connection =
        new(new ServerId(new ClusterId(), new DnsEndPoint("crash-points", 27017)));

    public static IMongoClient Before(IMongoClient client, Life life) => (IMongoClient)Interposed.Before(
        typeof(IMongoClient), client, life, (_, _) => null, (_, value) => value is IMongoDatabase database
            ? Interposed.Before(typeof(IMongoDatabase), database, life, (_, _) => null, (_, answer) => Collected(answer, life))
            : value);

    public static MongoConnectionException Outage() => new(Connection, "The connection was cut.");

    private static object? Collected(object? answer, Life life)
    {
        var port = answer?.GetType().GetInterfaces().FirstOrDefault(each =>
            each.IsGenericType && each.GetGenericTypeDefinition() == typeof(IMongoCollection<>));
        return port is null
            ? answer
            : Activator.CreateInstance(typeof(SabotagedCollection<>).MakeGenericType(port.GetGenericArguments()), answer, life);
    }
}
