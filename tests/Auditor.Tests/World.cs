using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MongoDB.Bson;
using MongoDB.Driver;
using Platform.Auditor.Tests;
using Platform.Chain;
using Platform.Embedded;
using Platform.Grpc.Campaigns;
using Platform.Grpc.Moderation;

[assembly: AssemblyFixture(typeof(World))]
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace Platform.Auditor.Tests;

/// <summary>A real platform in which eight assets were minted, one was rejected and one waits for a person.</summary>
public sealed class World : IAsyncLifetime
{
    private const string Minted = "audited";
    private const string Reviewed = "reviewed";

    private readonly string data = Path.Combine(Path.GetTempPath(), $"p2-audit-{Guid.CreateVersion7():N}");
    private readonly List<IngestAnswer> answers = [];
    private EmbeddedPlatform? platform;
    private PlatformApi? api;
    private MongoClient? mongo;

    internal EmbeddedOptions Options { get; private set; } = null!;

    internal PlatformApi Api => api!;

    internal IReadOnlyList<IngestAnswer> Answers => answers;

    internal EthereumClient Chain { get; private set; } = null!;

    internal HttpClient Http { get; } = new(new SocketsHttpHandler());

    public async ValueTask InitializeAsync()
    {
        Options = new EmbeddedOptions { Data = data, Port = Ports.Find(), Generator = "null", LingerMilliseconds = 50 };
        platform = await EmbeddedPlatform.StartAsync(Options, _ => { }, CancellationToken.None);
        api = new PlatformApi(Options);
        mongo = new MongoClient($"mongodb://127.0.0.1:{Options.MongoPort}");
        Chain = new EthereumClient(new JsonRpcClient(Http, Options.Rpc));

        await Api.Moderation.PublishPolicyAsync(new PublishPolicyRequest
        {
            Policy = new Policy { Name = "people", HumanReview = true, Image = new ImageRules { DecodeOnly = true } },
        });
        await PublishAsync(Minted, "decode-only@1", "front", "back");
        await PublishAsync(Reviewed, "people@1");
        await SendAsync(Minted, 2, from: 0);
        await UntilAsync(Minted, progress => progress.Minted == 4);
        await SendAsync(Minted, 2, from: 2); // a second batch, so that there is one to compare with
        await SendAsync(Reviewed, 2, from: 0);
        await UntilAsync(Minted, progress => progress.Minted == 8);
        await UntilAsync(Reviewed, progress => progress.Waiting == 2);
        var rejected = answers.First(answer => answer.Campaign == Reviewed).AssetId.ToString();
        await Api.Moderation.ClaimCaseAsync(new ClaimCaseRequest { AssetId = rejected });
        await Api.Moderation.RejectCaseAsync(new RejectCaseRequest { AssetId = rejected, Reasons = { "image.dull" } });
        await UntilAsync(Reviewed, progress => progress.Rejected == 1);
    }

    public async ValueTask DisposeAsync()
    {
        api?.Dispose();
        mongo?.Dispose();
        Http.Dispose();
        if (platform is not null)
        {
            await platform.DisposeAsync();
        }

        if (Directory.Exists(data))
        {
            Directory.Delete(data, recursive: true);
        }
    }

    /// <param name="accepted">Null takes what the ingest really answered.</param>
    /// <param name="liar">Between the auditor and what it reads; null for nobody.</param>
    internal Task<AuditReport> AuditAsync(IReadOnlyList<IngestAnswer>? accepted = null, HttpMessageHandler? liar = null) =>
        AuditByAsync(accepted ?? answers, liar);

    internal async Task<AuditReport> AuditByAsync(IReadOnlyList<IngestAnswer>? accepted, HttpMessageHandler? liar = null)
    {
        using var http = new HttpClient(liar ?? new SocketsHttpHandler());
        var token = await File.ReadAllTextAsync(Path.Combine(data, "token"));
        var auditor = new PlatformAuditor(
            AuditAddresses.OfOne(Options.Http, Options.Rpc, token.Trim()), http, TimeProvider.System);
        return await auditor.AuditAsync(accepted, CancellationToken.None);
    }

    internal IMongoCollection<BsonDocument> Documents(string service, string collection) =>
        mongo!.GetDatabase($"imprimatur_{service}").GetCollection<BsonDocument>(collection);

    internal IReadOnlyList<Guid> MintedAssets =>
        [.. answers.Where(answer => answer.Campaign == Minted).Select(answer => answer.AssetId)];

