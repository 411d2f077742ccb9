using Platform.Benchmarks;

switch (args)
{
    case ["pipeline", .. var rest]:
        return await PipelineBenchmark.RunAsync(rest);
    default:
        Console.WriteLine(
            """
            Measures the platform on this machine. Compare figures of one run only.
              pipeline [--events N] [--warm-up N] [--generator null|house] [--keep FOLDER]
                       events through the embedded platform, from HTTP to final, indexed token:
                       assets a second, CPU an asset, peak memory
            """);
        return args.Length == 0 ? 0 : 2;
}
