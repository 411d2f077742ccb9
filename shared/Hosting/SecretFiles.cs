using Microsoft.Extensions.Configuration;

namespace Platform.Hosting;

/// <summary>Reads a setting from the file that <c>KEY__FromFile</c> names: a mounted secret stays out of the environment.</summary>
internal static class SecretFiles
{
    private const string Suffix = "__FromFile";
    private const int LargestBytes = 64 * 1024;

    public static void ReadInto(IConfigurationManager configuration)
    {
        var read = new Dictionary<string, string?>();
        foreach (var (name, file) in configuration.AsEnumerable())
        {
            // The environment's "__" has become ":" here; a file or an argument may say either.
            var key = name.Replace(":FromFile", Suffix, StringComparison.OrdinalIgnoreCase);
            if (key.EndsWith(Suffix, StringComparison.OrdinalIgnoreCase) && file is { Length: > 0 })
            {
                read[key[..^Suffix.Length]] = Read(key, file);
            }
        }

        configuration.AddInMemoryCollection(read);
    }

    private static string Read(string key, string file)
    {
        var info = new FileInfo(file);
        return info switch
        {
            { Exists: false } => throw new InvalidDataException(
                $"{key} names the file {file}, and it is not there. Mount the secret there, or name the file it is in."),
            { Length: > LargestBytes } => throw new InvalidDataException(
                $"{key} names the file {file}, and it has {info.Length} bytes; a secret has at most {LargestBytes}."),
            _ => File.ReadAllText(file).TrimEnd('\r', '\n'),
        };
    }
}
