using System.Security.Cryptography;
using System.Text;

namespace Platform.Hosting;

/// <summary>The one secret that calls to this installation need: 32 random bytes in a file of mode 0600.</summary>
public sealed class InstallationToken
{
    private readonly byte[] digest;

    private InstallationToken(string value)
    {
        Value = value;
        digest = SHA256.HashData(Encoding.UTF8.GetBytes(value));
    }

    /// <summary>Lower-case hex; never logged.</summary>
    public string Value { get; }

    /// <summary>Reads the token, or makes it at first start; of several processes that start at once, one makes it.</summary>
    public static InstallationToken ReadOrCreate(string path)
    {
        if (!File.Exists(path))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            SecretFile.TryCreate(path, Encoding.ASCII.GetBytes(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32))));
        }

        return Read(path);
    }

    public static InstallationToken Read(string path)
    {
        var value = File.ReadAllText(path).Trim();
        return value.Length >= 32
            ? new InstallationToken(value)
            : throw new InvalidDataException($"The token file {path} is shorter than 32 characters; delete it to have a new one made.");
    }

    /// <summary>A key of its own for one purpose (HKDF, RFC 5869), so that no two uses share one.</summary>
    public byte[] DeriveKey(string purpose) => HKDF.DeriveKey(
        HashAlgorithmName.SHA256, Encoding.ASCII.GetBytes(Value), 32, info: Encoding.ASCII.GetBytes(purpose));

    internal bool Matches(string candidate) => CryptographicOperations.FixedTimeEquals(
        digest, SHA256.HashData(Encoding.UTF8.GetBytes(candidate)));
}

/// <summary>Writes files that only their owner may read, whole or not at all.</summary>
public static class SecretFile
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        var temporary = $"{path}.{Guid.CreateVersion7():n}.new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(temporary, options))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>False when the file exists already: it is left as it is, also when another process was first by a hair.</summary>
    public static bool TryCreate(string path, ReadOnlySpan<byte> bytes)
    {
        // Moving without overwriting looks first and moves then, which two can do at once; a lock lets one in.
        using var turn = TakeTurn($"{path}.lock");
        if (File.Exists(path))
        {
            return false;
        }

        Write(path, bytes);
        return true;
    }

    private static FileStream TakeTurn(string path)
    {
        FileStream? turn = null;
        SpinWait.SpinUntil(
            () =>
            {
                try
                {
                    turn = Open();
                    return true;
                }
                catch (IOException)
                {
                    return false; // another has it
                }
            },
            Patience);
        return turn ?? Open();

        FileStream Open() => new(
            path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
    }
}
