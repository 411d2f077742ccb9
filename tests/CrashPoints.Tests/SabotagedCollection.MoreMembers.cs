using MongoDB.Bson;
using MongoDB.Bson.Serialization;
using MongoDB.Driver;
using MongoDB.Driver.Search;

namespace Platform.CrashPoints.Tests;

#pragma warning disable CS8625 // the driver's own defaults
internal sealed partial class SabotagedCollection<TDocument>
{
    public Task<TProjection> FindOneAndDeleteAsync<TProjection>(
        IClientSessionHandle session,
        FilterDefinition<TDocument> filter,
        FindOneAndDeleteOptions<TDocument, TProjection> options = default,
        CancellationToken cancellationToken = default) =>
        throw Unasked();

    public TProjection FindOneAndReplace<TProjection>(
        FilterDefinition<TDocument> filter,
        TDocument replacement,
        FindOneAndReplaceOptions<TDocument, TProjection> options = default,
        CancellationToken cancellationToken = default) =>
        throw Unasked();

    public TProjection FindOneAndReplace<TProjection>(
        IClientSessionHandle session,
        FilterDefinition<TDocument> filter,
        TDocument replacement,
        FindOneAndReplaceOptions<TDocument, TProjection> options = default,
        CancellationToken cancellationToken = default) =>
        throw Unasked();

    public Task<TProjection> FindOneAndReplaceAsync<TProjection>(
        FilterDefinition<TDocument> filter,
        TDocument replacement,
        FindOneAndReplaceOptions<TDocument, TProjection> options = default,
        CancellationToken cancellationToken = default) =>
        WriteAsync("find-and-modify", () =>
            inner.FindOneAndReplaceAsync<TProjection>(filter, replacement, options, cancellationToken));

    public Task<TProjection> FindOneAndReplaceAsync<TProjection>(
        IClientSessionHandle session,
        FilterDefinition<TDocument> filter,
        TDocument replacement,
        FindOneAndReplaceOptions<TDocument, TProjection> options = default,
        CancellationToken cancellationToken = default) =>
        throw Unasked();

    public TProjection FindOneAndUpdate<TProjection>(
        FilterDefinition<TDocument> filter,
        UpdateDefinition<TDocument> update,
        FindOneAndUpdateOptions<TDocument, TProjection> options = default,
        CancellationToken cancellationToken = default) =>
        throw Unasked();

    public TProjection FindOneAndUpdate<TProjection>(
        IClientSessionHandle session,
        FilterDefinition<TDocument> filter,
        UpdateDefinition<TDocument> update,
        FindOneAndUpdateOptions<TDocument, TProjection> options = default,
        CancellationToken cancellationToken = default) =>
        throw Unasked();

    public Task<TProjection> FindOneAndUpdateAsync<TProjection>(
        FilterDefinition<TDocument> filter,
        UpdateDefinition<TDocument> update,
        FindOneAndUpdateOptions<TDocument, TProjection> options = default,
        CancellationToken cancellationToken = default) =>
        WriteAsync("find-and-modify", () =>
            inner.FindOneAndUpdateAsync<TProjection>(filter, update, options, cancellationToken));

    public Task<TProjection> FindOneAndUpdateAsync<TProjection>(
        IClientSessionHandle session,
        FilterDefinition<TDocument> filter,
        UpdateDefinition<TDocument> update,
        FindOneAndUpdateOptions<TDocument, TProjection> options = default,
        CancellationToken cancellationToken = default) =>
        throw Unasked();

    public void InsertOne(
        TDocument document,
        InsertOneOptions options = default,
        CancellationToken cancellationToken = default) =>
        throw Unasked();

    public void InsertOne(
        IClientSessionHandle session,
        TDocument document,
        InsertOneOptions options = default,
        CancellationToken cancellationToken = default) =>
        throw Unasked();

    [Obsolete("As the driver says.")]
    public Task InsertOneAsync(TDocument document, CancellationToken _cancellationToken) =>
        throw Unasked();

    public Task InsertOneAsync(
        TDocument document,
        InsertOneOptions options = default,
        CancellationToken cancellationToken = default) =>
        WriteAsync("insert", () => inner.InsertOneAsync(document, options, cancellationToken));

    public Task InsertOneAsync(
        IClientSessionHandle session,
        TDocument document,
        InsertOneOptions options = default,
        CancellationToken cancellationToken = default) =>
        throw Unasked();

