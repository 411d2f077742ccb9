using System.Globalization;
using System.Text.Json;
using Platform.Embedded;

namespace Platform.Load;

/// <summary>What the platform's processes use, read from the kernel: also of those that were killed meanwhile.</summary>
internal sealed class ProcessMeter(string data, int? main)
{
    /// <summary>USER_HZ, which the kernel's ABI fixes.</summary>
    private const double TicksASecond = 100;

    private const long PageSize = 4096;

    private readonly Dictionary<int, double> last = [];
    private readonly SortedDictionary<string, double> seconds = new(StringComparer.Ordinal);
    private readonly Lock reading = new();

    /// <summary>Processes by what they are: a service's name, or a server's.</summary>
    public IReadOnlyList<(string Name, int Pid)> Processes()
    {
        var found = new List<(string, int)>();
        var running = RunningFile.Read(data);
        if ((main ?? running?.Pid) is { } own)
        {
            found.Add((running?.Pids is null ? "platform" : "supervisor and database", own));
        }

        foreach (var (name, pids) in running?.Pids ?? new Dictionary<string, List<int>>())
        {
            found.AddRange(pids.Select(pid => (name, pid)));
        }

        var anvil = Path.Combine(data, "chain", "anvil.json");
        if (File.Exists(anvil))
        {
            using var record = JsonDocument.Parse(File.ReadAllBytes(anvil));
            var pid = record.RootElement.EnumerateObject()
                .First(property => property.Name.Equals("pid", StringComparison.OrdinalIgnoreCase));
            found.Add(("chain", pid.Value.GetInt32()));
        }

        return found;
    }

    /// <summary>CPU seconds of each since the first reading; call it often, for the dead take theirs with them.</summary>
    public IReadOnlyDictionary<string, double> Cpu()
    {
        lock (reading)
        {
            foreach (var (name, pid) in Processes())
            {
                if (Ticks(pid) is { } ticks)
                {
                    seconds[name] = seconds.GetValueOrDefault(name) + ((ticks - last.GetValueOrDefault(pid, ticks)) / TicksASecond);
                    last[pid] = ticks;
                }
            }

            return new SortedDictionary<string, double>(seconds, StringComparer.Ordinal);
        }
    }

    /// <summary>CPU seconds of each process by its id.</summary>
    public IReadOnlyDictionary<(string Name, int Pid), double> CpuOfEach() => Processes()
        .Where(each => Ticks(each.Pid) is not null)
        .ToDictionary(each => each, each => Ticks(each.Pid)!.Value / TicksASecond);

    /// <summary>Resident MiB of each.</summary>
    public IReadOnlyDictionary<string, double> Memory() => Processes()
        .GroupBy(each => each.Name)
        .ToDictionary(group => group.Key, group => group.Sum(each => Resident(each.Pid)));

    /// <summary>Whether it is a server that the platform stands on, told apart from the platform's own.</summary>
    public static bool IsServer(string name) => name is "chain" or "rabbitmq";

    private static double? Ticks(int pid)
    {
        if (Read($"/proc/{pid}/stat") is not { } stat)
        {
            return null;
        }

        // The name in parentheses may hold blanks; user and system time are fields 14 and 15.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture);
    }

    private static double Resident(int pid) => Read($"/proc/{pid}/statm") is { } pages
        ? long.Parse(pages.Split(' ')[1], CultureInfo.InvariantCulture) * PageSize / (double)(1 << 20)
        : 0;

    private static string? Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return null; // It ended between two looks.
        }
    }
}
