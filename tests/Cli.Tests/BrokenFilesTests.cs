using Platform.Embedded;
using Platform.Grpc.Campaigns;

namespace Platform.Cli.Tests;

/// <summary>A broken file is refused with file, line and field, and nothing of it is admitted.</summary>
public sealed class BrokenFilesTests(Bench bench)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("\"title\": \"Kaffa Autumn Harvest\"", "\"titel\": \"Kaffa\"", ":4: titel: is not known; did you mean 'title'?")]
    [InlineData("\"usageTerms\"", "\"usage_terms\"", "usage_terms: is not known; did you mean 'usageTerms'?")]
    [InlineData("\"basisPoints\": 500", "\"basisPoints\": \"500\"", ":23: royalty.basisPoints: must be a whole number, and this is a text.")]
    [InlineData("\"basisPoints\": 500", "\"basisPoints\": 2.5", "royalty.basisPoints: must be a whole number, and this is the number 2.5.")]
    [InlineData("\"title\": \"Kaffa Autumn Harvest\"", "\"title\": 7", ":4: title: must be a text in \"…\", and this is the number 7.")]
    [InlineData("\"type\": \"NUMBER\"", "\"type\": \"INTEGER\"", ":11: facts[3].type: must be \"TEXT\", \"NUMBER\" or \"BOOLEAN\", and this is \"INTEGER\".")]
    [InlineData("\"personal\": true, \"minimum\"", "\"personal\": 1, \"minimum\"", "facts[3].personal: must be true or false, and this is the number 1.")]
    [InlineData("\"budget\": 1000", "\"budget\": null", "budget: must be a whole number, and this is null: leave out what you do not have.")]
    [InlineData("\"budget\": 1000,", "\"budget\": 1000, \"budget\": 2,", "budget: is there twice; write it once.")]
    [InlineData("\"budget\": 1000,", "\"budget\" 1000,", ":25: not JSON at column")]
    [InlineData("\"style\": {", "\"style\": [], \"x\": {", "style: must be an object { … }, and this is a list.")]
    [InlineData("{{ motif }}", "{{ motiv }}", ":6: prompt: template line 1, column")]
    [InlineData("{% endif %}. Roast", ". Roast", ":6: prompt: template line 1, column")]
    [InlineData("\"#C2542D\"", "\"red\"", ":15: style.palette[1]: Write a colour as #RRGGBB.")]
    [InlineData("\"minimum\": 0,", "\"minimum\": 20000,", ":11: facts[3]: The minimum must not be above the maximum.")]
    [InlineData("0x52908400098527886E0F7030069857D2E4169EE7", "0x52908400098527886E0F7030069857D2E4169Ee7", ":23: royalty.receiver: The address's mixed case is not its EIP-55 checksum")]
    [InlineData("\"policy\": \"brand-safe@1\",", "", "policy: Name a policy and its version, such as brand-safe@1.")]
    public async Task A_broken_campaign_is_refused_by_line_and_field(string right, string wrong, string message)
    {
        var sample = await File.ReadAllTextAsync(Repository.In("deploy", "embedded", "sample", "campaign.json"), Cancellation);
        Assert.Contains(right, sample);
        var path = bench.Write("broken.json", sample.Replace("kaffa-autumn", "broken-campaign").Replace(right, wrong));

        var refusal = await Assert.ThrowsAsync<UserErrorException>(
            async () => await CampaignFile.Read(path).PublishAsync(bench.Api, Cancellation));

        Assert.StartsWith(path + ":", refusal.Message);
        Assert.Contains(message, refusal.Message);
        Assert.DoesNotContain(
            (await bench.Api.Campaigns.ListCampaignsAsync(new ListCampaignsRequest(), cancellationToken: Cancellation)).Campaigns,
            campaign => campaign.Definition.Name == "broken-campaign");
    }

    [Theory]
    [InlineData("\"cups\":38", "\"cups\":3x", ":3: not JSON, at column")]
    [InlineData("0xffc6080f0c23497a054bb49a0a9478dec664cf38", "0xffc6", ":3: data.recipient: An address must have 40 hexadecimal digits after 0x, this has 4.")]
    [InlineData("\"motif\":\"arches\",", "", ":3: data.facts.motif: The fact 'motif' must be there: a text.")]
    [InlineData("\"cups\":38", "\"cups\":\"many\"", ":3: data.facts.cups: The fact 'cups' must be a number.")]
    [InlineData("\"cups\":38", "\"cups\":10001", ":3: data.facts.cups: The fact 'cups' must be 10000 or less.")]
    [InlineData("\"cups\":38", "\"cups\":38,\"age\":40", ":3: data.facts.age: The fact 'age' is not declared by the campaign; leave it out.")]
    [InlineData("\"motif\":\"arches\"", "\"motif\":\"ships\"", ":3: data.facts.motif: The fact 'motif' must be one of the values that the campaign lists.")]
    [InlineData("\"specversion\":\"1.0\"", "\"specversion\":\"0.3\"", ":3: specversion: Must be 1.0.")]
    [InlineData("\"subject\":\"Amara Okafor\",", "", ":3: data.subject: Send 'subject', your name for the customer.")]
    public async Task A_broken_event_is_refused_by_line_and_field_and_nothing_is_admitted(string right, string wrong, string message)
    {
        const string campaign = "broken-events";
        await CampaignFile.Read(bench.Write("campaign.json", Bench.ACampaign(campaign).ToJsonString())).PublishAsync(bench.Api, Cancellation);
        var broken = Bench.AnEvent("broken").ToJsonString();
        Assert.Contains(right, broken);
        var lines = new[] { Bench.AnEvent("first").ToJsonString(), "", broken.Replace(right, wrong), Bench.AnEvent("last").ToJsonString() };
        var path = bench.Write("broken.ndjson", string.Join("\r\n", lines));

        var refusal = await Assert.ThrowsAsync<UserErrorException>(
            async () => await EventFile.Read(path).SendAsync(bench.Api, campaign, Cancellation));

        Assert.Contains(path + message, refusal.Message);
        var progress = await bench.Api.Campaigns.GetProgressAsync(
            new GetProgressRequest { Campaign = campaign }, cancellationToken: Cancellation);
        Assert.Equal(0, progress.Received);
    }

    [Fact]
    public async Task The_line_is_named_where_the_file_has_one_event_only()
    {
        const string campaign = "one-broken-event";
        await CampaignFile.Read(bench.Write("campaign.json", Bench.ACampaign(campaign).ToJsonString())).PublishAsync(bench.Api, Cancellation);
        var path = bench.Write("one.ndjson", "\n" + Bench.AnEvent("one").ToJsonString().Replace("\"cups\":38", "\"cups\":\"many\""));

        var refusal = await Assert.ThrowsAsync<UserErrorException>(
            async () => await EventFile.Read(path).SendAsync(bench.Api, campaign, Cancellation));

        Assert.Contains($"{path}:2: data.facts.cups: ", refusal.Message);
    }

    [Theory]
    [InlineData("", "has no events: write one CloudEvent a line.")]
    [InlineData("[\n{}\n]", ":1: not JSON, at column 2. The file seems to be written over several lines: write each event on one line.")]
    [InlineData("[{}]", ":1: a line must be one event, a JSON object { … }, and this is a list; write each event on a line of its own.")]
    [InlineData("7", ":1: a line must be one event, a JSON object { … }, and this is a number.")]
    public void What_is_no_list_of_events_is_refused_before_anything_starts(string text, string message)
    {
        var path = bench.Write("events.ndjson", text);

        Assert.Contains(message, Assert.Throws<UserErrorException>(() => EventFile.Read(path)).Message);
    }

    [Fact]
    public void A_missing_file_and_a_folder_are_named()
    {
        Assert.Equal("There is no file /nowhere/c.json.", Assert.Throws<UserErrorException>(() => CampaignFile.Read("/nowhere/c.json")).Message);
        Assert.Equal($"{bench.Data} is a folder; name a file.", Assert.Throws<UserErrorException>(() => EventFile.Read(bench.Data)).Message);
    }

    [Fact]
    public async Task The_program_leaves_with_2_for_a_broken_campaign_and_makes_no_data_folder()
    {
        var path = bench.Write("campaign.json", """{ "titel": "x" }""");
        var data = Path.Combine(bench.Data, "unmade");

        var run = await Imprimatur.RunAsync("demo", "--campaign", path, "--data", data, "--port", "6440");

        Assert.Equal((2, "", $"{path}:1: titel: is not known; did you mean 'title'?\n"), (run.Code, run.Output, run.Error));
        Assert.False(Directory.Exists(data));
    }

    [Fact]
    public async Task The_program_leaves_with_2_for_broken_events_and_names_each()
    {
        var lines = new[] { Bench.AnEvent("a"), Bench.AnEvent("b"), Bench.AnEvent("c") };
        lines[1]["data"]!["facts"]!.AsObject().Remove("roast");
        lines[2]["data"]!["recipient"] = "0x1";
        var path = bench.Write("events.ndjson", string.Join('\n', lines.Select(line => line.ToJsonString())));
        var folder = Directory.CreateTempSubdirectory("cli-demo-");
        try
        {
            var run = await Imprimatur.RunAsync(
                "demo", "--events", path, "--data", Path.Combine(folder.FullName, "data"), "--port", "6444", "--json");

            Assert.Equal((2, ""), (run.Code, run.Output));
            Assert.Contains($"{path}:3: data.recipient: An address must have 40 hexadecimal digits after 0x, this has 1.", run.Error);
            Assert.DoesNotContain("   at ", run.Error);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
