using System.Globalization;

[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace Platform.EndToEnd.Tests;

/// <summary>Gives a test data folders and ports, ends every child it started, and shows the log's tail when it failed.</summary>
public abstract class EndToEndTest : IAsyncLifetime
{
    private const int Tail = 60;

    private readonly List<Imprimatur> children = [];
    private readonly List<Ports> taken = [];
    private readonly List<string> folders = [];

    protected static bool IsLong => string.Equals(
        Environment.GetEnvironmentVariable("PLATFORM_TEST_LONG"), "true", StringComparison.OrdinalIgnoreCase);

    protected static void Tell(string line) => TestContext.Current.TestOutputHelper?.WriteLine(
        string.Create(CultureInfo.InvariantCulture, $"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff} {line}"));

    public virtual ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (TestContext.Current.TestState?.Result == TestResult.Failed)
        {
            ShowTails();
        }

        foreach (var child in children)
        {
            await child.DisposeAsync();
        }

        taken.ForEach(ports => ports.Dispose());
        foreach (var folder in folders.Where(Directory.Exists))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>A path where nothing is yet; deleted at the end.</summary>
    protected string AFolder()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"e2e-{Guid.CreateVersion7():N}");
        folders.Add(folder);
        return folder;
    }

    protected int APort()
    {
        taken.Add(Ports.Find());
        return taken[^1].First;
    }

    protected Imprimatur Start(
        string data, int port, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null)
    {
        children.Add(Imprimatur.Start(data, port, arguments, environment));
        return children[^1];
    }

    protected async Task<Imprimatur> RunAsync(
        string data, int port, IReadOnlyDictionary<string, string?>? environment = null, params string[] more)
    {
        var child = Start(data, port, ["run", .. more], environment);
        await child.ServesAsync();
        return child;
    }

    /// <summary>Waits for a fact; what is still missing is told when it does not come.</summary>
    protected static async Task UntilAsync(Func<Task<string?>> missing, TimeSpan within, TimeSpan? every = null)
    {
        var deadline = TimeProvider.System.GetUtcNow() + within;
        while (await missing() is { } lack)
        {
            Assert.True(TimeProvider.System.GetUtcNow() < deadline, $"After {within}: {lack}");
            await Task.Delay(every ?? TimeSpan.FromMilliseconds(100));
        }
    }

    private void ShowTails()
    {
        foreach (var child in children.TakeLast(2))
        {
            Tell($"stderr of the program on {child.Data}:\n{child.Errors}");
        }

        foreach (var log in folders.Select(folder => Path.Combine(folder, "logs", "platform.log")).Where(File.Exists))
        {
            Tell($"the end of {log}:\n{string.Join('\n', File.ReadLines(log).TakeLast(Tail))}");
        }
    }
}
