using Platform.Hosting;

namespace Platform.Shared.Tests;

public sealed class InstallationTokenTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("token-").FullName;

    private string TokenFile => Path.Combine(folder, "data", "token");

    [Fact]
    public void Is_made_once_and_read_again()
    {
        var made = InstallationToken.ReadOrCreate(TokenFile);

        var again = InstallationToken.ReadOrCreate(TokenFile);

        Assert.Equal(made.Value, again.Value);
        Assert.Matches("^[0-9a-f]{64}$", made.Value);
        Assert.True(again.Matches(made.Value));
        Assert.False(again.Matches(made.Value[1..]));
        Assert.False(again.Matches(""));
    }

    [Fact]
    public void Is_for_its_owner_only()
    {
        InstallationToken.ReadOrCreate(TokenFile);

        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(TokenFile));
        }

        Assert.Equal([TokenFile], Directory.GetFiles(Path.GetDirectoryName(TokenFile)!));
    }

    [Fact]
    public async Task Is_the_same_for_all_processes_that_start_at_once()
    {
        for (var round = 0; round < 20; round++)
        {
            var file = Path.Combine(folder, $"{round}", "token");
            using var together = new Barrier(6);

            var tokens = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    together.SignalAndWait();
                    return InstallationToken.ReadOrCreate(file).Value;
                },
                default, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

            Assert.Single(tokens.Distinct());
            Assert.Equal(tokens[0], InstallationToken.Read(file).Value);
        }
    }

    [Fact]
    public void Says_what_to_do_when_the_file_was_emptied()
    {
        InstallationToken.ReadOrCreate(TokenFile);
        File.WriteAllText(TokenFile, "");

        var refusal = Assert.Throws<InvalidDataException>(() => InstallationToken.ReadOrCreate(TokenFile));

        Assert.Contains("delete it to have a new one made", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Derives_a_key_of_its_own_for_each_purpose()
    {
        var token = InstallationToken.ReadOrCreate(TokenFile);

        Assert.Equal(token.DeriveKey("sealing"), InstallationToken.Read(TokenFile).DeriveKey("sealing"));
        Assert.NotEqual(token.DeriveKey("sealing"), token.DeriveKey("pseudonyms"));
        Assert.Equal(32, token.DeriveKey("sealing").Length);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
