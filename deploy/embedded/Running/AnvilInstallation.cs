using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Platform.Embedded;

/// <summary>Finds anvil on the PATH, or installs it from npm for this system and processor, once a user.</summary>
internal static class AnvilInstallation
{
    private const string Version = "1.7.1";

    public static async Task<string> FindAsync(Action<string> say, CancellationToken cancellation)
    {
        var program = OperatingSystem.IsWindows() ? "anvil.exe" : "anvil";
        if (OnPath(program) is { } found)
        {
            return found;
        }

        var package = $"@foundry-rs/anvil-{Platform()}-{Processor()}";
        var folder = Path.Combine(Cache(), "imprimatur", $"anvil-{Version}");
        var installed = Path.Combine(folder, "node_modules", package, "bin", program);
        if (!File.Exists(installed))
        {
            say($"Installing {package}@{Version} from npm (once) …");
            await InstallAsync(package, folder, cancellation);
        }

        return File.Exists(installed)
            ? installed
            : throw new UserErrorException($"npm installed {package}, but {installed} is not there. Install Foundry's anvil and put it on the PATH.");
    }

    private static async Task InstallAsync(string package, string folder, CancellationToken cancellation)
    {
        if (OnPath(OperatingSystem.IsWindows() ? "npm.cmd" : "npm") is not { } npm)
        {
            throw new UserErrorException(
                "The local chain needs anvil, and there is neither anvil nor npm on the PATH. Install node (with npm) or Foundry, and start again.");
        }

        // Installed beside its place and moved, so that an interrupted download is not taken for an installation.
        var temporary = $"{folder}.{Environment.ProcessId}";
        Directory.CreateDirectory(temporary);
        using var process = Process.Start(new ProcessStartInfo(npm,
            ["install", "--prefix", temporary, "--no-save", "--no-audit", "--no-fund", "--ignore-scripts", $"{package}@{Version}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync(cancellation);
        var errors = await process.StandardError.ReadToEndAsync(cancellation);
        await output;
        await process.WaitForExitAsync(cancellation);
        if (process.ExitCode != 0)
        {
            Directory.Delete(temporary, recursive: true);
            throw new UserErrorException(
                $"npm could not install {package}@{Version}:\n{errors.Trim()}\nMend that, or install Foundry's anvil and put it on the PATH.");
        }

        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        Directory.Move(temporary, folder);
    }

    private static string? OnPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, program))
        .FirstOrDefault(File.Exists);

    private static string Cache() => Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache
        ? cache
        : OperatingSystem.IsWindows()
            ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");

    private static string Platform() =>
        OperatingSystem.IsWindows() ? "win32" : OperatingSystem.IsMacOS() ? "darwin" : "linux";

    private static string Processor() => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => "amd64",
        Architecture.Arm64 => "arm64",
        var other => throw new UserErrorException($"Foundry has no anvil for a {other} processor; put one on the PATH yourself."),
    };
}
