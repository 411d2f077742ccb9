using Platform.Grpc.Generation;
using Platform.Grpc.Minting;
using Platform.Grpc.Moderation;
using Platform.Grpc.Storage;

namespace Platform.Auditor;

/// <summary>What one service knows of an asset.</summary>
/// <param name="Id">The asset.</param>
/// <param name="State">The service's word for how it stands; empty where it has none.</param>
/// <param name="Content">Digest of the bytes; null where the service does not say.</param>
/// <param name="Recipient">Null where the service does not say.</param>
internal readonly record struct Known(Guid Id, string State, string? Content, string? Recipient);

/// <summary>A service's list of assets, and the question about one.</summary>
/// <param name="Service">Its name.</param>
/// <param name="Walk">All it knows, in order of asset id.</param>
/// <param name="FindAsync">One; it throws NotFound where the service knows nothing of it.</param>
internal sealed record KnownAssets(
    string Service, Func<CancellationToken, IAsyncEnumerable<Known>> Walk, Func<Guid, CancellationToken, Task<Known>> FindAsync)
{
    public static IReadOnlyList<KnownAssets> Of(Services services) =>
    [
        new(
            "generation",
            cancellation => Pages.WalkAsync<Generation>(
                async after => (await services.Generation.ListGenerationsAsync(
                    new() { After = after, Limit = Pages.Size }, cancellationToken: cancellation)).Generations,
                row => row.AssetId).Select(Read),
            async (id, cancellation) => Read(await services.Generation.GetGenerationAsync(
                new() { AssetId = id.ToString() }, cancellationToken: cancellation))),
        new(
            "moderation",
            cancellation => Pages.WalkAsync<Case>(
                async after => (await services.Moderation.ListAllCasesAsync(
                    new() { After = after, Limit = Pages.Size }, cancellationToken: cancellation)).Cases,
                row => row.AssetId).Select(Read),
            async (id, cancellation) => Read(await services.Moderation.GetCaseAsync(
                new() { AssetId = id.ToString() }, cancellationToken: cancellation))),
        new(
            "storage",
            cancellation => Pages.WalkAsync<Pin>(
                async after => (await services.Storage.ListPinsAsync(
                    new() { After = after, Limit = Pages.Size }, cancellationToken: cancellation)).Pins,
                row => row.AssetId).Select(Read),
            async (id, cancellation) => Read(await services.Storage.GetPinAsync(
                new() { AssetId = id.ToString() }, cancellationToken: cancellation))),
        new(
            "minting",
            cancellation => Pages.WalkAsync<MintOrder>(
                async after => (await services.Minting.ListOrdersAsync(
                    new() { After = after, Limit = Pages.Size }, cancellationToken: cancellation)).Orders,
                row => row.AssetId).Select(Read),
            async (id, cancellation) => Read(await services.Minting.GetOrderAsync(
                new() { AssetId = id.ToString() }, cancellationToken: cancellation))),
    ];

    private static Known Read(Generation told) => new(Guid.Parse(told.AssetId), told.Outcome, told.Content, null);

    private static Known Read(Case told) => new(Guid.Parse(told.AssetId), told.State, told.Content, null);

    private static Known Read(Pin told) => new(Guid.Parse(told.AssetId), "", told.Content, null);

    private static Known Read(MintOrder told) => new(Guid.Parse(told.AssetId), told.State, null, told.Recipient);
}
