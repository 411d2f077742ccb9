using MongoDB.Bson;
using MongoDB.Bson.Serialization;
using MongoDB.Driver;
using MongoDB.Driver.Search;

namespace Platform.CrashPoints.Tests;

#pragma warning disable CS8625 // the driver's own defaults
internal sealed partial class SabotagedCollection<TDocument>
{
    public IAsyncCursor<TResult> Aggregate<TResult>(
        PipelineDefinition<TDocument, TResult> pipeline,
        AggregateOptions options = default,
        CancellationToken cancellationToken = default) =>
        throw Unasked();

    public IAsyncCursor<TResult> Aggregate<TResult>(
        IClientSessionHandle session,
        PipelineDefinition<TDocument, TResult> pipeline,
        AggregateOptions options = default,
        CancellationToken cancellationToken = default) =>
        throw Unasked();

    public Task<IAsyncCursor<TResult>> AggregateAsync<TResult>(
        PipelineDefinition<TDocument, TResult> pipeline,
        AggregateOptions options = default,
        CancellationToken cancellationToken = default) =>
        ReadAsync(() => inner.AggregateAsync<TResult>(pipeline, options, cancellationToken));

    public Task<IAsyncCursor<TResult>> AggregateAsync<TResult>(
        IClientSessionHandle session,
        PipelineDefinition<TDocument, TResult> pipeline,
        AggregateOptions options = default,
        CancellationToken cancellationToken = default) =>
        throw Unasked();

    public void AggregateToCollection<TResult>(
        PipelineDefinition<TDocument, TResult> pipeline,
        AggregateOptions options = default,
        CancellationToken cancellationToken = default) =>
        throw Unasked();

    public void AggregateToCollection<TResult>(
        IClientSessionHandle session,
        PipelineDefinition<TDocument, TResult> pipeline,
        AggregateOptions options = default,
        CancellationToken cancellationToken = default) =>
        throw Unasked();

    public Task AggregateToCollectionAsync<TResult>(
        PipelineDefinition<TDocument, TResult> pipeline,
        AggregateOptions options = default,
        CancellationToken cancellationToken = default) =>
        throw Unasked();

    public Task AggregateToCollectionAsync<TResult>(
        IClientSessionHandle session,
        PipelineDefinition<TDocument, TResult> pipeline,
        AggregateOptions options = default,
        CancellationToken cancellationToken = default) =>
        throw Unasked();

    public BulkWriteResult<TDocument> BulkWrite(
        IEnumerable<WriteModel<TDocument>> requests,
        BulkWriteOptions options = default,
        CancellationToken cancellationToken = default) =>
        throw Unasked();

    public BulkWriteResult<TDocument> BulkWrite(
        IClientSessionHandle session,
        IEnumerable<WriteModel<TDocument>> requests,
        BulkWriteOptions options = default,
        CancellationToken cancellationToken = default) =>
        throw Unasked();

    public Task<BulkWriteResult<TDocument>> BulkWriteAsync(
        IClientSessionHandle session,
        IEnumerable<WriteModel<TDocument>> requests,
        BulkWriteOptions options = default,
        CancellationToken cancellationToken = default) =>
        throw Unasked();

    [Obsolete("As the driver says.")]
    public long Count(
        FilterDefinition<TDocument> filter,
        CountOptions options = default,
        CancellationToken cancellationToken = default) =>
        throw Unasked();

    [Obsolete("As the driver says.")]
    public long Count(
        IClientSessionHandle session,
        FilterDefinition<TDocument> filter,
        CountOptions options = default,
        CancellationToken cancellationToken = default) =>
        throw Unasked();

    [Obsolete("As the driver says.")]
    public Task<long> CountAsync(
        FilterDefinition<TDocument> filter,
        CountOptions options = default,
        CancellationToken cancellationToken = default) =>
        throw Unasked();

    [Obsolete("As the driver says.")]
    public Task<long> CountAsync(
        IClientSessionHandle session,
        FilterDefinition<TDocument> filter,
        CountOptions options = default,
        CancellationToken cancellationToken = default) =>
        throw Unasked();

    public long CountDocuments(
        FilterDefinition<TDocument> filter,
        CountOptions options = default,
        CancellationToken cancellationToken = default) =>
        throw Unasked();

