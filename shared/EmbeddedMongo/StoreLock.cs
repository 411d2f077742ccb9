namespace Platform.EmbeddedMongo;

/// <summary>Keeps a second process away from the file: SQLite alone would let it in.</summary>
internal static class StoreLock
{
    public static FileStream Take(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        try
        {
            Directory.CreateDirectory(folder);
            return new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new EmbeddedMongoException($"The folder {folder} is not writable: {error.Message}", error);
        }
        catch (IOException error) when (File.Exists(path + ".lock"))
        {
            throw new EmbeddedMongoException(
                $"{path} is in use by another process (or another server of this one); stop it, or name another file.",
                error);
        }
        catch (IOException error)
        {
            throw new EmbeddedMongoException($"The folder {folder} is not writable: {error.Message}", error);
        }
    }
}
