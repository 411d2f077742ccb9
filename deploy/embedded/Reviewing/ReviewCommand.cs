using System.CommandLine;

namespace Platform.Embedded;

/// <summary>The review desk on the command line: what waits for a person, and the person's decision.</summary>
internal static class ReviewCommand
{
    public static Command Create()
    {
        var campaign = new Option<string>("--campaign") { Description = "Only this campaign's, by name" };
        var command = new Command("review", "List what waits for a person; approve or reject it")
        {
            campaign, CommonOptions.Data, CommonOptions.Port, CommonOptions.Json, CreateApprove(), CreateReject(),
        };
        command.SetAction((result, cancellation) => WithDeskAsync(result, async desk =>
        {
            var waiting = await desk.ListAsync(result.GetValue(campaign) ?? "", cancellation);
            await Console.Out.WriteLineAsync(result.GetValue(CommonOptions.Json) ? waiting.ToJson() : waiting.ToText());
        }, cancellation));
        return command;
    }

    private static Command CreateApprove()
    {
        var asset = Asset();
        var note = Note();
        var command = new Command("approve", "Approve a waiting asset; it goes on to be stored and minted")
        {
            asset, note, CommonOptions.Data, CommonOptions.Port,
        };
        command.SetAction((result, cancellation) => WithDeskAsync(result, async desk => await Console.Out.WriteLineAsync(
            await desk.ApproveAsync(result.GetValue(asset)!, result.GetValue(note) ?? "", cancellation)), cancellation));
        return command;
    }

    private static Command CreateReject()
    {
        var asset = Asset();
        var note = Note();
        var reasons = new Option<string[]>("--reason")
        {
            Description = "Why, as a code such as image.off-brand; once for each reason",
            HelpName = "code",
            Required = true,
        };
        var command = new Command("reject", "Reject a waiting asset; it is never minted")
        {
            asset, reasons, note, CommonOptions.Data, CommonOptions.Port,
        };
        command.SetAction((result, cancellation) => WithDeskAsync(result, async desk => await Console.Out.WriteLineAsync(
            await desk.RejectAsync(result.GetValue(asset)!, result.GetValue(reasons)!, result.GetValue(note) ?? "", cancellation)),
            cancellation));
        return command;
    }

    private static Argument<string> Asset() => new("asset") { Description = "Asset id, or as much of its beginning as names one" };

    private static Option<string> Note() => new("--note") { Description = "A word for the record, up to 2,000 characters" };

    private static async Task<int> WithDeskAsync(
        ParseResult result, Func<ReviewDesk, Task> review, CancellationToken cancellation)
    {
        var options = CommonOptions.Read(result);
        if (await RunningPlatform.FindAsync(options.Data, cancellation) is { } running)
        {
            using var api = new PlatformApi(running);
            await review(new ReviewDesk(api, running.Data));
            return 0;
        }

        OfferToStart(options);
        await using var platform = await EmbeddedPlatform.StartAsync(options, Console.Error.WriteLine, cancellation);
        using var own = new PlatformApi(options);
        await review(new ReviewDesk(own, options.Data));
        await Console.Error.WriteLineAsync("The platform stops again; what is not finished goes on when it next runs.");
        return 0;
    }

    /// <exception cref="UserErrorException">Nobody is there to ask, or the answer is no.</exception>
    private static void OfferToStart(EmbeddedOptions options)
    {
        if (!File.Exists(Path.Combine(options.Data, "token")))
        {
            throw new UserErrorException(
                $"There is no data folder of ours at {options.Data}, and so nothing to review. Name another with --data.");
        }

        var command = $"{RunningPlatform.Program} run --data {RunningPlatform.Quoted(options.Data)}"
            + (options.Port == 5080 ? "" : $" --port {options.Port}");
        var none = $"No platform runs on {options.Data}.";
        if (Console.IsInputRedirected || Console.IsErrorRedirected)
        {
            throw new UserErrorException($"{none} Start one, and review again:\n  {command}");
        }

        Console.Error.Write($"{none} Start one for the time of this review? [y/n] ");
        if (Console.ReadLine()?.Trim() is not ("y" or "Y" or "yes"))
        {
            throw new UserErrorException($"Start one when you like:\n  {command}");
        }
    }
}
