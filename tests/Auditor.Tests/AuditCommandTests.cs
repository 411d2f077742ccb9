using System.Text.Json;
using Platform.Embedded;

namespace Platform.Auditor.Tests;

/// <summary>The command line around the auditor: files, addresses, exit codes.</summary>
public sealed class AuditCommandTests(World world) : IDisposable
{
    private readonly string file = Path.Combine(Path.GetTempPath(), $"p2-audit-{Guid.CreateVersion7():N}.ndjson");

    [Fact]
    public async Task Ends_with_0_and_counts_first_when_nothing_differs()
    {
        await File.WriteAllLinesAsync(file, world.Answers.Select(answer => JsonSerializer.Serialize(answer, JsonSerializerOptions.Web)));

        var (code, output) = await RunAsync(new AuditOptions { Data = world.Options.Data, Answers = file, WaitSeconds = 1 });

        Assert.Equal(0, code);
        Assert.Matches(@"accepted +10 +assets +10 +minted +8", output);
        Assert.EndsWith("Nothing differs.", output.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ends_with_1_and_tells_machines_what_differs()
    {
        // As the ingest answered, whole: an asset that campaigns never had.
        await File.WriteAllTextAsync(
            file, """{"assets":[{"event":"e","variant":"default","assetId":"11111111-2222-8333-8444-555555555555","status":"received"}]}""");

        var (code, output) = await RunAsync(new AuditOptions { Data = world.Options.Data, Answers = file, Json = true });

        using var json = JsonDocument.Parse(output);
        Assert.Equal(1, code);
        Assert.False(json.RootElement.GetProperty("holds").GetBoolean());
        Assert.Equal(1, json.RootElement.GetProperty("kinds").GetProperty("event.lost").GetInt64());
        Assert.Equal("e", json.RootElement.GetProperty("differences")[0].GetProperty("subject").GetString());
    }

    [Theory]
    [InlineData("", "has no answers")]
    [InlineData("{\"event\":\"e\"}", ":1: no ingest answer")]
    [InlineData("{\"event\":\"e\",\"variant\":\"v\",\"assetId\":\"11111111-2222-8333-8444-555555555555\"}\nnonsense", ":2: no ingest answer")]
    [InlineData("[1]", ":1: no ingest answer")]
    public async Task Says_which_line_is_no_answer(string text, string expected)
    {
        await File.WriteAllTextAsync(file, text);

        var error = await Assert.ThrowsAsync<UserErrorException>(
            () => RunAsync(new AuditOptions { Data = world.Options.Data, Answers = file }));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_that_no_platform_runs_there()
    {
        var error = await Assert.ThrowsAsync<UserErrorException>(() => RunAsync(new AuditOptions { Data = "/nowhere" }));

        Assert.Contains("No platform runs on /nowhere", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_which_service_gives_no_answer()
    {
        using var http = new HttpClient(new SocketsHttpHandler());
        var closed = new Uri("http://127.0.0.1:1");
        var auditor = new PlatformAuditor(
            AuditAddresses.OfOne(world.Options.Http, world.Options.Rpc, "x") with { Storage = [closed] }, http, TimeProvider.System);

        var error = await Assert.ThrowsAsync<AuditUnavailableException>(() => auditor.AuditAsync(null, CancellationToken.None));

        Assert.Contains("storage gives no answer: 127.0.0.1:1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Asks_the_replica_that_lives()
    {
        using var http = new HttpClient(new SocketsHttpHandler());
        var token = (await File.ReadAllTextAsync(Path.Combine(world.Options.Data, "token"))).Trim();
        var addresses = AuditAddresses.OfOne(world.Options.Http, world.Options.Rpc, token) with
        {
            Campaigns = [new Uri("http://127.0.0.1:1"), world.Options.Http],
        };

        (await new PlatformAuditor(addresses, http, TimeProvider.System).AuditAsync(world.Answers, CancellationToken.None)).AssertHolds();
    }

    public void Dispose() => File.Delete(file);

    private static async Task<(int Code, string Output)> RunAsync(AuditOptions options)
    {
        await using var output = new StringWriter();
        var code = await AuditCommand.RunAsync(options, output, CancellationToken.None);
        return (code, output.ToString());
    }
}
