using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MassTransit;
using MassTransit.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Platform.Content;
using Platform.Events;
using Platform.Mongo;
using static Platform.Generation.Tests.Situations;

namespace Platform.Generation.Tests;

/// <summary>The deed over a real (in-memory) bus, a real database and the house generator.</summary>
public sealed class GenerateArtworkTests(MongoServer mongo) : IAsyncLifetime
{
    // Finer than the database keeps a time.
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero).AddTicks(1_234_567));
    private readonly MemoryContentStore content = new();
    private readonly CountingGenerator generator = new(new HouseGenerator());
    private ServiceProvider services = null!;
    private ITestHarness harness = null!;

    [Fact]
    public async Task Generates_once_and_announces_the_same_however_often_it_is_asked()
    {
        var request = ARequest();

        for (var time = 0; time < 3; time++)
        {
            await DeliverAsync(request);
            clock.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(1, generator.Jobs);
        var completed = Published<GenerationCompleted>(request.AssetId);
        Assert.Equal(3, completed.Count);
        Assert.Single(completed.Select(each => JsonSerializer.Serialize(each)).Distinct());
    }

    [Fact]
    public async Task Announces_one_picture_when_it_is_asked_many_times_at_once()
    {
        var request = ARequest();

        await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => DeliverAsync(request)));

        var completed = Published<GenerationCompleted>(request.AssetId);
        Assert.Equal(12, completed.Count);
        Assert.Single(completed.Select(each => JsonSerializer.Serialize(each)).Distinct());
    }

    [Fact]
    public async Task Keeps_the_bytes_and_says_how_they_were_made()
    {
        var request = ARequest(iteration: 2);

        await DeliverAsync(request);

        var completed = Assert.Single(Published<GenerationCompleted>(request.AssetId));
        var facts = completed.Custody.Generator!;
        var seed = SHA256.HashData(Encoding.ASCII.GetBytes($"{request.AssetId}/2"));
        Assert.Equal((Convert.ToHexStringLower(seed), generator.Name, generator.Version, generator.Digest),
            (facts.Seed, facts.Name, facts.Version, facts.Digest));
        Assert.Equal((request.Campaign, 1, 2, request.Recipient, request.Prompt, request.Policy, request.Custody.EventDigest),
            (completed.Campaign, completed.CampaignVersion, completed.Iteration, completed.Recipient, completed.Prompt,
                completed.Policy, completed.Custody.EventDigest));
        Assert.Equal(completed.Content, Convert.ToHexStringLower(SHA256.HashData(await KeptAsync(completed.Content))));
        Assert.NotEmpty(await KeptAsync(facts.Score!));

        // Anybody makes the same bytes again from what was said.
        var again = (GenerationOutcome.Completed)await new HouseGenerator().GenerateAsync(
            new(Convert.FromHexString(facts.Seed), completed.Prompt, request.Art), TestContext.Current.CancellationToken);
        Assert.Equal(await KeptAsync(completed.Content), again.Bytes.ToArray());
    }

    [Fact]
    public async Task An_older_iteration_changes_nothing()
    {
        var id = Guid.CreateVersion7();
        await DeliverAsync(ARequest(id, iteration: 1));

        await DeliverAsync(ARequest(id, iteration: 0));

        Assert.Equal(1, generator.Jobs);
        Assert.Equal([1, 1], Published<GenerationCompleted>(id).Select(each => each.Iteration));
    }

    [Fact]
    public async Task A_newer_iteration_is_another_picture()
    {
        var id = Guid.CreateVersion7();

        await DeliverAsync(ARequest(id, iteration: 0));
        await DeliverAsync(ARequest(id, iteration: 1));

        var completed = Published<GenerationCompleted>(id);
        Assert.Equal([0, 1], completed.Select(each => each.Iteration));
        Assert.NotEqual(completed[0].Content, completed[1].Content);
    }

    [Fact]
    public async Task An_older_iteration_that_is_late_in_the_making_does_not_replace_the_newer()
    {
        var generations = services.GetRequiredService<Generations>();
        var id = Guid.CreateVersion7();
        var newer = Generation.Fail(ARequest(id, iteration: 1), "refused", "newer", clock.GetUtcNow());
        await generations.AddAsync(newer, default);

        var counts = await generations.AddAsync(
            Generation.Fail(ARequest(id, iteration: 0), "refused", "older", clock.GetUtcNow()), default);

        Assert.Equal((1, "newer"), (counts.Iteration, counts.Failed!.Reason));
    }

    [Fact]
    public async Task Says_why_nothing_can_be_made_and_says_it_again()
    {
        var request = ARequest(art: AnArtDirection() with { Families = ["dragons"] });

        await DeliverAsync(request);
        await DeliverAsync(request);

        Assert.Empty(Published<GenerationCompleted>(request.AssetId));
        var failed = Published<GenerationFailed>(request.AssetId);
        Assert.Equal(2, failed.Count);
        Assert.Single(failed.Distinct());
        Assert.Equal("refused", failed[0].Outcome);
        Assert.Contains("no family 'dragons'", failed[0].Reason, StringComparison.Ordinal);
        Assert.Equal(1, generator.Jobs);
    }

    [Fact]
    public async Task Says_why_when_the_art_direction_cannot_be_drawn()
    {
        var request = ARequest(art: AnArtDirection() with { Size = 5 });

        await DeliverAsync(request);

        Assert.Contains("Size", Assert.Single(Published<GenerationFailed>(request.AssetId)).Reason, StringComparison.Ordinal);
    }

    public async ValueTask InitializeAsync()
    {
        services = new ServiceCollection()
            .AddLogging(logging => logging.ClearProviders())
            .AddSingleton(new Generations(new ServiceDatabase<GenerationService>(mongo.NewDatabase())))
            .AddSingleton<IArtworkGenerator>(generator)
            .AddSingleton<IContentStore>(content)
            .AddSingleton<TimeProvider>(clock)
            .AddMassTransitTestHarness(bus => bus.AddConsumer<GenerateArtwork, GenerateArtwork.Endpoint>())
            .BuildServiceProvider(true);
        harness = services.GetRequiredService<ITestHarness>();
        await harness.Start();
    }

    public async ValueTask DisposeAsync()
    {
        await harness.Stop();
        await services.DisposeAsync();
    }

    private async Task DeliverAsync(GenerationRequested request)
    {
        var id = Guid.CreateVersion7();
        await harness.Bus.Publish(request, context => context.MessageId = id);
        Assert.True(await harness.Consumed.Any<GenerationRequested>(consumed =>
            consumed.Context.MessageId == id && consumed.Exception is null), "The request was not consumed.");
    }

    private List<T> Published<T>(Guid assetId)
        where T : class =>
        [.. harness.Published.Select<T>().Select(each => each.Context.Message).Where(message => message switch
        {
            GenerationCompleted completed => completed.AssetId == assetId,
            GenerationFailed failed => failed.AssetId == assetId,
            _ => false,
        })];

    private async Task<byte[]> KeptAsync(string digest)
    {
        await using var stream = await content.OpenAsync(digest, default);
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes);
        return bytes.ToArray();
    }

    /// <summary>The house generator, and how often it was at work.</summary>
    private sealed class CountingGenerator(IArtworkGenerator inner) : IArtworkGenerator
    {
        private int jobs;

        public int Jobs => jobs;

        public string Name => inner.Name;

        public string Version => inner.Version;

        public string Digest => inner.Digest;

        public Task<GenerationOutcome> GenerateAsync(GenerationJob job, CancellationToken cancellation)
        {
            Interlocked.Increment(ref jobs);
            return inner.GenerateAsync(job, cancellation);
        }
    }
}
