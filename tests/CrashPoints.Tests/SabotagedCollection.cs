using MongoDB.Driver;

namespace Platform.CrashPoints.Tests;

/// <summary>A collection whose writes can fail before, after, and amid their members.</summary>
/// <remarks>
/// Reads are no steps: they change nothing, so a crash before one is the crash after the write before it. The command
/// events of the driver would be another place; there an exception costs the connection, and nothing is done by halves.
/// A generated proxy cannot stand here: the services' records are internal, and it may not name them.
/// </remarks>
internal sealed partial class SabotagedCollection<TDocument>(IMongoCollection<TDocument> inner, Life life)
    : IMongoCollection<TDocument>
{
    private readonly string name =
        $"{inner.CollectionNamespace.DatabaseNamespace.DatabaseName.Replace("imprimatur_", "", StringComparison.Ordinal)}."
        + inner.CollectionNamespace.CollectionName;

    public Task InsertManyAsync(
        IEnumerable<TDocument> documents,
        InsertManyOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        List<TDocument> all = [.. documents];
        return WriteManyAsync(
            "insert", all.Count, count => inner.InsertManyAsync(all.Take(count), options, cancellationToken).AnsweredAsync());
    }

    public Task<BulkWriteResult<TDocument>> BulkWriteAsync(
        IEnumerable<WriteModel<TDocument>> requests,
        BulkWriteOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        List<WriteModel<TDocument>> all = [.. requests];
        return WriteManyAsync(
            "bulk-write", all.Count, count => inner.BulkWriteAsync(all.Take(count), options, cancellationToken));
    }

    private static NotSupportedException Unasked() =>
        new("No service writes this way; a step here would need a name.");

    private Task<TAnswer> ReadAsync<TAnswer>(Func<Task<TAnswer>> read)
    {
        life.EnsureAlive();
        return read();
    }

    private Task WriteAsync(string command, Func<Task> write) =>
        WriteManyAsync(command, 1, _ => write().AnsweredAsync());

    private Task<TAnswer> WriteAsync<TAnswer>(string command, Func<Task<TAnswer>> write) =>
        WriteManyAsync(command, 1, _ => write());

    /// <param name="write">Writes so many of the members, from the first.</param>
    private async Task<TAnswer> WriteManyAsync<TAnswer>(string command, int count, Func<int, Task<TAnswer>> write)
    {
        life.Pass($"before {command} {name}", SabotagedDatabase.Outage);
        if (count > 1 && life.Look($"amid {command} {name}") is { } kind)
        {
            await write(count / 2);
            life.Suffer(kind, SabotagedDatabase.Outage);
        }

        var answer = await write(count);
        life.Pass($"after {command} {name}", SabotagedDatabase.Outage);
        return answer;
    }
}

internal static class Answers
{
    public static async Task<bool> AnsweredAsync(this Task task)
    {
        await task;
        return true;
    }
}
