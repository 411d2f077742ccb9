namespace Platform.CrashPoints.Tests;

/// <summary>Something that happens in a world, and how it must have ended whatever went wrong meanwhile.</summary>
internal abstract class Scenario
{
    /// <summary>What must be there before it begins; nothing goes wrong yet.</summary>
    public virtual Task PrepareAsync(World world) => Task.CompletedTask;

    /// <summary>Does what a publisher or a person does from outside; called again and again, also after a crash.</summary>
    public abstract Task DriveAsync(World world);

    /// <summary>The first fact that does not hold yet; null when it has ended as it must.</summary>
    public abstract Task<string?> LackAsync(World world);
}
