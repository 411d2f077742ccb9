using System.Diagnostics;
using System.Text.Json;

namespace Platform.Embedded;

/// <summary>Children that outlived a killed platform: known by process id and start, so that no other program is taken for one.</summary>
internal static class LeftBehind
{
    public static void Note(string file, IEnumerable<int> processIds)
    {
        var children = processIds.Select(Describe).OfType<Child>().ToArray();
        var temporary = $"{file}.new";
        File.WriteAllBytes(temporary, JsonSerializer.SerializeToUtf8Bytes(children));
        File.Move(temporary, file, overwrite: true);
    }

    public static void Kill(string file)
    {
        if (!File.Exists(file))
        {
            return;
        }

        foreach (var child in JsonSerializer.Deserialize<Child[]>(File.ReadAllBytes(file)) ?? [])
        {
            if (Describe(child.Pid) is { } found
                && Math.Abs((found.StartedAt - child.StartedAt).TotalSeconds) < 2)
            {
                using var process = Process.GetProcessById(child.Pid);
                process.Kill();
                process.WaitForExit(5_000);
            }
        }

        File.Delete(file);
    }

    private static Child? Describe(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return new Child(processId, process.StartTime.ToUniversalTime());
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            return null; // It has ended.
        }
    }

    private sealed record Child(int Pid, DateTime StartedAt);
}
