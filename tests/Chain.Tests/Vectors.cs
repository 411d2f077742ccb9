using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Platform.Chain.Tests;

/// <summary>The checked-in vectors, read where the sources lie.</summary>
internal static class Vectors
{
    public static JsonElement Read(string file) =>
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Here(), "vectors", file))).RootElement;

    public static string Text(this JsonElement json, string name) => json.GetProperty(name).GetString()!;

    public static byte[] Bytes(this JsonElement json, string name) => Hex.Decode(json.Text(name).ToLowerInvariant());

    public static string Repository => Path.GetFullPath(Path.Combine(Here(), "..", ".."));

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
