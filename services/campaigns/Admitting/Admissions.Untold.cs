using MongoDB.Driver;
using Platform.Mongo;

namespace Platform.Campaigns;

/// <summary>Admissions of which somebody is to be told; under an index of those alone.</summary>
internal sealed partial class Admissions
{
    private static CreateIndexModel<Decided<Guid, Admission>> UntoldIndex => new(
        Keys.Ascending("State.Untold"),
        new CreateIndexOptions<Decided<Guid, Admission>>
        {
            Name = "untold",
            PartialFilterExpression = Where.Exists("State.Untold"),
        });

    /// <summary>Marks the news in the write that makes it; nothing where nobody listens.</summary>
    public static IEnumerable<UpdateDefinition<Decided<Guid, Admission>>> Tell(bool isTold, Outcome outcome) =>
        isTold ? [Change.AddToSet("State.Untold", AssetNews.StatusOf(outcome))] : [];

    public async Task<IReadOnlyList<Decided<Guid, Admission>>> ListUntoldAsync(int limit, CancellationToken cancellation) =>
        await Documents.Collection.Find(Where.In("State.Untold", AssetNews.Statuses)).Limit(limit).ToListAsync(cancellation);

    /// <summary>Takes the marks off, but for those of admissions that became something else meanwhile.</summary>
    public Task ToldAsync(IEnumerable<Decided<Guid, Admission>> told, CancellationToken cancellation) =>
        Documents.Collection.BulkWriteAsync(
            told.Select(each => new UpdateOneModel<Decided<Guid, Admission>>(
                Where.Eq("Id", each.Id) & Where.Eq(document => document.State.Untold, each.State.Untold),
                Change.Unset(document => document.State.Untold))),
            new BulkWriteOptions { IsOrdered = false },
            cancellation);
}
