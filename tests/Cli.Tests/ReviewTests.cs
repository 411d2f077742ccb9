using System.Text.Json.Nodes;
using Platform.Embedded;
using Platform.Grpc.Moderation;

namespace Platform.Cli.Tests;

/// <summary>The review desk, as a client of a running platform.</summary>
public sealed class ReviewTests(Bench bench)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lists_decides_and_lists_no_more()
    {
        const string campaign = "review-tests";
        var assets = await bench.HaveWaitingAsync(campaign, 3, Cancellation);

        var table = await Imprimatur.RunAsync("review", "--data", bench.Data, "--campaign", campaign);
        Assert.Equal((0, ""), (table.Code, table.Error));
        Assert.All(assets, asset => Assert.Contains(asset[..8], table.Output));
        Assert.All(assets, asset => Assert.Contains(Path.Combine(bench.Data, "review", $"{asset}.png"), table.Output));
        Assert.Contains("A calm, gentle arches", table.Output);
        Assert.Contains("3 wait. Decide with: review approve ", table.Output);

        var json = JsonNode.Parse((await Imprimatur.RunAsync("review", "--data", bench.Data, "--campaign", campaign, "--json")).Output)!;
        Assert.Equal(assets.Order(), json["waiting"]!.AsArray().Select(each => (string)each!["assetId"]!).Order());
        var image = (string)json["waiting"]![0]!["image"]!;
        Assert.Equal("89504E470D0A1A0A", Convert.ToHexString((await File.ReadAllBytesAsync(image, Cancellation))[..8]));

        var approved = await Imprimatur.RunAsync("review", "approve", assets[0][..13], "--note", "looks well", "--data", bench.Data);
        Assert.Equal(
            (0, $"Approved {assets[0]} of {campaign}, as installation-operator. It goes on to be stored and minted.\n", ""),
            (approved.Code, approved.Output, approved.Error));
        var rejected = await Imprimatur.RunAsync(
            "review", "reject", assets[1], "--reason", "image.off-brand", "--reason", "text.unreadable", "--data", bench.Data);
        Assert.Equal(
            (0, $"Rejected {assets[1]} of {campaign}, as installation-operator: image.off-brand, text.unreadable.\n", ""),
            (rejected.Code, rejected.Output, rejected.Error));

        var decided = await bench.Api.Moderation.GetCaseAsync(new GetCaseRequest { AssetId = assets[0] }, cancellationToken: Cancellation);
        Assert.Equal(("approved", "looks well"), (decided.State, decided.Note));
        Assert.True(decided.Lease > 0);
        Assert.False(File.Exists(Path.Combine(bench.Data, "review", $"{assets[0]}.png")));
        var left = await Imprimatur.RunAsync("review", "--data", bench.Data, "--campaign", campaign);
        Assert.DoesNotContain(assets[0][..8], left.Output);
        Assert.Contains("One waits.", left.Output);

        var again = await Imprimatur.RunAsync("review", "reject", assets[0], "--reason", "late", "--data", bench.Data);
        Assert.Equal(2, again.Code);
        Assert.StartsWith($"Case {assets[0]} was approved by installation-operator at ", again.Error);
    }

    [Fact]
    public async Task What_cannot_be_decided_is_said_in_one_sentence()
    {
        var assets = await bench.HaveWaitingAsync("review-refusals", 1, Cancellation);
        var desk = new ReviewDesk(bench.Api, bench.Data);
        async Task<string> RefusalAsync(Func<Task> deed) => (await Assert.ThrowsAsync<UserErrorException>(deed)).Message;

        Assert.StartsWith(
            "--reason: Send 1 to 20 codes ",
            await RefusalAsync(() => desk.RejectAsync(assets[0], ["Ugly!"], "", Cancellation)));
        Assert.Equal(
            "--note: Send at most 2000 characters.",
            await RefusalAsync(() => desk.ApproveAsync(assets[0], new string('n', 2_001), Cancellation)));
        Assert.Equal(
            "There is no case 00000000-0000-8000-8000-000000000000.",
            await RefusalAsync(() => desk.ApproveAsync("00000000-0000-8000-8000-000000000000", "", Cancellation)));
        Assert.Equal(
            "Nothing that waits begins with '0000000000'; 'review' lists what does.",
            await RefusalAsync(() => desk.ApproveAsync("0000000000", "", Cancellation)));
        Assert.StartsWith("'xyz' is no asset id", await RefusalAsync(() => desk.ApproveAsync("xyz", "", Cancellation)));
    }

    [Fact]
    public async Task Where_no_platform_runs_it_says_how_to_start_one()
    {
        var folder = Directory.CreateTempSubdirectory("cli-review-");
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "token"), new string('0', 64), Cancellation);

        var run = await Imprimatur.RunAsync("review", "--data", folder.FullName, "--port", "6450");

        folder.Delete(recursive: true);
        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.StartsWith($"No platform runs on {folder.FullName}. Start one, and review again:\n  dotnet ", run.Error);
        Assert.EndsWith($"imprimatur.dll run --data {folder.FullName} --port 6450\n", run.Error);
    }

    [Fact]
    public async Task A_note_left_by_a_killed_platform_is_not_believed()
    {
        var folder = Directory.CreateTempSubdirectory("cli-review-");
        await File.WriteAllTextAsync(DataFolder.RunningFile(folder.FullName), """{"port":6460,"pid":1}""", Cancellation);

        Assert.Null(await RunningPlatform.FindAsync(folder.FullName, Cancellation));

        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Where_there_is_no_data_folder_there_is_nothing_to_review()
    {
        var run = await Imprimatur.RunAsync("review", "--data", "/tmp/cli-nowhere");

        Assert.Equal(
            (2, "There is no data folder of ours at /tmp/cli-nowhere, and so nothing to review. Name another with --data.\n"),
            (run.Code, run.Error));
    }
}
