using System.Collections.Concurrent;

namespace Platform.CrashPoints.Tests;

/// <summary>One walk: a scenario by its name, and what goes wrong in it.</summary>
internal sealed record Stop(string Scenario, IReadOnlyList<Fault> Faults, int Attempt = 1)
{
    public override string ToString() => $"{Scenario,-9} {string.Join("  then  ", Faults)}";
}

/// <summary>Walks every fault at every step, in several worlds at once, also at steps that only a fault leads to.</summary>
internal sealed class Tour(int worlds, Action<string> tell)
{
    private const int Attempts = 4;
    private const int LongestChain = 3;

    private readonly ConcurrentQueue<Stop> queue = new();
    private readonly ConcurrentDictionary<Step, bool> known = new();
    private int underWay;

    public ConcurrentBag<Stop> Walked { get; } = [];

    public ConcurrentBag<(Stop Stop, string Lack)> Failed { get; } = [];

    public ConcurrentBag<Stop> Unreached { get; } = [];

    public int Deaths => deaths;

    public IReadOnlyList<Step> Steps => [.. known.Keys.Order()];

    private int deaths;

    /// <summary>Records every scenario without a fault: what is reached then is to be walked.</summary>
    public async Task RecordAsync()
    {
        await using var traveller = await Traveller.StartAsync();
        foreach (var scenario in Traveller.Scenarios)
        {
            var reached = new HashSet<Step>();
            for (var round = 0; round < 2; round++)
            {
                var ended = await traveller.WalkAsync(new Stop(scenario, []));
                Assert.True(ended.Lack is null, $"{scenario}, nothing having gone wrong: {ended.Lack}");
                reached.UnionWith(ended.Reached);
            }

            foreach (var step in reached.Order().Where(step => known.TryAdd(step, true) || IsOfSecond(scenario, step)))
            {
                Enqueue(scenario, [], step);
            }

            tell($"{scenario}: {reached.Count} steps, {queue.Count} walks planned");
        }
    }

    public Task WalkAllAsync() => Task.WhenAll(Enumerable.Range(0, worlds).Select(_ => Task.Run(TravelAsync)));

    /// <summary>The first of a campaign's assets meets these first with the transaction that creates its collection.</summary>
    private static bool IsOfSecond(string scenario, Step step) =>
        scenario == "second" && step.Who is "SignAndSend" or "IndexChain";

    private void Enqueue(string scenario, IReadOnlyList<Fault> before, Step step)
    {
        foreach (var kind in step.Kinds)
        {
            queue.Enqueue(new Stop(scenario, [.. before, new Fault(step, kind)]));
        }
    }

    private async Task TravelAsync()
    {
        var traveller = await Traveller.StartAsync();
        while (await NextAsync() is { } stop)
        {
            var ended = await traveller.WalkAsync(stop);
            if (ended.Lack is not null)
            {
                Failed.Add((stop, $"{ended.Lack}\n{string.Join('\n', traveller.World.Journal.Newest.TakeLast(12))}"));
                Interlocked.Add(ref deaths, traveller.World.Deaths);
                await traveller.DisposeAsync();
                traveller = await Traveller.StartAsync();
            }
            else
            {
                Note(stop, ended);
            }

            Interlocked.Decrement(ref underWay);
        }

        if (await traveller.TotalLackAsync() is { } lack)
        {
            Failed.Add((new Stop("a world's end", []), lack));
        }

        Interlocked.Add(ref deaths, traveller.World.Deaths);
        await traveller.DisposeAsync();
    }

    /// <summary>Null once nothing is left and nobody is under way who might find more.</summary>
    private async Task<Stop?> NextAsync()
    {
        while (true)
        {
            Interlocked.Increment(ref underWay);
            if (queue.TryDequeue(out var stop))
            {
                return stop;
            }

            if (Interlocked.Decrement(ref underWay) == 0 && queue.IsEmpty)
            {
                return null;
            }

            await Task.Delay(20); // until another world has found more, or is done
        }
    }

    private void Note(Stop stop, Ended ended)
    {
        if (ended.FaultsLeft > 0)
        {
            if (stop.Attempt < Attempts)
            {
                queue.Enqueue(stop with { Attempt = stop.Attempt + 1 });
            }
            else
            {
                Unreached.Add(stop);
            }

            return;
        }

        Walked.Add(stop);
        foreach (var step in ended.Reached.Where(step => known.TryAdd(step, true)))
        {
            if (stop.Faults.Count < LongestChain)
            {
                Enqueue(stop.Scenario, stop.Faults, step);
            }
        }
    }
}

/// <summary>A world, the scenarios it knows, and how much must be in it after them.</summary>
internal sealed class Traveller : IAsyncDisposable
{
    private readonly string steady = Situations.AName();
    private int admitted;
    private int minted;

    private Traveller(World world) => World = world;

    public static IReadOnlyList<string> Scenarios { get; } =
        ["first", "second", "over bus", "rejected", "person", "several", "stranger"];

    public World World { get; }

    public static async Task<Traveller> StartAsync()
    {
        var traveller = new Traveller(await World.BeginAsync(withChain: true, Situations.AllServices));
        await traveller.WalkAsync(new Stop("second", [])); // the collection is there from now on
        return traveller;
    }

    public Task<Ended> WalkAsync(Stop stop)
    {
        var scenario = Create(stop.Scenario);
        if (scenario is AssetScenario assets)
        {
            admitted += assets.Recipients.Count;
            minted += assets.Ending == Ending.Minted ? assets.Recipients.Count : 0;
        }

        return Walk.ThroughAsync(World, scenario, stop.Faults);
    }

    /// <summary>Once everything has ended, nothing may be left over or be there twice.</summary>
    public Task<string?> TotalLackAsync() => Facts.TotalLackAsync(World, admitted, minted);

    public ValueTask DisposeAsync() => World.DisposeAsync();

    private Scenario Create(string name) => name switch
    {
        "first" => new AssetScenario(Situations.DecodeOnly, Ending.Minted),
        "second" => new AssetScenario(Situations.DecodeOnly, Ending.Minted, campaign: steady),
        "over bus" => new AssetScenario(Situations.DecodeOnly, Ending.Minted, overBus: true),
        "rejected" => new AssetScenario(Situations.BrandSafe, Ending.Rejected),
        "person" => new AssetScenario(Situations.Careful, Ending.Minted),
        "several" => new AssetScenario(Situations.DecodeOnly, Ending.Minted, count: 4),
        _ => new StrangerScenario(),
    };
}
