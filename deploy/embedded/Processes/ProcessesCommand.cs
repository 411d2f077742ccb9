using System.CommandLine;
using System.Runtime.InteropServices;

namespace Platform.Embedded;

/// <summary>Starts every service of tye.yaml as a process of its own.</summary>
internal static class ProcessesCommand
{
    public static Command Create()
    {
        var tye = new Option<string>("--tye")
        {
            Description = "The list of services",
            DefaultValueFactory = _ => Path.Combine(AppContext.BaseDirectory, "tye.yaml"),
        };
        var rabbit = new Option<string?>("--rabbitmq")
        {
            Description = "AMQP URI of a RabbitMQ that runs; when absent, an installed rabbitmq-server is started privately",
        };
        var mongo = new Option<string?>("--mongodb")
        {
            Description = "Connection string of a MongoDB that runs; when absent, EmbeddedMongo is started",
        };
        var replicas = new Option<int?>("--replicas")
        {
            Description = "Processes of each service; when absent, as tye.yaml says",
            Validators =
            {
                result =>
                {
                    if (result.Tokens is [var token] && int.TryParse(token.Value, out var number) && number is < 1 or > 8)
                    {
                        result.AddError("--replicas: must be 1 to 8.");
                    }
                },
            },
        };
        var quiet = new Option<bool>("--quiet") { Description = "Keep the services' log lines off the console; they are in the data folder" };
        var settings = new Option<string[]>("--set")
        {
            Description = "A setting for every service, as Section__Key=value; may be repeated",
            Validators =
            {
                result =>
                {
                    foreach (var token in result.Tokens.Where(token => token.Value.IndexOf('=', StringComparison.Ordinal) < 1))
                    {
                        result.AddError($"--set: '{token.Value}' must look like Section__Key=value.");
                    }
                },
            },
        };
        var command = new Command("processes", "Start every service as a process of its own, on RabbitMQ and MongoDB; logs side by side")
        {
            tye, rabbit, mongo, replicas, quiet, settings, CommonOptions.Data, CommonOptions.Port, CommonOptions.Generator,
            CommonOptions.Linger, CommonOptions.Fresh,
        };
        command.SetAction((result, cancellation) => RunAsync(
            new ProcessesOptions
            {
                Platform = CommonOptions.Read(result),
                Tye = result.GetValue(tye)!,
                RabbitMq = result.GetValue(rabbit),
                MongoDb = result.GetValue(mongo),
                Replicas = result.GetValue(replicas),
                Quiet = result.GetValue(quiet),
                Settings = (result.GetValue(settings) ?? [])
                    .Select(each => each.Split('=', 2))
                    .ToDictionary(each => each[0], each => each[1]),
            },
            cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ProcessesOptions options, CancellationToken cancellation)
    {
        await using var platform = await ProcessesPlatform.StartAsync(
            options, Console.Out, Console.Error.WriteLine, cancellation);
        await Console.Error.WriteLineAsync(Describe(platform, options));
        using var roll = OperatingSystem.IsWindows()
            ? null
            : PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
            {
                context.Cancel = true;
                _ = RollAsync(platform, cancellation);
            });
        await Task.Delay(Timeout.Infinite, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Console.Error.WriteLineAsync("Ending: each service finishes what it has under way …");
        return 0;
    }

    private static async Task RollAsync(ProcessesPlatform platform, CancellationToken cancellation)
    {
        try
        {
            await platform.RollAsync(Console.Error.WriteLine, cancellation);
            await Console.Error.WriteLineAsync("Every process was replaced.");
        }
        catch (Exception exception) when (exception is UserErrorException or OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"The rolling restart ended early: {exception.Message}");
        }
    }

    private static string Describe(ProcessesPlatform platform, ProcessesOptions options)
    {
        var addresses = platform.Addresses;
        return $"""
            Imprimatur is serving in {platform.Replicas.Count} processes. Ctrl-C ends them; nothing is lost. SIGHUP replaces them one by one.
              ingest    POST {addresses["campaigns"]}v1/campaigns/<campaign>/events
              gateway   {addresses["storage"]}ipfs/<cid>
              services  {string.Join("  ", addresses.Select(each => $"{each.Key} {each.Value}"))}
              broker    {platform.Broker}
              chain     {platform.Rpc} (chain id 31337)
              data      {platform.Folder.Path}, logs in {platform.Folder.Logs}
              generator {options.Platform.Generator}
            """;
    }
}
