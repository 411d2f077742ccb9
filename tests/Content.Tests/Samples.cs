using System.Text;

namespace Platform.Content.Tests;

/// <summary>The contents the vectors speak of.</summary>
internal static class Samples
{
    internal static byte[] Generate(int size)
    {
        var bytes = new byte[size];

        for (var index = 0; index < size; index++)
        {
            bytes[index] = (byte)(((uint)index * 2654435761u) >> 24);
        }

        return bytes;
    }

    internal static UnixFsLink Entry(string name, byte[] bytes, MemoryBlocks? blocks = null)
    {
        var root = UnixFsFile.Import(bytes, UnixFsProfile.V1_2025, block => blocks?.Add(block));
        return new(name, root.Cid, root.DagSize);
    }

    internal static UnixFsLink[] ThreeFiles(MemoryBlocks? blocks = null)
    {
        return
        [
            Entry("c.json", "{\"name\":\"c\"}\n"u8.ToArray(), blocks),
            Entry("a.txt", "alpha\n"u8.ToArray(), blocks),
            Entry("b.bin", Generate(1000), blocks),
        ];
    }

    internal static UnixFsLink[] ManyFiles(int count, MemoryBlocks? blocks = null)
    {
        return [.. Enumerable.Range(0, count).Select(
            index => Entry($"file-{index:d5}.txt", Encoding.UTF8.GetBytes($"content {index}\n"), blocks))];
    }

    internal static async Task<byte[]> ReadAllAsync(Stream stream)
    {
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy);
        return copy.ToArray();
    }
}
