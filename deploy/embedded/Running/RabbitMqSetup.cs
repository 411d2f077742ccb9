using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Platform.Hosting;

namespace Platform.Embedded;

/// <summary>Where a private RabbitMQ node keeps its things, and the environment its programs run in.</summary>
internal sealed record RabbitMqSetup(
    string Server, string Folder, int Port, IReadOnlyDictionary<string, string> Settings)
{
    public string PidFile => In("node.pid");

    public string RecordFile => In("node.json");

    public string Logs => In("log");

    private string Cookie => In("home", ".erlang.cookie");

    /// <summary>Writes what the node reads at its start.</summary>
    public void Write()
    {
        Directory.CreateDirectory(In("home"));
        Directory.CreateDirectory(Logs);
        if (!File.Exists(Cookie))
        {
            SecretFile.Write(Cookie, Encoding.ASCII.GetBytes(Convert.ToHexString(RandomNumberGenerator.GetBytes(16))));
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(Cookie, UnixFileMode.UserRead); // Erlang asks for no more than that
            }
        }

        File.Delete(PidFile);
        File.WriteAllText(In("environment"), "");
        File.WriteAllText(In("enabled_plugins"), "[].\n");
        File.WriteAllLines(In("rabbitmq.conf"), Lines().Select(line => $"{line.Key} = {line.Value}"));
    }

    /// <param name="name">A program that is installed beside the server.</param>
    public ProcessStartInfo Program(string name, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(Path.GetDirectoryName(Server)!, name), arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Folder,
        };
        foreach (var (variable, value) in Environment())
        {
            start.Environment[variable] = value;
        }

        return start;
    }

    /// <summary>The port mapper outlives its node; it ends only when no node is registered with it.</summary>
    public async Task EndPortMapperAsync(CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("epmd", ["-port", $"{Port + 2}", "-kill"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var end = Process.Start(start)!;
        var said = end.StandardOutput.ReadToEndAsync(cancellation);
        await end.StandardError.ReadToEndAsync(cancellation);
        await said;
        await end.WaitForExitAsync(cancellation);
    }

    private Dictionary<string, string> Lines()
    {
        var lines = new Dictionary<string, string>
        {
            ["listeners.tcp.1"] = $"127.0.0.1:{Port}",
            ["vm_memory_high_watermark.absolute"] = "512MB",
            ["disk_free_limit.absolute"] = "100MB",
            ["max_message_size"] = $"{1024 * 1024}",
        };
        foreach (var (key, value) in Settings)
        {
            lines[key] = value;
        }

        return lines;
    }

    private Dictionary<string, string> Environment() => new()
    {
        ["HOME"] = In("home"),
        ["LANG"] = "C.UTF-8",
        ["RABBITMQ_CONF_ENV_FILE"] = In("environment"),
        ["RABBITMQ_CONFIG_FILE"] = In("rabbitmq.conf"),
        ["RABBITMQ_NODENAME"] = $"imprimatur{Port}@localhost",
        ["RABBITMQ_NODE_IP_ADDRESS"] = "127.0.0.1",
        ["RABBITMQ_NODE_PORT"] = $"{Port}",
        ["RABBITMQ_DIST_PORT"] = $"{Port + 1}",
        ["ERL_EPMD_PORT"] = $"{Port + 2}",
        ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
        ["RABBITMQ_MNESIA_BASE"] = In("mnesia"),
        ["RABBITMQ_LOG_BASE"] = Logs,
        ["RABBITMQ_ENABLED_PLUGINS_FILE"] = In("enabled_plugins"),
        ["RABBITMQ_GENERATED_CONFIG_DIR"] = In("generated"),
        ["RABBITMQ_PID_FILE"] = PidFile,
        // Loopback only, and no scheduler that spins while it has nothing to do.
        ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] =
            "-kernel inet_dist_use_interface {127,0,0,1} +sbwt none +sbwtdcpu none +sbwtdio none",
    };

    private string In(params ReadOnlySpan<string> parts) => Path.Combine([Folder, .. parts]);
}
