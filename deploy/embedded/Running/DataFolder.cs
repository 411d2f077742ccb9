using System.Text.Json;
using System.Text.Json.Nodes;

namespace Platform.Embedded;

/// <summary>The one folder of an installation: marked as ours, held by one process at a time.</summary>
internal sealed class DataFolder : IDisposable
{
    /// <summary>Raised when the layout changes in a way that older programs cannot read.</summary>
    private const int Format = 1;

    private const string Marker = "imprimatur.json";

    private const string Product = "imprimatur";

    private readonly FileStream held;

    private DataFolder(string path, FileStream held)
    {
        Path = path;
        this.held = held;
    }

    public string Path { get; }

    public string TokenFile => In("token");

    public string MinterKey => In("keys", "minter.key");

    public string Chain => In("chain");

    public string Logs => In("logs");

    public string Database => In("mongo", "platform.db");

    public string Content => In("content");

    /// <summary>Which processes a platform that runs apart has started.</summary>
    public string ChildrenFile => In("children.json");

    /// <summary>Where a running platform says how it is reached.</summary>
    public static string RunningFile(string data) => System.IO.Path.Combine(data, "running.json");

    public string In(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    /// <exception cref="UserErrorException">Not writable, not ours, of another version, or in use.</exception>
    public static DataFolder Open(string path, bool fresh)
    {
        if (fresh && Directory.Exists(path))
        {
            Erase(path);
        }

        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"The data folder {path} cannot be made: {exception.Message} Choose another with --data.");
        }

        Mark(path);
        var folder = new DataFolder(path, Hold(path));
        foreach (var part in (ReadOnlySpan<string>)["keys", "chain", "logs", "mongo", "content"])
        {
            Directory.CreateDirectory(folder.In(part));
        }

        return folder;
    }

    public void Dispose()
    {
        File.Delete(RunningFile(Path));
        held.Dispose();
    }

    private static void Erase(string path)
    {
        if (!File.Exists(System.IO.Path.Combine(path, Marker)))
        {
            throw new UserErrorException(
                $"--fresh does not delete {path}: it has no {Marker}, so it is not a data folder of ours. Delete it yourself, or choose another with --data.");
        }

        ReadFormat(path);

        using (Hold(path))
        {
            Anvil.KillLeftBehind(System.IO.Path.Combine(path, "chain"));
        }

        Directory.Delete(path, recursive: true);
    }

    private static void Mark(string path)
    {
        var marker = System.IO.Path.Combine(path, Marker);
        if (File.Exists(marker))
        {
            var format = ReadFormat(path);
            if (format != Format)
            {
                throw new UserErrorException(
                    $"The data folder {path} is of format {format}, and this program reads {Format}. Use the version that made it, or start over with --fresh.");
            }

            return;
        }

        // A kill may have left a marker half written beside its place.
        if (Directory.EnumerateFileSystemEntries(path).Any(entry => entry != Unfinished(marker)))
        {
            throw new UserErrorException(
                $"{path} is not empty and has no {Marker}: it is not a data folder of ours. Choose another with --data.");
        }

        try
        {
            File.WriteAllText(Unfinished(marker), JsonSerializer.Serialize(new { format = Format, product = Product }));
            File.Move(Unfinished(marker), marker, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"The data folder {path} is not writable: {exception.Message} Choose another with --data.");
        }
    }

    private static string Unfinished(string marker) => $"{marker}.new";

    /// <exception cref="UserErrorException">The marker is not one that a version of this program wrote.</exception>
    private static int ReadFormat(string path)
    {
        try
        {
            var marker = JsonNode.Parse(File.ReadAllBytes(System.IO.Path.Combine(path, Marker))) as JsonObject;
            if (marker?["product"]?.GetValue<string>() == Product && marker["format"]?.GetValue<int>() is { } format)
            {
                return format;
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            // Told below, as any other marker that is not ours.
        }

        throw new UserErrorException(
            $"{path} has an {Marker} that this program did not write: it is not a data folder of ours. Delete it yourself, or choose another with --data.");
    }

    private static FileStream Hold(string path)
    {
        try
        {
            return new FileStream(
                System.IO.Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception)
        {
            throw new UserErrorException(
                $"The data folder {path} is in use by another process ({exception.Message}). Stop that one, or choose another with --data.");
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new UserErrorException($"The data folder {path} is not writable: {exception.Message} Choose another with --data.");
        }
    }
}
