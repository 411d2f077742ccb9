namespace Platform.Embedded;

/// <summary>The lines of many processes on one console, each behind its process's name, and in a file of its own.</summary>
internal sealed class SideBySide(TextWriter console, string folder, bool quiet) : IDisposable
{
    private static readonly string[] Colours = ["36", "33", "32", "35", "34", "31", "96", "93", "92", "95"];

    private readonly Lock gate = new();
    private readonly Dictionary<string, (string Prefix, StreamWriter File)> outputs = [];
    private readonly bool coloured = ReferenceEquals(console, Console.Out) && !Console.IsOutputRedirected;

    /// <param name="name">Of the process: service and replica.</param>
    /// <param name="line">As the process wrote it; null is ignored, as the end of a stream is.</param>
    public void Write(string name, string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (gate)
        {
            if (!outputs.TryGetValue(name, out var output))
            {
                output = (Prefix(name), Open(name));
                outputs[name] = output;
            }

            output.File.WriteLine(line);
            if (!quiet)
            {
                console.WriteLine($"{output.Prefix}{line}");
            }
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            foreach (var (_, file) in outputs.Values)
            {
                file.Dispose();
            }
        }
    }

    private string Prefix(string name) => coloured
        ? $"\u001b[{Colours[outputs.Count % Colours.Length]}m{name,-17}\u001b[0m "
        : $"{name,-17} ";

    // A kill of ours must not lose what theirs said last.
    private StreamWriter Open(string name) =>
        new(new FileStream(
            Path.Combine(folder, $"{name.Replace('/', '-')}.log"), FileMode.Append, FileAccess.Write, FileShare.ReadWrite))
        {
            AutoFlush = true,
        };
}
