using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using MongoDB.Driver;
using Platform.Chain;
using Platform.Chain.Local;
using Platform.Content;
using Platform.Events;
using Platform.Grpc.Campaigns;
using Platform.Mongo;

namespace Platform.Minting.Tests;

/// <summary>The service's parts over a database, one round at a time, so that a crash can come between any two.</summary>
internal sealed class Workshop : IDisposable
{
    private readonly IMongoDatabase database;
    private readonly string secret;
    private readonly Action<MintingOptions> configure;
    private readonly Dictionary<string, Lease> held = [];
    private readonly IOptions<MintingOptions> options;
    private readonly ILoggerFactory loggers;
    private readonly ServiceDatabase<MintingService> service;
    private readonly string folder = Directory.CreateTempSubdirectory("minter-").FullName;

    private Workshop(
        IMongoDatabase database, IEthereum chain, string secret, Action<MintingOptions> configure)
    {
        this.database = database;
        this.secret = secret;
        Chain = chain;
        this.configure = configure;
        var keyFile = Path.Combine(folder, "key");
        File.WriteAllText(keyFile, secret);
        var chosen = new MintingOptions { KeyFile = keyFile, LingerMilliseconds = 0 };
        configure(chosen);
        options = Options.Create(chosen);
        service = new ServiceDatabase<MintingService>(database);
        loggers = LoggerFactory.Create(logging => logging.AddProvider(Journal));
        Orders = new(service);
        Batches = new(service, Announced, Clock);
        Collections = new(service);
        Transactions = new(service);
        Mint = new(Orders, Batches, Announced, Clock);
        Signer = new(options);
        Confirm = new(chain, Batches, Collections, Transactions, Mint, options, Clock, loggers.CreateLogger<ConfirmBatches>());
        Leases = new(service, new LeaseTerms { Alone = true }, Clock);
        Follow = new(chain, Transactions, Batches, Confirm, options, Clock, loggers.CreateLogger<FollowNonces>());
        Send = new(chain, Signer, Transactions, options, Clock, loggers.CreateLogger<SendTransactions>());
        var record = new RecordTransaction(
            chain, Signer, Transactions, options, Clock, loggers.CreateLogger<RecordTransaction>());
        Next = new(chain, Signer, Transactions, Collections, Batches, Orders, new CampaignVersions(new AnyCampaign()),
            record, options, loggers.CreateLogger<NextTransaction>());
        Sender = new(chain, Signer, Leases, Transactions, Confirm, Follow, Next, Send, options, Clock,
            loggers.CreateLogger<SignAndSend>());
        Sealer = new(Orders, Batches, Leases, Announced, options, Clock, loggers.CreateLogger<SealBatches>());
    }

