using Platform.Chain.Bindings;

namespace Platform.Chain.Tests;

public class BindingTests
{
    private static readonly string Abis = Path.Combine(Vectors.Repository, "contracts", "solidity", "abi");
    private static readonly string Generated = Path.Combine(Vectors.Repository, "shared", "Chain", "Contracts");

    [Fact]
    public void Are_what_the_generator_makes_of_the_checked_in_ABIs()
    {
        Assert.SkipUnless(Directory.Exists(Abis), $"There are no ABIs in {Abis}.");
        var expected = Directory.GetFiles(Abis, "*.json").ToDictionary(
            abi => Path.Combine(Generated, Path.GetFileNameWithoutExtension(abi) + ".g.cs"),
            abi => BindingGenerator.Generate(File.ReadAllText(abi)));

        if (Environment.GetEnvironmentVariable("PLATFORM_UPDATE_BINDINGS") == "1")
        {
            Array.ForEach(Directory.GetFiles(Generated, "*.g.cs"), File.Delete);

            foreach (var (path, source) in expected)
            {
                File.WriteAllText(path, source);
            }
        }

        Assert.Equal(expected.Keys.Order(), Directory.GetFiles(Generated, "*.g.cs").Order());

        foreach (var (path, source) in expected)
        {
            Assert.True(
                source == File.ReadAllText(path),
                $"{Path.GetFileName(path)} is not what its ABI says: run these tests with PLATFORM_UPDATE_BINDINGS=1.");
        }
    }
}
