using System.Diagnostics;

namespace Platform.CrashPoints.Tests;

/// <summary>What came of a scenario through its faults.</summary>
/// <param name="Lack">A fact that never came to hold; null when all did.</param>
/// <param name="FaultsLeft">Faults whose step was not reached.</param>
internal sealed record Ended(string? Lack, int FaultsLeft, IReadOnlyCollection<Step> Reached, TimeSpan Took);

/// <summary>Lets a scenario happen in a world while planned faults come true, and waits for its facts.</summary>
internal static class Walk
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>What was held back comes now, after everything else; this long it may do harm.</summary>
    private static readonly TimeSpan Aftermath = TimeSpan.FromMilliseconds(60);

    public static async Task<Ended> ThroughAsync(World world, Scenario scenario, params IReadOnlyList<Fault> faults)
    {
        await scenario.PrepareAsync(world);
        world.Saboteur.Forget();
        world.Saboteur.Plan(faults);
        var watch = Stopwatch.StartNew();
        var lack = await UntilItHoldsAsync(world, scenario);
        if (lack is null && world.Process.Life.Held > 0)
        {
            world.Process.Life.ReleaseHeld();
            lack = await StillHoldsAsync(world, scenario);
        }

        var left = world.Saboteur.FaultsLeft;
        world.Saboteur.Plan();
        await world.ReviveAsync();
        return new Ended(lack, left, [.. world.Saboteur.Reached.Keys], watch.Elapsed);
    }

    public static async Task<string?> UntilItHoldsAsync(World world, Scenario scenario)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            await world.ReviveAsync();
            await scenario.DriveAsync(world);
            var lack = await scenario.LackAsync(world);
            if (lack is null || watch.Elapsed > Patience)
            {
                return lack;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10)); // between two looks; what is waited for are the facts
        }
    }

    private static async Task<string?> StillHoldsAsync(World world, Scenario scenario)
    {
        do
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10));
        }
        while (world.Clock.QuietFor < Aftermath);

        return await UntilItHoldsAsync(world, scenario);
    }
}