    public IEthereum Chain { get; }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));

    public Announcements Announced { get; } = new();

    public Journal Journal { get; } = new();

    public MintOrders Orders { get; }

    public MintBatches Batches { get; }

    public Collections Collections { get; }

    public Transactions Transactions { get; }

    public Mint Mint { get; }

    public Signer Signer { get; }

    public ConfirmBatches Confirm { get; }

    public Leases<MintingService> Leases { get; }

    public FollowNonces Follow { get; }

    public SendTransactions Send { get; }

    /// <summary>Rounds that the chain cut short.</summary>
    public int Faults { get; private set; }

    public string SignerLease => $"signer:{Signer.Address}";

    public NextTransaction Next { get; }

    public SignAndSend Sender { get; }

    public SealBatches Sealer { get; }

    public static async Task<Workshop> OpenAsync(
        IMongoDatabase database,
        IEthereum chain,
        string? secret = null,
        int confirmations = 1,
        int maxBatch = 1_000,
        int linger = 0,
        Action<MintingOptions>? configure = null)
    {
        var workshop = new Workshop(
            database,
            chain,
            secret ?? RandomNumberGenerator.GetHexString(64, lowercase: true),
            options =>
            {
                (options.Confirmations, options.MaxBatch, options.LingerMilliseconds) = (confirmations, maxBatch, linger);
                configure?.Invoke(options);
            });
        await workshop.Orders.EnsureIndexesAsync(default);
        await workshop.Batches.EnsureIndexesAsync(default);
        await workshop.Transactions.EnsureIndexesAsync(default);
        return workshop;
    }

    /// <summary>The same signer and chain in a new process.</summary>
    public Task<Workshop> AgainAsync(IMongoDatabase? other = null, int maxBatch = 1_000, IEthereum? chain = null) =>
        OpenAsync(other ?? database, chain ?? Chain, secret, configure: options =>
        {
            configure(options);
            options.MaxBatch = maxBatch;
        });

    /// <summary>One more collection of this database, as it lies there.</summary>
    public IMongoCollection<T> Raw<T>(string name) => database.GetCollection<T>(name);

    public async Task<bool> SealAsync() => await WorkAsync(Sealer, await LeaseAsync("sealer"), default);

    /// <summary>A round as the loop does it: a lease that another has taken is taken back for the next one.</summary>
    public async Task<bool> SignAndSendAsync(CancellationToken cancellation = default)
    {
        try
        {
            return await WorkAsync(Sender, await LeaseAsync(SignerLease), cancellation);
        }
        catch (LeaseLostException)
        {
            held.Remove(SignerLease);
            return false;
        }
    }

    /// <summary>Signs and records the next transaction, and does not send it.</summary>
    public async Task<ChainTransaction?> SignAsync() => await Next.SignAsync(
        31337,
        (long)await Chain.GetTransactionCountAsync(Signer.Address, BlockTag.Latest, default),
        await LeaseAsync(SignerLease),
        default);

    /// <summary>The loops themselves, in real time and under real leases.</summary>
    public Running Run(LeaseTerms terms)
    {
        var leases = new Leases<MintingService>(service, terms, TimeProvider.System);
        return new(
            new SealBatches(Orders, Batches, leases, Announced, options, TimeProvider.System, loggers.CreateLogger<SealBatches>()),
            new SignAndSend(Chain, Signer, leases, Transactions, Confirm, Follow, Next, Send, options, TimeProvider.System,
                loggers.CreateLogger<SignAndSend>()),
            Journal);
    }

    /// <summary>
    /// Waits for the signer's lease and is killed while it holds it: before it sends what it signed, or, where the one
    /// before died so, after it sent that and before it noted it.
    /// </summary>
    public async Task DieHoldingAsync(LeaseTerms terms)
    {
        var leases = new Leases<MintingService>(service, terms, TimeProvider.System);
        Lease? lease;
        while ((lease = await leases.TryTakeAsync(SignerLease, default)) is null)
        {
            await Task.Delay(terms.Beat);
        }

        var nonce = (long)await Chain.GetTransactionCountAsync(Signer.Address, BlockTag.Latest, default);
        if (await Transactions.FromAsync(Signer.Address.ToString(), nonce, default) is [var unsent, ..])
        {
            await Chain.SendRawTransactionAsync(unsent.Newest().Raw, default);
        }
        else
        {
            await Next.SignAsync(31337, nonce, lease, default);
        }
    }

    /// <summary>The lease this process took once, whether another has taken it since or not.</summary>
    public async Task<Lease> LeaseAsync(string name)
    {
        while (!held.ContainsKey(name))
        {
            if (await Leases.TryTakeAsync(name, default) is { } lease)
            {
                held.Add(name, lease);
            }
        }

        return held[name];
    }

    /// <summary>Queues orders of distinct recipients.</summary>
    public async Task<IReadOnlyList<MintOrder>> QueueAsync(string campaign, int count)
    {
        List<MintOrder> orders = [.. Enumerable.Range(0, count).Select(_ => AnOrder(campaign, Clock.GetUtcNow()))];
        await Orders.AddAsync(orders, default);
        return orders;
    }

    /// <summary>Queues, seals and pins a batch; it is ready to be signed.</summary>
    public async Task<string> APinnedBatchAsync(string campaign, int count)
    {
        var orders = await QueueAsync(campaign, count);
        await SealAsync();
        var batchId = (await Orders.FindAsync([orders[0].Id], default))[orders[0].Id].BatchId!;
        await PinAsync(batchId);
        return batchId;
    }

    public Task<MintBatch> PinAsync(string batchId) => Batches.Documents.DecideAsync(
        batchId, current => new Decision<MintBatch>(((MintBatch.Sealed)current!).Pin(Directories(batchId))), default);

    public async Task<MintBatch?> BatchAsync(string batchId) => await Batches.Documents.FindAsync(batchId, default);

    /// <summary>Lets the signing loop run until the batch is final.</summary>
    public Task FinishAsync(string batchId, Func<Task>? between = null) =>
        RunUntilAsync(async () => await BatchAsync(batchId) is MintBatch.Final, between);

    /// <summary>Lets the signing loop run until a fact is there.</summary>
    public async Task RunUntilAsync(Func<Task<bool>> fact, Func<Task>? between = null)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            await RoundAsync(deadline.Token);
            if (await fact())
            {
                return;
            }

            await (between?.Invoke() ?? Task.CompletedTask);
            await Task.Delay(10, deadline.Token); // the node mines at once, but not before it answers
        }
    }

    /// <summary>One round, and the rest after it; what the chain cuts short goes on in the next.</summary>
    public async Task RoundAsync(CancellationToken cancellation = default)
    {
        try
        {
            await SignAndSendAsync(cancellation);
        }
        catch (Exception fault) when (fault is ChainUnavailableException or JsonRpcException or CannotSignException)
        {
            Faults++; // The loop logs it and goes on.
        }

        Clock.Advance(TimeSpan.FromMilliseconds(100));
    }

    public static MintOrder AnOrder(string campaign, DateTimeOffset queuedAt, string? recipient = null) => new()
    {
        Id = Guid.CreateVersion7(),
        Campaign = campaign,
        CampaignVersion = 1,
        Recipient = recipient ?? AnAddress(),
        State = OrderState.Queued,
        QueuedAt = queuedAt,
    };

    public static string AnAddress() => new Address(RandomNumberGenerator.GetBytes(Address.Length)).ToString();

    public static BatchDirectories Directories(string batchId)
    {
        var digest = SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(batchId));
        return new()
        {
            MetadataCid = Cid.DagPb(digest).ToString(),
            CustodyCid = Cid.DagPb(digest).ToString(),
            CustodyRoot = new Hash32(digest).ToString(),
        };
    }

    public void Dispose()
    {
        Signer.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "WorkAsync")]
    private static extern Task<bool> WorkAsync(SealBatches loop, Lease lease, CancellationToken cancellation);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "WorkAsync")]
    private static extern Task<bool> WorkAsync(SignAndSend loop, Lease lease, CancellationToken cancellation);

    /// <summary>Answers for every campaign with one definition.</summary>
    private sealed class AnyCampaign : Campaigns.CampaignsClient
    {
        public override AsyncUnaryCall<CampaignVersion> GetCampaignAsync(GetCampaignRequest request, CallOptions options)
        {
            var definition = new CampaignDefinition
            {
                Name = request.Name,
                Collection = new() { Name = request.Name, Symbol = "TST" },
                Royalty = new() { Receiver = AnAddress(), BasisPoints = 500 },
            };
            var answer = request.Name.StartsWith("unknown", StringComparison.Ordinal)
                ? Task.FromException<CampaignVersion>(new RpcException(new Status(StatusCode.NotFound, "There is no such version.")))
                : Task.FromResult(new CampaignVersion { Version = request.Version, Definition = definition });
            return new(answer, Task.FromResult(new Metadata()), () => Status.DefaultSuccess, () => [], () => { });
        }
    }
}

/// <summary>Keeps what is announced, in order.</summary>
internal sealed class Announcements : IAnnouncer
{
    private readonly ConcurrentQueue<object> messages = new();

    /// <summary>How many more announcements the process lives to make.</summary>
    public int Left { get; set; } = int.MaxValue;

    public IReadOnlyList<T> Of<T>() => [.. messages.OfType<T>()];

    public IReadOnlyList<TokenMinted> Minted => Of<TokenMinted>();

    /// <summary>What other processes said before.</summary>
    public void Join(IEnumerable<object> said)
    {
        foreach (var message in said.ToList())
        {
            messages.Enqueue(message);
        }
    }

    public Task AnnounceAsync(object message, Guid messageId, string? traceParent, CancellationToken cancellation)
    {
        if (Left-- <= 0)
        {
            throw new CrashException();
        }

        messages.Enqueue(message);
        return Task.CompletedTask;
    }
}

internal sealed class CrashException : Exception;

/// <summary>Keeps what is logged.</summary>
internal sealed class Journal : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> lines = new();

    public IReadOnlyList<string> Lines => [.. lines];

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        lines.Enqueue($"{logLevel}: {formatter(state, exception)}");

    public void Dispose()
    {
    }
}
