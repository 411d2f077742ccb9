using Platform.CrashPoints.Tests.Planted;

namespace Platform.CrashPoints.Tests;

/// <summary>The harness finds what it is there to find: a mistake of each kind, planted in a little service.</summary>
public sealed class PlantedMistakesTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Cries_no_wolf()
    {
        await using var world = await BeginAsync(Mistakes.None);
        foreach (var fault in await FaultsAsync(world, new ParcelScenario(asksAgain: true, thinksAgain: true)))
        {
            var ended = await UntilReachedAsync(world, () => new ParcelScenario(true, true), Walk.Patience, fault);
            Assert.Null(ended.Lack);
        }
    }

    [Fact]
    public Task Finds_an_effect_that_comes_before_its_record() =>
        FindsAsync(Mistakes.ActsBeforeItRecords, "before insert planted.parcels", [FaultKind.Kill, FaultKind.Throw]);

    [Fact]
    public Task Finds_an_insert_that_is_not_idempotent() =>
        FindsAsync(Mistakes.InsertsAnew, "receive ParcelWanted", [FaultKind.Duplicate]);

    [Fact]
    public Task Finds_an_announcement_that_is_lost_between_save_and_publish() =>
        FindsAsync(Mistakes.TakesRecordedForAnnounced, "before publish ParcelSent", [FaultKind.Kill, FaultKind.Throw]);

    [Fact]
    public Task Finds_state_that_only_the_process_remembers() =>
        FindsAsync(Mistakes.RemembersInMemory, "after insert planted.parcels", [FaultKind.Kill]);

    [Fact]
    public Task Finds_two_documents_that_are_torn() =>
        FindsAsync(Mistakes.TearsTwoDocuments, "before insert planted.stamps", [FaultKind.Kill, FaultKind.Throw]);

    [Fact]
    public Task Finds_an_order_that_is_relied_on() =>
        FindsAsync(Mistakes.LetsTheLastWin, "receive ParcelWanted", [FaultKind.Delay], thinksAgain: true);

    [Fact]
    public Task Finds_a_message_that_nobody_asks_for_again() =>
        FindsAsync(Mistakes.None, "receive ParcelWanted", [FaultKind.Drop], asksAgain: false);

    private static Task<World> BeginAsync(Func<SendParcel> mistake) =>
        World.BeginAsync(withChain: false, () => [new PlantedService(mistake())]);

    /// <summary>While nothing goes wrong the mistake is not seen; that is what makes it one.</summary>
    private static async Task<IReadOnlyList<Fault>> FaultsAsync(World world, ParcelScenario scenario)
    {
        var recorded = await Walk.ThroughAsync(world, scenario, []);
        Assert.Null(recorded.Lack);
        return [.. recorded.Reached.Order().SelectMany(step => step.Kinds.Select(kind => new Fault(step, kind)))];
    }

    /// <summary>Which of two versions comes first is the bus's affair: a step that was not reached is tried again.</summary>
    private async Task<Ended> UntilReachedAsync(
        World world, Func<ParcelScenario> scenario, TimeSpan patience, Fault fault)
    {
        for (var attempt = 1; ; attempt++)
        {
            var ended = await Walk.ThroughAsync(world, scenario(), patience, fault);
            output.WriteLine($"{fault}: {ended.Lack ?? "held"}{(ended.FaultsLeft > 0 ? ", not reached" : "")}");
            if (ended.FaultsLeft == 0 || ended.Lack is not null)
            {
                return ended;
            }

            Assert.True(attempt < 6, $"{fault} was not reached.");
        }
    }

    private async Task FindsAsync(
        Func<SendParcel> mistake, string at, FaultKind[] harmful, bool asksAgain = true, bool thinksAgain = false)
    {
        await using var world = await BeginAsync(mistake);
        var faults = await FaultsAsync(world, new ParcelScenario(asksAgain, thinksAgain));
        foreach (var fault in faults.Where(fault => fault.At.What == at && harmful.Contains(fault.Kind)))
        {
            var ended = await UntilReachedAsync(
                world, () => new ParcelScenario(asksAgain, thinksAgain), TimeSpan.FromSeconds(4), fault);
            Assert.NotNull(ended.Lack);
            harmful = [.. harmful.Except([fault.Kind])];
        }

        Assert.Empty(harmful);
    }
}
