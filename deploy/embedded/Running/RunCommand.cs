using System.CommandLine;

namespace Platform.Embedded;

/// <summary>Serves until Ctrl-C, and resumes what was unfinished.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var command = new Command("run", "Serve HTTP ingest, gRPC and the content gateway until Ctrl-C; resume what was unfinished")
        {
            CommonOptions.Data, CommonOptions.Port, CommonOptions.Generator, CommonOptions.Linger, CommonOptions.Fresh,
        };
        command.SetAction(async (result, cancellation) =>
        {
            var options = CommonOptions.Read(result) with { LogToConsole = true };
            await using var platform = await EmbeddedPlatform.StartAsync(options, Console.Error.WriteLine, cancellation);
            await Console.Out.WriteLineAsync(Describe(platform));
            await platform.WaitForShutdownAsync(cancellation);
            return 0;
        });
        return command;
    }

    public static string Describe(EmbeddedPlatform platform) =>
        $"""
        Imprimatur is serving. Ctrl-C ends it; nothing is lost.
          ingest    POST {platform.Options.Http}v1/campaigns/<campaign>/events
          gRPC      {platform.Options.Grpc}
          gateway   {platform.Options.Http}ipfs/<cid>
          chain     {platform.Options.Rpc} (chain id 31337)
          data      {platform.Folder.Path}
          token     {platform.Folder.TokenFile}
          batches   up to 1,000 tokens, or {platform.Options.LingerMilliseconds} ms after the first asset
        """;
}
