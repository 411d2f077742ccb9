using System.Diagnostics;
using System.Security.Cryptography;

namespace Platform.CrashPoints.Tests;

/// <summary>Faults at random steps, many at once, over many assets; the seed that it prints plans them again.</summary>
public sealed class RandomTests(ITestOutputHelper output)
{
    // Once in so many steps, by what it costs to get over it.
    private const int StepsOfAFault = 50;
    private const int FaultsOfAKill = 40;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private static bool IsLong => Environment.GetEnvironmentVariable("PLATFORM_TEST_LONG") == "true";

    [Fact]
    public async Task Nothing_is_lost_or_doubled_when_anything_goes_wrong_at_any_time()
    {
        Assert.SkipUnless(IsLong, "Set PLATFORM_TEST_LONG=true for random faults: driving what they left to its end takes minutes.");
        var seed = int.TryParse(Environment.GetEnvironmentVariable("PLATFORM_TEST_SEED"), out var given)
            ? given
            : RandomNumberGenerator.GetInt32(int.MaxValue);
        output.WriteLine($"PLATFORM_TEST_SEED={seed}");
        var time = IsLong ? TimeSpan.FromMinutes(10) : TimeSpan.FromSeconds(20);
        var mischief = new Mischief(seed);
        await using var world = await World.BeginAsync(withChain: true, Situations.AllServices, new()
        {
            // So much goes wrong here that five checks in vain are no sign of anything.
            ["Campaigns:ChecksInVain"] = "100",
        });
        var campaign = Situations.AName();
        await Situations.PublishCampaignAsync(world, campaign, Situations.DecodeOnly);

        var watch = Stopwatch.StartNew();
        world.Saboteur.Whim = mischief.Decide;
        var scenarios = new List<AssetScenario>();
        while (watch.Elapsed < time)
        {
            var overBus = mischief.Next(0, 5) == 0; // where a message is one event
            scenarios.Add(new AssetScenario(
                Situations.DecodeOnly, Ending.Minted, overBus ? 1 : mischief.Next(1, 5), overBus, campaign));
            await world.ReviveAsync();
            await scenarios[^1].DriveAsync(world); // Whoever is not answered is tried again at the end.
            world.Process.Life.ReleaseHeld();
        }

        world.Saboteur.Whim = null;
        output.WriteLine($"{scenarios.Count} requests, {mischief.Faults.Values.Sum()} faults after {watch.Elapsed.TotalSeconds:0} s");
        var lacks = new List<string>();
        var end = watch.Elapsed + Patience;
        List<AssetScenario> open = [.. scenarios];
        while (open.Count > 0 && watch.Elapsed < end)
        {
            await world.ReviveAsync();
            world.Process.Life.ReleaseHeld();
            lacks.Clear();
            foreach (var scenario in open.ToList())
            {
                await scenario.DriveAsync(world);
                if (await scenario.LackAsync(world) is { } lack)
                {
                    lacks.Add(lack);
                }
                else
                {
                    open.Remove(scenario);
                }
            }
        }

        var minted = scenarios.Sum(each => each.Recipients.Count);
        lacks.AddRange(await Facts.TotalLackAsync(world, minted, minted) is { } total ? [total] : []);
        var report = Report.Write(
            "crash-points-random.txt",
            [
                $"seed {seed}: {minted} assets, {mischief.Faults.Values.Sum()} faults in {world.Saboteur.Count} steps, "
                    + $"{world.Deaths} processes killed, {watch.Elapsed.TotalSeconds:0} s",
                .. mischief.Faults.OrderBy(each => each.Key).Select(each => $"{each.Key}: {each.Value}"),
                .. lacks.Select(lack => $"FAILED {lack}"),
                .. lacks.Count > 0 ? world.Journal.Newest : [],
            ]);
        output.WriteLine(report);
        Assert.True(lacks.Count == 0, report);
        Assert.True(world.Deaths > 0, "Nothing was killed: the test did not test what it says.");
    }

    /// <summary>Decides by its seed alone what goes wrong at the next step.</summary>
    private sealed class Mischief(int seed)
    {
        private readonly Lock gate = new();
        private ulong state = (ulong)seed;

        public Dictionary<FaultKind, int> Faults { get; } = [];

        public int Next(int from, int to)
        {
            lock (gate)
            {
                return from + Draw(to - from);
            }
        }

        /// <summary>SplitMix64: the same seed is the same sequence on every runtime.</summary>
        private int Draw(int limit)
        {
            state += 0x9E3779B97F4A7C15;
            var mixed = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
            return (int)((mixed ^ (mixed >> 31)) % (ulong)limit);
        }

        public FaultKind? Decide(Step step)
        {
            lock (gate)
            {
                if (step.Who == "start" || Draw(StepsOfAFault) > 0)
                {
                    return null;
                }

                var kinds = step.Kinds;
                var kind = kinds[Draw(kinds.Count)];
                if (kind == FaultKind.Kill && Draw(FaultsOfAKill) > 0)
                {
                    kind = FaultKind.Throw;
                }

                if (!kinds.Contains(kind))
                {
                    return null;
                }

                Faults[kind] = Faults.GetValueOrDefault(kind) + 1;
                return kind;
            }
        }
    }
}
