using System.Globalization;
using System.Security.Cryptography;
using Platform.Chain;
using Platform.Chain.Local;

namespace Platform.Minting.Tests;

/// <summary>A real chain behind a node that fails and lies: each asset is minted once, and nobody has to help.</summary>
public sealed class ChainFaultsTests(Anvil anvil, Mongo mongo, ITestOutputHelper output) : IClassFixture<Anvil>
{
    private static readonly Fault[] All = [.. Enum.GetValues<Fault>().Where(fault => fault != Fault.None)];

    public static TheoryData<Fault> Faults => [.. All];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_fault_that_lasts_a_while_delays_and_does_no_harm(Fault fault)
    {
        await using var node = await FaultyNode.StartAsync(anvil.Address);
        using var workshop = await OpenAsync(node);
        List<MintOrder> ordered = [.. await APinnedBatchAsync(workshop, "spring", 2)];
        await AllFinalAsync(workshop, 1);
        ordered.AddRange(await APinnedBatchAsync(workshop, "spring", 3));
        ordered.AddRange(await APinnedBatchAsync(workshop, "spring", 2));

        node.Choose = method => FaultyNode.Touches(fault, method) ? fault : Fault.None;
        var rounds = fault == Fault.Slow ? 2 : 15; // fifteen are more than it takes to believe what is false
        for (var round = 0; round < rounds; round++)
        {
            await workshop.RoundAsync();
        }

        node.Choose = _ => Fault.None;
        await AllFinalAsync(workshop, 3);

        if (fault is Fault.CountsMore or Fault.Forgets)
        {
            var said = fault == Fault.Forgets ? "The node forgot transaction" : "filling the gap";
            Assert.Contains(workshop.Journal.Lines, line => line.Contains(said, StringComparison.Ordinal));
        }

        Assert.True(node.Of(fault) > 0);
        await ChainAudit.AssertEachOnceAsync(workshop, anvil.Chain, "spring", ordered);
    }

    [Fact]
    public async Task Whatever_mixture_of_faults_restarts_and_jumping_clocks_each_asset_is_minted_once()
    {
        var seed = Environment.GetEnvironmentVariable("PLATFORM_TEST_SEED") is { Length: > 0 } given
            ? int.Parse(given, CultureInfo.InvariantCulture)
            : RandomNumberGenerator.GetInt32(int.MaxValue);
        output.WriteLine($"PLATFORM_TEST_SEED={seed}");
        var random = new Dice(seed);
        await using var node = await FaultyNode.StartAsync(anvil.Address);
        var workshop = await OpenAsync(node, confirmations: 2);
        var announced = new List<Workshop> { workshop };
        Dictionary<string, List<MintOrder>> ordered = new() { ["spring"] = [], ["summer"] = [] };
        Fault? lasting = null;
        node.Choose = method => lasting is { } fault
            ? FaultyNode.Touches(fault, method) ? fault : Fault.None
            : AFault(random, method);

        for (var batch = 0; batch < 8; batch++)
        {
            var campaign = ordered.Keys.ElementAt(random.Next(2));
            ordered[campaign].AddRange(await APinnedBatchAsync(workshop, campaign, random.Next(1, 5)));
            lasting = random.NextDouble() < 0.4 ? All[random.Next(All.Length)] : null;
            for (var round = lasting == Fault.Slow ? 1 : random.Next(5, 25); round > 0; round--)
            {
                await workshop.RoundAsync();
                if (random.NextDouble() < 0.3)
                {
                    await anvil.MineAsync();
                }

                if (random.NextDouble() < 0.05)
                {
                    workshop.Clock.AdjustTime(workshop.Clock.GetUtcNow().AddHours(random.Next(-48, 48)));
                }

                if (random.NextDouble() < 0.05)
                {
                    workshop = await workshop.AgainAsync();
                    announced.Add(workshop);
                }
            }
        }

        node.Choose = _ => Fault.None;
        await AllFinalAsync(workshop, 8, () => anvil.MineAsync());
        workshop.Announced.Join(announced.SelectMany(each => each.Announced.Of<object>()));

        foreach (var (campaign, orders) in ordered)
        {
            await ChainAudit.AssertEachOnceAsync(workshop, anvil.Chain, campaign, orders);
        }

        output.WriteLine($"{All.Sum(node.Of)} faults: {string.Join(", ", All.Select(fault => $"{fault} {node.Of(fault)}"))}; "
            + $"{announced.Count} processes");
        announced.ForEach(each => each.Dispose());
    }

    /// <summary>One call in five meets a fault, mostly one of those that are peculiar to its method.</summary>
    private static Fault AFault(Dice random, string method)
    {
        List<Fault> general = [Fault.Down, Fault.Busy, Fault.Mute];
        List<Fault> own = [.. All.Where(fault => fault != Fault.Slow && !general.Contains(fault) && FaultyNode.Touches(fault, method))];
        return random.NextDouble() switch
        {
            < 0.001 => Fault.Slow, // costs its whole timeout
            < 0.04 => general[random.Next(general.Count)],
            < 0.4 when own.Count > 0 => own[random.Next(own.Count)],
            _ => Fault.None,
        };
    }

    private static Task AllFinalAsync(Workshop workshop, int batches, Func<Task>? between = null) => workshop.RunUntilAsync(
        async () => (await workshop.Batches.InStateAsync<MintBatch.Final>(default)).Count == batches, between);

    private static async Task<IReadOnlyList<MintOrder>> APinnedBatchAsync(Workshop workshop, string campaign, int count)
    {
        var orders = await workshop.QueueAsync(campaign, count);
        await workshop.SealAsync();
        await workshop.PinAsync((await workshop.Orders.FindAsync([orders[0].Id], default))[orders[0].Id].BatchId!);
        return orders;
    }

    private async Task<Workshop> OpenAsync(FaultyNode node, int confirmations = 1)
    {
        var workshop = await Workshop.OpenAsync(mongo.NewDatabase(), node.Chain, confirmations: confirmations);
        await anvil.EndowAsync(workshop.Signer.Address);
        return workshop;
    }
}

/// <summary>The same throws for the same seed, whatever the runtime (SplitMix64).</summary>
internal sealed class Dice(int seed)
{
    private ulong state = (ulong)seed;

    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));

    public int Next(int limit) => (int)(Next() % (ulong)limit);

    public int Next(int least, int limit) => least + Next(limit - least);

    private ulong Next()
    {
        var mixed = state += 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}
