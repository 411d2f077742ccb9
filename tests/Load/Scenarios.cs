namespace Platform.Load;

/// <summary>What can be measured, by name.</summary>
internal static class Scenarios
{
    private const string Help =
        """
        Loads the platform and measures it. Open-loop: requests go when they are due, latency counts from then.

          ingest      [--rate 200] [--minutes 5]      acknowledgements at a steady rate
          burst       [--events 5000]                 that many within one second, nothing lost or refused
          end-to-end  [--minutes 5] [--at 0.7] [--window 1500] [--seconds 60]
                                                      capacity by a closed window, then at a part of it, queues shown
          fairness    [--events 20000] [--small 20]   a small campaign alone, and started with a large one
          replicas    [--events 4000]                 the share of the work that each replica took
          soak        [--minutes 10] [--rate 20] [--kills 30] [--seed 1]
                                                      random kill -9 under load; memory slope; the auditor's word

        Of all: --mode embedded|processes  --generator null|house  --replicas N  --port P  --data FOLDER  --out FOLDER
                --url ADDRESS --token-file FILE (one that runs already)  --set Section__Key=value  --no-audit
        Figures and a picture are saved under artifacts/load; figures go to stdout as JSON.
        """;

    public static async Task<int> RunAsync(string[] args)
    {
        if (args is [] or ["--help" or "-h"])
        {
            Console.WriteLine(Help);
            return args.Length == 0 ? 2 : 0;
        }

        Func<Run, Task<bool>> scenario = args[0] switch
        {
            "ingest" => IngestScenario.RunAsync,
            "burst" => IngestScenario.BurstAsync,
            "end-to-end" => EndToEndScenario.RunAsync,
            "fairness" => FairnessScenario.RunAsync,
            "replicas" => ReplicasScenario.RunAsync,
            "soak" => SoakScenario.RunAsync,
            _ => throw new LoadInputException($"There is no scenario '{args[0]}'.\n\n{Help}"),
        };
        var options = LoadOptions.Parse(args[1..]);
        using var ending = new CancellationTokenSource();
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = true;
            ending.Cancel();
        };
        await using var platform = await LoadPlatform.StartAsync(options, ending.Token);
        using var publisher = new Publisher(platform.Api);
        var run = new Run
        {
            Options = options,
            Platform = platform,
            Publisher = publisher,
            Result = new LoadResult(args[0], platform.Mode, options.Text("generator", "null")),
            Cancellation = ending.Token,
        };
        Console.Error.WriteLine($"{run.Result.Title}:");
        var isGood = await scenario(run);
        await run.Result.SaveAsync(options.Text("out") ?? Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "load"));
        return isGood ? 0 : 1;
    }
}