    public long CountDocuments(
        IClientSessionHandle session,
        FilterDefinition<TDocument> filter,
        CountOptions options = default,
        CancellationToken cancellationToken = default) =>
        throw Unasked();

    public Task<long> CountDocumentsAsync(
        FilterDefinition<TDocument> filter,
        CountOptions options = default,
        CancellationToken cancellationToken = default) =>
        ReadAsync(() => inner.CountDocumentsAsync(filter, options, cancellationToken));

    public Task<long> CountDocumentsAsync(
        IClientSessionHandle session,
        FilterDefinition<TDocument> filter,
        CountOptions options = default,
        CancellationToken cancellationToken = default) =>
        throw Unasked();

    public DeleteResult DeleteMany(
        FilterDefinition<TDocument> filter,
        CancellationToken cancellationToken = default) =>
        throw Unasked();

    public DeleteResult DeleteMany(
        FilterDefinition<TDocument> filter,
        DeleteOptions options,
        CancellationToken cancellationToken = default) =>
        throw Unasked();

    public DeleteResult DeleteMany(
        IClientSessionHandle session,
        FilterDefinition<TDocument> filter,
        DeleteOptions options = default,
        CancellationToken cancellationToken = default) =>
        throw Unasked();

    public Task<DeleteResult> DeleteManyAsync(
        FilterDefinition<TDocument> filter,
        CancellationToken cancellationToken = default) =>
        WriteAsync("delete", () => inner.DeleteManyAsync(filter, cancellationToken));

    public Task<DeleteResult> DeleteManyAsync(
        FilterDefinition<TDocument> filter,
        DeleteOptions options,
        CancellationToken cancellationToken = default) =>
        WriteAsync("delete", () => inner.DeleteManyAsync(filter, options, cancellationToken));

    public Task<DeleteResult> DeleteManyAsync(
        IClientSessionHandle session,
        FilterDefinition<TDocument> filter,
        DeleteOptions options = default,
        CancellationToken cancellationToken = default) =>
        throw Unasked();

    public DeleteResult DeleteOne(
        FilterDefinition<TDocument> filter,
        CancellationToken cancellationToken = default) =>
        throw Unasked();

    public DeleteResult DeleteOne(
        FilterDefinition<TDocument> filter,
        DeleteOptions options,
        CancellationToken cancellationToken = default) =>
        throw Unasked();

    public DeleteResult DeleteOne(
        IClientSessionHandle session,
        FilterDefinition<TDocument> filter,
        DeleteOptions options = default,
        CancellationToken cancellationToken = default) =>
        throw Unasked();

    public Task<DeleteResult> DeleteOneAsync(
        FilterDefinition<TDocument> filter,
        CancellationToken cancellationToken = default) =>
        WriteAsync("delete", () => inner.DeleteOneAsync(filter, cancellationToken));

    public Task<DeleteResult> DeleteOneAsync(
        FilterDefinition<TDocument> filter,
        DeleteOptions options,
        CancellationToken cancellationToken = default) =>
        WriteAsync("delete", () => inner.DeleteOneAsync(filter, options, cancellationToken));

    public Task<DeleteResult> DeleteOneAsync(
        IClientSessionHandle session,
        FilterDefinition<TDocument> filter,
        DeleteOptions options = default,
        CancellationToken cancellationToken = default) =>
        throw Unasked();

    public IAsyncCursor<TField> Distinct<TField>(
        FieldDefinition<TDocument, TField> field,
        FilterDefinition<TDocument> filter,
        DistinctOptions options = default,
        CancellationToken cancellationToken = default) =>
        throw Unasked();

    public IAsyncCursor<TField> Distinct<TField>(
        IClientSessionHandle session,
        FieldDefinition<TDocument, TField> field,
        FilterDefinition<TDocument> filter,
        DistinctOptions options = default,
        CancellationToken cancellationToken = default) =>
        throw Unasked();

    public Task<IAsyncCursor<TField>> DistinctAsync<TField>(
        FieldDefinition<TDocument, TField> field,
        FilterDefinition<TDocument> filter,
        DistinctOptions options = default,
        CancellationToken cancellationToken = default) =>
        ReadAsync(() => inner.DistinctAsync<TField>(field, filter, options, cancellationToken));