    public void InsertMany(
        IEnumerable<TDocument> documents,
        InsertManyOptions options = default,
        CancellationToken cancellationToken = default) =>
        throw Unasked();

    public void InsertMany(
        IClientSessionHandle session,
        IEnumerable<TDocument> documents,
        InsertManyOptions options = default,
        CancellationToken cancellationToken = default) =>
        throw Unasked();

    public Task InsertManyAsync(
        IClientSessionHandle session,
        IEnumerable<TDocument> documents,
        InsertManyOptions options = default,
        CancellationToken cancellationToken = default) =>
        throw Unasked();

    [Obsolete("As the driver says.")]
    public IAsyncCursor<TResult> MapReduce<TResult>(
        BsonJavaScript map,
        BsonJavaScript reduce,
        MapReduceOptions<TDocument, TResult> options = default,
        CancellationToken cancellationToken = default) =>
        throw Unasked();

    [Obsolete("As the driver says.")]
    public IAsyncCursor<TResult> MapReduce<TResult>(
        IClientSessionHandle session,
        BsonJavaScript map,
        BsonJavaScript reduce,
        MapReduceOptions<TDocument, TResult> options = default,
        CancellationToken cancellationToken = default) =>
        throw Unasked();

    [Obsolete("As the driver says.")]
    public Task<IAsyncCursor<TResult>> MapReduceAsync<TResult>(
        BsonJavaScript map,
        BsonJavaScript reduce,
        MapReduceOptions<TDocument, TResult> options = default,
        CancellationToken cancellationToken = default) =>
        throw Unasked();

    [Obsolete("As the driver says.")]
    public Task<IAsyncCursor<TResult>> MapReduceAsync<TResult>(
        IClientSessionHandle session,
        BsonJavaScript map,
        BsonJavaScript reduce,
        MapReduceOptions<TDocument, TResult> options = default,
        CancellationToken cancellationToken = default) =>
        throw Unasked();

    public IFilteredMongoCollection<TDerivedDocument> OfType<TDerivedDocument>()
        where TDerivedDocument : TDocument =>
        throw Unasked();

    public ReplaceOneResult ReplaceOne(
        FilterDefinition<TDocument> filter,
        TDocument replacement,
        ReplaceOptions options = default,
        CancellationToken cancellationToken = default) =>
        throw Unasked();

    [Obsolete("As the driver says.")]
    public ReplaceOneResult ReplaceOne(
        FilterDefinition<TDocument> filter,
        TDocument replacement,
        UpdateOptions options,
        CancellationToken cancellationToken = default) =>
        throw Unasked();

    public ReplaceOneResult ReplaceOne(
        IClientSessionHandle session,
        FilterDefinition<TDocument> filter,
        TDocument replacement,
        ReplaceOptions options = default,
        CancellationToken cancellationToken = default) =>
        throw Unasked();

    [Obsolete("As the driver says.")]
    public ReplaceOneResult ReplaceOne(
        IClientSessionHandle session,
        FilterDefinition<TDocument> filter,
        TDocument replacement,
        UpdateOptions options,
        CancellationToken cancellationToken = default) =>
        throw Unasked();

    public Task<ReplaceOneResult> ReplaceOneAsync(
        FilterDefinition<TDocument> filter,
        TDocument replacement,
        ReplaceOptions options = default,
        CancellationToken cancellationToken = default) =>
        WriteAsync("replace", () => inner.ReplaceOneAsync(filter, replacement, options, cancellationToken));

    [Obsolete("As the driver says.")]
    public Task<ReplaceOneResult> ReplaceOneAsync(
        FilterDefinition<TDocument> filter,
        TDocument replacement,
        UpdateOptions options,
        CancellationToken cancellationToken = default) =>
        throw Unasked();

    public Task<ReplaceOneResult> ReplaceOneAsync(
        IClientSessionHandle session,
        FilterDefinition<TDocument> filter,
        TDocument replacement,
        ReplaceOptions options = default,
        CancellationToken cancellationToken = default) =>
        throw Unasked();

    [Obsolete("As the driver says.")]
    public Task<ReplaceOneResult> ReplaceOneAsync(
        IClientSessionHandle session,
        FilterDefinition<TDocument> filter,
        TDocument replacement,
        UpdateOptions options,
        CancellationToken cancellationToken = default) =>
        throw Unasked();

