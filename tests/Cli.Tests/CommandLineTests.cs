namespace Platform.Cli.Tests;

/// <summary>Help and refusals of the real program.</summary>
public sealed class CommandLineTests
{
    [Theory]
    [InlineData("demo", "schemas/campaign.schema.json")]
    [InlineData("run", "run --port 6000")]
    [InlineData("preview", "--fact motif=arches")]
    [InlineData("review", "review approve 3f2a")]
    [InlineData("review approve", "--note")]
    [InlineData("review reject", "--reason image.off-brand")]
    [InlineData("verify", "--deep")]
    [InlineData("keys", "--scope events:write")]
    [InlineData("webhooks", "webhooks replay --dead")]
    public async Task Every_command_helps_with_examples(string command, string part)
    {
        var run = await Imprimatur.RunAsync([.. command.Split(' '), "--help"]);

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Contains("Examples:", run.Output);
        Assert.Contains(part, run.Output);
        Assert.DoesNotContain(run.Output.Split('\n'), line => line.Contains("Examples:") && line.Length > 12);
    }

    [Theory]
    [InlineData("demo --campain x", "'--campain' is no option of demo; did you mean '--campaign'?\nHelp is at: imprimatur demo --help\n")]
    [InlineData("rn", "'rn' is no command of imprimatur; did you mean 'run'?\nHelp is at: imprimatur --help\n")]
    [InlineData("review aprove", "'aprove' is no command of review; did you mean 'approve'?\nHelp is at: imprimatur review --help\n")]
    [InlineData("review reject 3f2a", "Option '--reason' is required.\nHelp is at: imprimatur review reject --help\n")]
    [InlineData("demo --port x", "--port: must be a whole number, and this is 'x'.\nHelp is at: imprimatur demo --help\n")]
    [InlineData("demo --port 70000", "--port: must be 1 to 65532.\nHelp is at: imprimatur demo --help\n")]
    [InlineData("run --generator dali", "--generator: must be 'house' or 'null'.\nHelp is at: imprimatur run --help\n")]
    [InlineData("demo --campaign", "--campaign: needs a value.\nHelp is at: imprimatur demo --help\n")]
    public async Task What_is_not_understood_leaves_with_2_and_a_suggestion(string line, string error)
    {
        var run = await Imprimatur.RunAsync(line.Split(' '));

        Assert.Equal((2, "", error), (run.Code, run.Output, run.Error));
    }

    [Fact]
    public async Task The_schemas_that_help_names_are_there()
    {
        var help = (await Imprimatur.RunAsync("demo", "--help")).Output;

        var named = help.Split('\n').Select(line => line.Trim()).Where(line => line.EndsWith(".schema.json", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, named.Count);
        Assert.All(named, path => Assert.True(File.Exists(path), path));
    }
}