    public Task<IAsyncCursor<TField>> DistinctAsync<TField>(
        IClientSessionHandle session,
        FieldDefinition<TDocument, TField> field,
        FilterDefinition<TDocument> filter,
        DistinctOptions options = default,
        CancellationToken cancellationToken = default) =>
        throw Unasked();

    public IAsyncCursor<TItem> DistinctMany<TItem>(
        FieldDefinition<TDocument, IEnumerable<TItem>> field,
        FilterDefinition<TDocument> filter,
        DistinctOptions options = default,
        CancellationToken cancellationToken = default) =>
        throw Unasked();

    public IAsyncCursor<TItem> DistinctMany<TItem>(
        IClientSessionHandle session,
        FieldDefinition<TDocument, IEnumerable<TItem>> field,
        FilterDefinition<TDocument> filter,
        DistinctOptions options = default,
        CancellationToken cancellationToken = default) =>
        throw Unasked();

    public Task<IAsyncCursor<TItem>> DistinctManyAsync<TItem>(
        FieldDefinition<TDocument, IEnumerable<TItem>> field,
        FilterDefinition<TDocument> filter,
        DistinctOptions options = default,
        CancellationToken cancellationToken = default) =>
        ReadAsync(() => inner.DistinctManyAsync<TItem>(field, filter, options, cancellationToken));

    public Task<IAsyncCursor<TItem>> DistinctManyAsync<TItem>(
        IClientSessionHandle session,
        FieldDefinition<TDocument, IEnumerable<TItem>> field,
        FilterDefinition<TDocument> filter,
        DistinctOptions options = default,
        CancellationToken cancellationToken = default) =>
        throw Unasked();

    public long EstimatedDocumentCount(
        EstimatedDocumentCountOptions options = default,
        CancellationToken cancellationToken = default) =>
        throw Unasked();

    public Task<long> EstimatedDocumentCountAsync(
        EstimatedDocumentCountOptions options = default,
        CancellationToken cancellationToken = default) =>
        ReadAsync(() => inner.EstimatedDocumentCountAsync(options, cancellationToken));

    public IAsyncCursor<TProjection> FindSync<TProjection>(
        FilterDefinition<TDocument> filter,
        FindOptions<TDocument, TProjection> options = default,
        CancellationToken cancellationToken = default) =>
        throw Unasked();

    public IAsyncCursor<TProjection> FindSync<TProjection>(
        IClientSessionHandle session,
        FilterDefinition<TDocument> filter,
        FindOptions<TDocument, TProjection> options = default,
        CancellationToken cancellationToken = default) =>
        throw Unasked();

    public Task<IAsyncCursor<TProjection>> FindAsync<TProjection>(
        FilterDefinition<TDocument> filter,
        FindOptions<TDocument, TProjection> options = default,
        CancellationToken cancellationToken = default) =>
        ReadAsync(() => inner.FindAsync<TProjection>(filter, options, cancellationToken));

    public Task<IAsyncCursor<TProjection>> FindAsync<TProjection>(
        IClientSessionHandle session,
        FilterDefinition<TDocument> filter,
        FindOptions<TDocument, TProjection> options = default,
        CancellationToken cancellationToken = default) =>
        throw Unasked();

    public TProjection FindOneAndDelete<TProjection>(
        FilterDefinition<TDocument> filter,
        FindOneAndDeleteOptions<TDocument, TProjection> options = default,
        CancellationToken cancellationToken = default) =>
        throw Unasked();

    public TProjection FindOneAndDelete<TProjection>(
        IClientSessionHandle session,
        FilterDefinition<TDocument> filter,
        FindOneAndDeleteOptions<TDocument, TProjection> options = default,
        CancellationToken cancellationToken = default) =>
        throw Unasked();

    public Task<TProjection> FindOneAndDeleteAsync<TProjection>(
        FilterDefinition<TDocument> filter,
        FindOneAndDeleteOptions<TDocument, TProjection> options = default,
        CancellationToken cancellationToken = default) =>
        WriteAsync("find-and-modify", () =>
            inner.FindOneAndDeleteAsync<TProjection>(filter, options, cancellationToken));
}
