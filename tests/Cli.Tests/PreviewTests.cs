using System.Text.Json.Nodes;
using Platform.Embedded;

namespace Platform.Cli.Tests;

/// <summary>A look at what a campaign would make: prompt, parameters and picture; nothing is minted, nothing is left.</summary>
public sealed class PreviewTests(Bench bench)
{
    private static readonly string[] Facts =
        ["--fact", "motif=arches", "--fact", "roast=dark", "--fact", "temper=calm", "--fact", "cups=38"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Draws_without_a_platform_and_leaves_nothing_but_the_picture()
    {
        using var folder = new Scratch();
        var campaign = bench.Write("campaign.json", Small().ToJsonString());
        var picture = Path.Combine(folder.Path, "a.png");

        var run = await Imprimatur.RunAsync(["preview", "--campaign", campaign, .. Facts, "--out", picture, "--data", folder.In("none")]);

        Assert.Equal((0, ""), (run.Code, run.Error.Replace("Drawing; a first picture takes some seconds …\n", "")));
        Assert.Contains("prompt      A calm, gentle arches for the autumn harvest, generous. Roast: dark.", run.Output);
        Assert.Contains("family      arches", run.Output);
        Assert.Contains($"picture     {picture} (image/png, ", run.Output);
        Assert.Equal("89504E470D0A1A0A", Convert.ToHexString((await File.ReadAllBytesAsync(picture, Cancellation))[..8]));
        Assert.Equal([picture], Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task Asks_a_running_platform_and_the_same_seed_gives_the_same_picture()
    {
        using var folder = new Scratch();
        var campaign = bench.Write("campaign.json", Small().ToJsonString());
        string[] Line(string seed, string name) =>
            ["preview", "--campaign", campaign, .. Facts, "--seed", seed, "--out", folder.In(name), "--data", bench.Data, "--json"];

        var first = await Imprimatur.RunAsync(Line("7", "a.png"));
        var again = await Imprimatur.RunAsync(Line("0x" + new string('0', 63) + "7", "b.png"));
        var other = await Imprimatur.RunAsync(Line("8", "c.png"));

        Assert.Equal((0, 0, 0), (first.Code, again.Code, other.Code));
        var told = JsonNode.Parse(first.Output)!;
        Assert.Equal("arches", (string?)told["family"]);
        Assert.Equal(256, (int?)told["parameters"]!["size"]);
        Assert.Equal(folder.In("a.png"), (string?)told["image"]);
        var picture = await File.ReadAllBytesAsync(folder.In("a.png"), Cancellation);
        Assert.Equal(picture, await File.ReadAllBytesAsync(folder.In("b.png"), Cancellation));
        Assert.NotEqual(picture, await File.ReadAllBytesAsync(folder.In("c.png"), Cancellation));
    }

    [Fact]
    public async Task Missing_facts_are_named_with_type_and_range()
    {
        var run = await Imprimatur.RunAsync("preview", "--fact", "roast=dark");

        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.Equal(
            """
            Campaign kaffa-autumn needs 3 facts that are not given:
              motif   TEXT, one of arches, botanical, landscape, sunburst, tiles, emblem, scales, cutouts
              temper  TEXT, one of calm, playful, bold
              cups    NUMBER from 0 to 10000
            Such as: --fact motif=arches --fact temper=calm --fact cups=0

            """,
            run.Error);
    }

    [Theory]
    [InlineData("cups=many", "--fact cups: must be a NUMBER from 0 to 10000.")]
    [InlineData("cups=-1", "--fact cups: must be a NUMBER from 0 to 10000.")]
    [InlineData("member=yes", "--fact member: must be a BOOLEAN, true or false.")]
    [InlineData("roast=burnt", "--fact roast: must be a TEXT, one of light, medium, dark.")]
    [InlineData("rost=dark", "--fact rost: the campaign declares no such fact; did you mean 'roast'?")]
    [InlineData("roast", "--fact roast: write name=value.")]
    public void A_wrong_fact_is_told_with_what_to_write(string argument, string message)
    {
        var campaign = CampaignFile.Read(bench.Write("campaign.json", Small().ToJsonString())).Definition;

        var refusal = Assert.Throws<UserErrorException>(() => FactArguments.Read(
            campaign, [argument], """{"motif":"arches","temper":"calm","roast":"dark","cups":1}"""));

        Assert.Equal(message, refusal.Message);
    }

    [Fact]
    public void Values_have_the_declared_type()
    {
        var campaign = CampaignFile.Read(bench.Write("campaign.json", Small().ToJsonString())).Definition;

        var facts = FactArguments.Read(
            campaign, ["cups=2.5", "member=TRUE", "motif=tiles"], """{"motif":"arches","temper":"calm","roast":"dark"}""");

        Assert.Equal(2.5, facts.Fields["cups"].NumberValue);
        Assert.True(facts.Fields["member"].BoolValue);
        Assert.Equal("tiles", facts.Fields["motif"].StringValue);
    }

    [Fact]
    public async Task A_family_that_the_artist_does_not_have_is_told_with_file_and_line()
    {
        using var folder = new Scratch();
        var broken = Small();
        broken["style"]!["families"] = new JsonArray("arches", "spaceships");
        var campaign = bench.Write("campaign.json", broken.ToJsonString());

        var run = await Imprimatur.RunAsync(["preview", "--campaign", campaign, .. Facts, "--out", folder.In("a.png"), "--data", bench.Data]);

        Assert.Equal(2, run.Code);
        Assert.StartsWith($"{campaign}:1: style: The house artist has no family 'spaceships'; it has ", run.Error);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("seven")]
    [InlineData("0x12")]
    public void A_seed_is_a_number_or_64_digits(string seed) =>
        Assert.StartsWith($"--seed {seed}: use a whole number", Assert.Throws<UserErrorException>(() => Seed.Parse(seed)).Message);

    private static JsonObject Small()
    {
        var campaign = Bench.ACampaign("preview-tests");
        campaign["style"]!["size"] = 256;
        return campaign;
    }

    /// <summary>A folder for the time of a test.</summary>
    private sealed class Scratch : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("cli-preview-").FullName;

        public string In(string name) => System.IO.Path.Combine(Path, name);

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
