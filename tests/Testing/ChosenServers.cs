using System.Reflection;

namespace Platform.Testing;

/// <summary>Says once, for each assembly of tests, which server they ran against.</summary>
/// <remarks><c>tests/run.sh</c> names the file in <c>PLATFORM_TEST_SERVERS</c> and prints it at its end.</remarks>
internal static class ChosenServers
{
    public static void Say(string server)
    {
        var line = $"server: {server}";
        Console.WriteLine(line);
        if (Environment.GetEnvironmentVariable("PLATFORM_TEST_SERVERS") is { Length: > 0 } file)
        {
            File.AppendAllText(file, $"{Assembly.GetEntryAssembly()?.GetName().Name}: {line}{Environment.NewLine}");
        }
    }
}
