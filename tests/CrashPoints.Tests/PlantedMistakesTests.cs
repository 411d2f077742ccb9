using Platform.CrashPoints.Tests.Planted;

namespace Platform.CrashPoints.Tests;

/// <summary>The harness finds what it is there to find: a mistake of each kind, planted in a little service.</summary>
public sealed class PlantedMistakesTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(1_500);

    [Fact]
    public Task Cries_no_wolf() => FindsAsync(Mistakes.None, asksAgain: true);

    [Fact]
    public Task Finds_an_effect_that_comes_before_its_record() =>
        FindsAsync(Mistakes.ActsBeforeItRecords, true, "before insert planted.parcels", FaultKind.Kill, FaultKind.Throw);

    [Fact]
    public Task Finds_an_insert_that_is_not_idempotent() =>
        FindsAsync(Mistakes.InsertsAnew, true, "after insert planted.parcels", FaultKind.Kill, FaultKind.Throw);

    [Fact]
    public Task Finds_an_announcement_that_is_lost_between_save_and_publish() =>
        FindsAsync(Mistakes.TakesRecordedForAnnounced, true, "before publish ParcelSent", FaultKind.Kill, FaultKind.Throw);

    [Fact]
    public Task Finds_state_that_only_the_process_remembers() =>
        FindsAsync(Mistakes.RemembersInMemory, true, "after insert planted.parcels", FaultKind.Kill);

    [Fact]
    public Task Finds_two_documents_that_are_torn() =>
        FindsAsync(Mistakes.TearsTwoDocuments, true, "before insert planted.stamps", FaultKind.Kill, FaultKind.Throw);

    [Fact]
    public Task Finds_an_order_that_is_relied_on() =>
        FindsAsync(Mistakes.LetsTheLastWin, true, "receive ParcelWanted", FaultKind.Delay);

    [Fact]
    public Task Finds_a_message_that_nobody_asks_for_again() =>
        FindsAsync(Mistakes.None, false, "receive ParcelWanted", FaultKind.Drop);

    /// <param name="at">The step at which these faults must be found to do harm; null where none may.</param>
    private async Task FindsAsync(
        Func<SendParcel> mistake, bool asksAgain, string? at = null, params IReadOnlyList<FaultKind> harmful)
    {
        await using var world = await World.BeginAsync(withChain: false, () => [new PlantedService(mistake())]);
        var recorded = await Walk.ThroughAsync(world, new ParcelScenario(), Patience);
        List<Fault> faults = [.. recorded.Reached.Order().SelectMany(step => step.Kinds.Select(kind => new Fault(step, kind)))];
        var found = new List<Fault>();
        foreach (var fault in faults.Where(fault => at is null || fault.At.What == at))
        {
            var ended = await Walk.ThroughAsync(world, new ParcelScenario(asksAgain), Patience, fault);
            output.WriteLine($"{fault}: {ended.Lack ?? "held"}");
            Assert.Equal(0, ended.FaultsLeft);
            if (ended.Lack is not null)
            {
                found.Add(fault);
            }
        }

        Assert.Equal(harmful, found.Select(fault => fault.Kind).Intersect(at is null ? Enum.GetValues<FaultKind>() : harmful));
    }
}