    public UpdateResult UpdateMany(
        FilterDefinition<TDocument> filter,
        UpdateDefinition<TDocument> update,
        UpdateOptions options = default,
        CancellationToken cancellationToken = default) =>
        throw Unasked();

    public UpdateResult UpdateMany(
        IClientSessionHandle session,
        FilterDefinition<TDocument> filter,
        UpdateDefinition<TDocument> update,
        UpdateOptions options = default,
        CancellationToken cancellationToken = default) =>
        throw Unasked();

    public Task<UpdateResult> UpdateManyAsync(
        FilterDefinition<TDocument> filter,
        UpdateDefinition<TDocument> update,
        UpdateOptions options = default,
        CancellationToken cancellationToken = default) =>
        WriteAsync("update", () => inner.UpdateManyAsync(filter, update, options, cancellationToken));

    public Task<UpdateResult> UpdateManyAsync(
        IClientSessionHandle session,
        FilterDefinition<TDocument> filter,
        UpdateDefinition<TDocument> update,
        UpdateOptions options = default,
        CancellationToken cancellationToken = default) =>
        throw Unasked();

    public UpdateResult UpdateOne(
        FilterDefinition<TDocument> filter,
        UpdateDefinition<TDocument> update,
        UpdateOptions options = default,
        CancellationToken cancellationToken = default) =>
        throw Unasked();

    public UpdateResult UpdateOne(
        IClientSessionHandle session,
        FilterDefinition<TDocument> filter,
        UpdateDefinition<TDocument> update,
        UpdateOptions options = default,
        CancellationToken cancellationToken = default) =>
        throw Unasked();

    public Task<UpdateResult> UpdateOneAsync(
        FilterDefinition<TDocument> filter,
        UpdateDefinition<TDocument> update,
        UpdateOptions options = default,
        CancellationToken cancellationToken = default) =>
        WriteAsync("update", () => inner.UpdateOneAsync(filter, update, options, cancellationToken));

    public Task<UpdateResult> UpdateOneAsync(
        IClientSessionHandle session,
        FilterDefinition<TDocument> filter,
        UpdateDefinition<TDocument> update,
        UpdateOptions options = default,
        CancellationToken cancellationToken = default) =>
        throw Unasked();

    public IChangeStreamCursor<TResult> Watch<TResult>(
        PipelineDefinition<ChangeStreamDocument<TDocument>, TResult> pipeline,
        ChangeStreamOptions options = default,
        CancellationToken cancellationToken = default) =>
        throw Unasked();

    public IChangeStreamCursor<TResult> Watch<TResult>(
        IClientSessionHandle session,
        PipelineDefinition<ChangeStreamDocument<TDocument>, TResult> pipeline,
        ChangeStreamOptions options = default,
        CancellationToken cancellationToken = default) =>
        throw Unasked();

    public Task<IChangeStreamCursor<TResult>> WatchAsync<TResult>(
        PipelineDefinition<ChangeStreamDocument<TDocument>, TResult> pipeline,
        ChangeStreamOptions options = default,
        CancellationToken cancellationToken = default) =>
        throw Unasked();

    public Task<IChangeStreamCursor<TResult>> WatchAsync<TResult>(
        IClientSessionHandle session,
        PipelineDefinition<ChangeStreamDocument<TDocument>, TResult> pipeline,
        ChangeStreamOptions options = default,
        CancellationToken cancellationToken = default) =>
        throw Unasked();

    public IMongoCollection<TDocument> WithReadConcern(ReadConcern readConcern) =>
        new SabotagedCollection<TDocument>(inner.WithReadConcern(readConcern), life);

    public IMongoCollection<TDocument> WithReadPreference(ReadPreference readPreference) =>
        new SabotagedCollection<TDocument>(inner.WithReadPreference(readPreference), life);

    public IMongoCollection<TDocument> WithWriteConcern(WriteConcern writeConcern) =>
        new SabotagedCollection<TDocument>(inner.WithWriteConcern(writeConcern), life);

    public CollectionNamespace CollectionNamespace => inner.CollectionNamespace;
    public IMongoDatabase Database => inner.Database;
    public IBsonSerializer<TDocument> DocumentSerializer => inner.DocumentSerializer;
    public IMongoIndexManager<TDocument> Indexes => inner.Indexes;
    public IMongoSearchIndexManager SearchIndexes => inner.SearchIndexes;
    public MongoCollectionSettings Settings => inner.Settings;
}
