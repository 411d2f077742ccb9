namespace Platform.CrashPoints.Tests;

public sealed class ProbeTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Records()
    {
        await using var world = await World.BeginAsync(withChain: true, Situations.AllServices);
        for (var i = 0; i < 3; i++)
        {
            var ended = await Walk.ThroughAsync(world, new AssetScenario(Situations.DecodeOnly, Ending.Minted));
            output.WriteLine($"{ended.Took} {ended.Lack}");
            foreach (var step in ended.Reached.Order())
            {
                output.WriteLine($"  {step}");
            }

            output.WriteLine(string.Join("\n", world.Journal.Newest));
        }
    }
}
