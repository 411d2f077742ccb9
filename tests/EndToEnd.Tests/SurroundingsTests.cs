using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Platform.Grpc.Campaigns;

namespace Platform.EndToEnd.Tests;

/// <summary>What the program says when its surroundings are not as it needs them.</summary>
public sealed class SurroundingsTests : EndToEndTest
{
    private const string Campaign = "surroundings";

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_port_that_is_taken_is_named(int offset)
    {
        var (data, port) = (AFolder(), APort());
        using var other = new TcpListener(IPAddress.Loopback, port + offset);
        other.Start();

        var said = await FailsAsync(Start(data, port, ["run"]));

        Assert.Contains($"{port + offset}", said, StringComparison.Ordinal);
        Assert.Contains("--port", said, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(data, "chain"), "anvil.json"));
        other.Stop();
        await RunAsync(data, port); // and the folder is as good as before
    }

    [Fact]
    public async Task A_data_folder_has_one_program_at_a_time()
    {
        var (data, port) = (AFolder(), APort());
        var first = await RunAsync(data, port);

        var said = await FailsAsync(Start(data, APort(), ["run"]));
        var erased = await FailsAsync(Start(data, APort(), ["run", "--fresh"]));

        Assert.Contains("in use", said, StringComparison.Ordinal);
        Assert.Contains("in use", erased, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await first.Http.GetAsync(new Uri("health/ready", UriKind.Relative))).StatusCode);
    }

    [Theory]
    [InlineData("run")]
    [InlineData("run", "--fresh")]
    public async Task A_folder_of_somebody_else_is_left_alone(params string[] arguments)
    {
        var data = AFolder();
        Directory.CreateDirectory(data);
        var theirs = Path.Combine(data, "thesis.txt");
        await File.WriteAllTextAsync(theirs, "years of work");

        var said = await FailsAsync(Start(data, APort(), arguments));

        Assert.Contains(data, said, StringComparison.Ordinal);
        Assert.Equal([theirs], Directory.EnumerateFileSystemEntries(data));
        Assert.Equal("years of work", await File.ReadAllTextAsync(theirs));
    }

    [Fact]
    public async Task Another_chain_on_our_port_is_not_taken_for_ours()
    {
        var (theirs, data, port) = (AFolder(), AFolder(), APort());
        var first = await RunAsync(theirs, port);
        await first.KillAsync(withChain: false); // leaves its chain behind, where ours would be
        var height = await new Chain(first.Rpc, "").BlockNumberAsync();

        var said = await FailsAsync(Start(data, port, ["run"]));

        Assert.Contains($"{port + 2}", said, StringComparison.Ordinal);
        Assert.Equal(height, await new Chain(first.Rpc, "").BlockNumberAsync());
        await RunAsync(theirs, port); // and its own platform still finds it
    }

    [Theory]
    [InlineData("""{"format":2,"product":"imprimatur"}""", "format 2")]
    [InlineData("""{"product":"imprimatur"}""", "imprimatur.json")]
    [InlineData("""{"format":1,"product":"somebody else's"}""", "imprimatur.json")]
    [InlineData("{", "imprimatur.json")]
    [InlineData("", "imprimatur.json")]
    [InlineData("", "imprimatur.json", "--fresh")]
    [InlineData("[]", "imprimatur.json")]
    [InlineData("""{"format":"two"}""", "imprimatur.json")]
    public async Task A_marker_of_another_format_is_refused(string marker, string named, params string[] more)
    {
        var data = AFolder();
        Directory.CreateDirectory(data);
        await File.WriteAllTextAsync(Path.Combine(data, "imprimatur.json"), marker);

        var said = await FailsAsync(Start(data, APort(), ["run", .. more]));

        Assert.Contains(named, said, StringComparison.Ordinal);
        Assert.Single(Directory.EnumerateFileSystemEntries(data));
    }

    [Fact]
    public async Task Fresh_starts_over_in_a_folder_of_ours()
    {
        var (data, port) = (AFolder(), APort());
        var first = await RunAsync(data, port);
        var token = first.Token;
        await Situations.PublishCampaignAsync(first, Situations.ACampaign(Campaign));
        await first.KillAsync(withChain: false);

        var second = await RunAsync(data, port, null, "--fresh");

        Assert.NotEqual(token, second.Token);
        Assert.Empty((await second.Campaigns.ListCampaignsAsync(new ListCampaignsRequest())).Campaigns);
        Assert.InRange(await new Chain(second.Rpc, "").BlockNumberAsync(), 0, 1);
    }

    [Theory]
    [InlineData("imprimatur.json", false)]
    [InlineData("keys/minter.key", true)]
    [InlineData("chain/anvil.json", false)]
    [InlineData("token", true)]
    public async Task A_first_start_that_is_killed_half_way_is_no_hindrance(string appears, bool withChain)
    {
        var (data, port) = (AFolder(), APort());
        var first = Start(data, port, ["run"]);
        await UntilAsync(
            () => Task.FromResult(File.Exists(Path.Combine(data, appears)) ? null : $"no {appears}"),
            TimeSpan.FromSeconds(60),
            every: TimeSpan.FromMilliseconds(1));
        await first.KillAsync(withChain);
        var left = Directory.EnumerateFiles(data, "*", SearchOption.AllDirectories);
        Tell($"left behind: {string.Join(' ', left.Select(path => Path.GetRelativePath(data, path)))}");

        var second = await RunAsync(data, port);

        await Situations.PublishCampaignAsync(second, Situations.ACampaign(Campaign));
        await PublishAsync(second, Situations.Events(1));
        await UntilAsync(
            async () =>
            {
                var progress = await second.Campaigns.GetProgressAsync(new GetProgressRequest { Campaign = Campaign });
                return progress.Minted == 1 ? null : $"{progress}";
            },
            TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_named()
    {
        Assert.SkipWhen(System.Environment.IsPrivilegedProcess, "Root may write everywhere.");
        var data = AFolder();
        Directory.CreateDirectory(data);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(data, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        var said = await FailsAsync(Start(data, APort(), ["run"]));

        Assert.Contains("not writable", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/proc/imprimatur")]
    [InlineData("/dev/null/imprimatur")]
    public async Task A_folder_that_cannot_be_made_is_named(string data)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "These places are Linux's.");

        var said = await FailsAsync(Start(data, APort(), ["run"]));

        Assert.Contains(data, said, StringComparison.Ordinal);
        Assert.Contains("--data", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_anvil_and_npm_it_says_what_to_install()
    {
        var (data, empty) = (AFolder(), AFolder());
        Directory.CreateDirectory(empty);

        var said = await FailsAsync(Start(data, APort(), ["run"], new Dictionary<string, string?>
        {
            ["PATH"] = empty,
            ["XDG_CACHE_HOME"] = empty, // nothing was installed earlier either
        }));

        Assert.Contains("anvil", said, StringComparison.Ordinal);
        Assert.Contains("npm", said, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(empty));
    }

    [Fact]
    public async Task A_chain_that_is_killed_comes_back_and_loses_nothing()
    {
        var (data, port) = (AFolder(), APort());
        var run = await RunAsync(data, port, null, "--linger", "200");
        await Situations.PublishCampaignAsync(run, Situations.ACampaign(Campaign));
        var said = run.NextLineAsync("The local chain ended unexpectedly");
        var inBlock = run.NextLineAsync("is in block");
        await PublishAsync(run, Situations.Events(20));
        await inBlock.WaitAsync(TimeSpan.FromSeconds(60));

        var first = run.Chain()!;
        var clock = Stopwatch.StartNew();
        first.Kill();
        await said.WaitAsync(TimeSpan.FromSeconds(30));
        await PublishAsync(run, Situations.Events(20, "later"));

        await UntilAsync(
            async () =>
            {
                var progress = await run.Campaigns.GetProgressAsync(new GetProgressRequest { Campaign = Campaign });
                return progress.Minted == 40 ? null : $"{progress}";
            },
            TimeSpan.FromSeconds(90));
        var contract = (await run.Minting.GetCollectionAsync(new() { Campaign = Campaign })).Contract;
        var chain = new Chain(run.Rpc, contract);
        await UntilAsync(
            async () => await chain.CountAsync() is var count and not 40 ? $"{count} tokens on chain" : null,
            TimeSpan.FromSeconds(60));
        Tell($"40 tokens {clock.Elapsed.TotalSeconds:F1} s after the chain was killed");
        Assert.NotEqual(first.Id, run.Chain()!.Id);
        Assert.False(run.HasEnded);
    }

    private static async Task PublishAsync(Imprimatur run, IReadOnlyList<APublishedEvent> events)
    {
        using var answer = await Situations.PostAsync(run.Http, Campaign, events);
        Assert.True(answer.StatusCode == HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Exit code 2, nothing on stdout, a sentence instead of a stack trace on stderr.</summary>
    private static async Task<string> FailsAsync(Imprimatur program)
    {
        var code = await program.EndsAsync(TimeSpan.FromSeconds(60));

        Tell($"exit code {code}: {program.Errors}");
        Assert.Equal(2, code);
        Assert.Equal("", program.Output);
        Assert.DoesNotContain("   at Platform.", program.Errors, StringComparison.Ordinal);
        return program.Errors;
    }
}
