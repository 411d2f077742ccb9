namespace Platform.Embedded;

/// <summary>Finds the platform that serves a data folder.</summary>
internal static class RunningPlatform
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>How it is reached; null where none runs, also where one was killed and left its note behind.</summary>
    public static async Task<EmbeddedOptions?> FindAsync(string data, CancellationToken cancellation)
    {
        if (RunningFile.Read(data) is not { } running)
        {
            return null;
        }

        var options = new EmbeddedOptions { Data = data, Port = running.Port, Services = running.Services };
        using var client = Loopback.CreateClient();
        client.Timeout = Patience;
        try
        {
            using var answer = await client.GetAsync(new Uri(options.Http, "health/live"), cancellation);
            return options;
        }
        catch (HttpRequestException)
        {
            return null;
        }
        catch (TaskCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>This program's name, as a shell takes it.</summary>
    public static string Program => Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) != "dotnet"
        ? Quoted(path)
        : $"dotnet {Quoted(Path.Combine(AppContext.BaseDirectory, "imprimatur.dll"))}";

    public static string Quoted(string text) => text.Any(char.IsWhiteSpace) ? $"\"{text}\"" : text;
}
