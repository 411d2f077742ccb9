using System.Diagnostics;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Platform.Architecture.Tests;

/// <summary>What holds for the repository as a newcomer finds it.</summary>
public sealed partial class RepositoryTests(ITestOutputHelper output)
{
    private static readonly string[] Root =
    [
        ".ci", ".dockerignore", ".editorconfig", ".gitattributes", ".gitignore", "BannedSymbols.txt", "Directory.Build.props",
        "Directory.Packages.props", "LICENSE", "Platform.sln", "README.md", "contracts", "deploy", "global.json", "services",
        "shared", "tests", "tye.yaml",
    ];

    private static readonly string[] Licences = ["MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "MS-PL", "PostgreSQL"];

    // Packages that name their licence in a file only; each was read.
    private static readonly Dictionary<string, string> Read = new(StringComparer.OrdinalIgnoreCase)
    {
        ["BouncyCastle.Cryptography"] = "MIT", ["Grpc.Tools"] = "Apache-2.0", ["HdrHistogram"] = "BSD-2-Clause", ["SharpCompress"] = "MIT", ["Snappier"] = "BSD-3-Clause",
    };

    [Fact]
    public void The_root_holds_what_it_should_and_nothing_else() =>
        Assert.Empty(Tracked().Select(path => path.Split('/')[0]).Distinct().Except(Root));

    [Fact]
    public void The_solution_names_every_project()
    {
        var solution = File.ReadAllText(Path.Combine(Repository.Root, "Platform.sln")).Replace('\\', '/');

        Assert.All(
            Tracked().Where(path => path.EndsWith(".csproj", StringComparison.Ordinal)),
            project => Assert.Contains(project, solution, StringComparison.Ordinal));
    }

    [Fact]
    public void No_source_uses_what_the_house_does_not()
    {
        var uses = Tracked().Where(path => path.StartsWith("services/", StringComparison.Ordinal) && path.EndsWith(".cs", StringComparison.Ordinal))
            .Where(path => Unwanted().IsMatch(File.ReadAllText(Path.Combine(Repository.Root, path))));

        Assert.Empty(uses);
    }

    [Fact]
    public void Every_package_has_a_licence_we_may_use()
    {
        var unfit = Packages().Where(package => !LicenceOf(package.Id, package.Version).Split(" OR ").Intersect(Licences).Any())
            .Select(package => $"{package.Id} {package.Version}: {LicenceOf(package.Id, package.Version)}");

        Assert.Empty(unfit);
    }

    [Fact]
    public void Long_files_are_named()
    {
        var long200 = Tracked()
            .Where(path => path.EndsWith(".cs", StringComparison.Ordinal) && !path.EndsWith(".g.cs", StringComparison.Ordinal))
            .Select(path => (path, lines: File.ReadLines(Path.Combine(Repository.Root, path)).Count()))
            .Where(each => each.lines > 200)
            .OrderByDescending(each => each.lines)
            .ToList();

        output.WriteLine(string.Join('\n', long200.Select(each => $"{each.lines,5} {each.path}")));
        Assert.DoesNotContain(long200, each => each.lines > 600);
    }

    private static IEnumerable<string> Tracked()
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["ls-files", "--cached", "--others", "--exclude-standard"])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = Repository.Root,
        })!;
        return git.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(path => File.Exists(Path.Combine(Repository.Root, path)));
    }

    private static IEnumerable<(string Id, string Version)> Packages() =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "artifacts", "obj"), "project.assets.json", SearchOption.AllDirectories)
            .SelectMany(file =>
            {
                using var assets = System.Text.Json.JsonDocument.Parse(File.ReadAllText(file));
                return assets.RootElement.GetProperty("libraries").EnumerateObject()
                    .Where(library => library.Value.GetProperty("type").GetString() == "package")
                    .Select(library => library.Name.Split('/'))
                    .Select(parts => (parts[0], parts[1]))
                    .ToList();
            })
            .Distinct();

    private static string LicenceOf(string id, string version)
    {
        if (Read.TryGetValue(id, out var read))
        {
            return read;
        }

        var cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        var nuspec = Path.Combine(cache, id.ToLowerInvariant(), version, $"{id.ToLowerInvariant()}.nuspec");
        var metadata = XDocument.Load(nuspec).Root!.Elements().Single(element => element.Name.LocalName == "metadata");
        var licence = metadata.Elements().FirstOrDefault(element => element.Name.LocalName == "license");
        var url = metadata.Elements().FirstOrDefault(element => element.Name.LocalName == "licenseUrl")?.Value;
        return licence?.Attribute("type")?.Value == "expression" ? licence.Value : FromUrl(url) ?? $"unknown ({url ?? licence?.Value})";
    }

    private static string? FromUrl(string? url) => url switch
    {
        null => null,
        _ when url.Contains("apache.org/licenses/LICENSE-2.0", StringComparison.OrdinalIgnoreCase) => "Apache-2.0",
        _ when url.Contains("aspnet/Home", StringComparison.OrdinalIgnoreCase) => "Apache-2.0",
        _ when url.Contains("dotnet/", StringComparison.OrdinalIgnoreCase) => "MIT",
        _ when url.Contains("xunit", StringComparison.OrdinalIgnoreCase) => "Apache-2.0",
        _ when url.Contains("go.microsoft.com/fwlink/?linkid=329770", StringComparison.OrdinalIgnoreCase) => "MIT",
        _ => null,
    };

    [GeneratedRegex(@"^using (Dapr|Newtonsoft)\b", RegexOptions.Multiline)]
    private static partial Regex Unwanted();
}