    internal async Task<AssetStatus> AssetAsync(Guid id) =>
        await Api.Campaigns.GetAssetAsync(new GetAssetRequest { AssetId = id.ToString() });

    /// <summary>Changes a document for the time of a test.</summary>
    internal async Task WithAsync(
        string service, string collection, FilterDefinition<BsonDocument> which, Action<BsonDocument> change, Func<Task> test)
    {
        var documents = Documents(service, collection);
        var before = await documents.Find(which).FirstAsync();
        var after = before.DeepClone().AsBsonDocument;
        change(after);
        await documents.ReplaceOneAsync(Id(before), after);
        try
        {
            await test();
        }
        finally
        {
            await documents.ReplaceOneAsync(Id(before), before);
        }
    }

    /// <summary>Takes a document away for the time of a test.</summary>
    internal async Task WithoutAsync(
        string service, string collection, FilterDefinition<BsonDocument> which, Func<BsonDocument, Task> test)
    {
        var documents = Documents(service, collection);
        var taken = await documents.Find(which).FirstAsync();
        await documents.DeleteOneAsync(Id(taken));
        try
        {
            await test(taken);
        }
        finally
        {
            await documents.InsertOneAsync(taken);
        }
    }

    /// <summary>Adds a changed copy of a document for the time of a test.</summary>
    internal async Task WithCopyAsync(
        string service, string collection, FilterDefinition<BsonDocument> which, Action<BsonDocument> change, Func<Task> test)
    {
        var documents = Documents(service, collection);
        var copy = await documents.Find(which).FirstAsync();
        change(copy);
        await documents.InsertOneAsync(copy);
        try
        {
            await test();
        }
        finally
        {
            await documents.DeleteOneAsync(Id(copy));
        }
    }

    internal static FilterDefinition<BsonDocument> OfAsset(Guid id) =>
        Builders<BsonDocument>.Filter.Eq("_id", new BsonBinaryData(id, GuidRepresentation.Standard));

    private static FilterDefinition<BsonDocument> Id(BsonDocument document) =>
        Builders<BsonDocument>.Filter.Eq("_id", document["_id"]);

    private async Task PublishAsync(string name, string policy, params string[] variants) =>
        await Api.Campaigns.PublishCampaignAsync(new PublishCampaignRequest
        {
            Definition = new CampaignDefinition
            {
                Name = name,
                Title = name,
                Description = "A campaign to audit.",
                Prompt = "A {{ mood }} picture.",
                Facts = { new FactDeclaration { Name = "mood", Type = FactDeclaration.Types.Type.Text, Values = { "calm" } } },
                Style = new Style { Palette = { "#C2542D" } },
                Variants = { variants },
                Policy = policy,
                Licence = "CC-BY-4.0",
                UsageTerms = "Any use.",
                Royalty = new Royalty { Receiver = "0x52908400098527886E0F7030069857D2E4169EE7", BasisPoints = 500 },
                Collection = new Collection { Name = name, Symbol = "AUDIT" },
            },
        });

    private async Task SendAsync(string campaign, int count, int from)
    {
        var events = Enumerable.Range(from, count).Select(index => new
        {
            specversion = "1.0",
            type = "imprimatur.personalization.requested.v1",
            source = "/audit",
            id = string.Create(CultureInfo.InvariantCulture, $"{campaign}-{index}"),
            datacontenttype = "application/json",
            data = new { recipient = Recipient($"{campaign} {index}"), subject = $"s {index}", facts = new { mood = "calm" } },
        });
        using var content = new StringContent(JsonSerializer.Serialize(events), Encoding.UTF8);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/cloudevents-batch+json");
        using var answer = await Api.Http.PostAsync(new Uri($"v1/campaigns/{campaign}/events", UriKind.Relative), content);
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        answers.AddRange(body.RootElement.GetProperty("assets").EnumerateArray().Select(asset => new IngestAnswer(
            asset.GetProperty("event").GetString()!,
            asset.GetProperty("variant").GetString()!,
            asset.GetProperty("assetId").GetGuid(),
            campaign)));
    }

    private static string Recipient(string of) => $"0x{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(of))[..20])}";

    private async Task UntilAsync(string campaign, Func<Progress, bool> isReached)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (!isReached(await Api.Campaigns.GetProgressAsync(new GetProgressRequest { Campaign = campaign })))
        {
            await Task.Delay(50, patience.Token);
        }
    }
}
