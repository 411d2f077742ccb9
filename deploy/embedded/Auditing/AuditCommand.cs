using System.CommandLine;
using Platform.Auditor;

namespace Platform.Embedded;

/// <summary>What to audit, and where to ask.</summary>
internal sealed record AuditOptions
{
    /// <summary>The data folder of a running platform.</summary>
    public required string Data { get; init; }

    /// <summary>File of ingest answers; null takes campaigns' word for what was accepted.</summary>
    public string? Answers { get; init; }

    public int WaitSeconds { get; init; }

    /// <summary>Null asks the node that the platform uses.</summary>
    public string? Rpc { get; init; }

    /// <summary>Null asks the platform's own.</summary>
    public string? Gateway { get; init; }

    public bool Json { get; init; }
}

/// <summary>Proves that every accepted event became exactly one token, rejection or failure, and nothing else.</summary>
internal static class AuditCommand
{
    /// <summary>Something differs.</summary>
    public const int Differs = 1;

    public static Command Create()
    {
        var answers = new Option<string?>("--answers") { Description = "What the ingest answered, one answer a line", HelpName = "file" };
        var wait = new Option<int>("--wait")
        {
            Description = "Seconds to wait for every asset to end",
            DefaultValueFactory = _ => 0,
            Validators =
            {
                given =>
                {
                    if (given.Tokens is [var token] && int.TryParse(token.Value, out var seconds) && seconds is (< 0 or > 86_400))
                    {
                        given.AddError("--wait: must be 0 to 86400 seconds.");
                    }
                },
            },
        };
        var rpc = new Option<string?>("--rpc") { Description = "JSON-RPC of the chain; the platform's own where none is given" };
        var gateway = new Option<string?>("--gateway") { Description = "An IPFS trustless gateway; the platform's own where none is given" };
        var command = new Command("audit", "Prove from answers, chain, gateway and services that nothing was lost or doubled")
        {
            answers, wait, rpc, gateway, CommonOptions.Data, CommonOptions.Json,
        };
        command.SetAction((result, cancellation) => RunAsync(
            new AuditOptions
            {
                Data = Path.GetFullPath(result.GetValue(CommonOptions.Data)!),
                Answers = result.GetValue(answers),
                WaitSeconds = result.GetValue(wait),
                Rpc = result.GetValue(rpc),
                Gateway = result.GetValue(gateway),
                Json = result.GetValue(CommonOptions.Json),
            },
            Console.Out,
            cancellation));
        return command;
    }

    /// <returns>The exit code: 0 when nothing differs.</returns>
    /// <exception cref="UserErrorException">What was given is unusable, or something gives no answer.</exception>
    public static async Task<int> RunAsync(AuditOptions options, TextWriter output, CancellationToken cancellation)
    {
        try
        {
            var answers = options.Answers is { } file ? await IngestAnswerFile.ReadAsync(file, cancellation) : null;
            using var http = Loopback.CreateClient();
            var progress = new AuditProgress(Console.Error, TimeProvider.System);
            var auditor = new PlatformAuditor(AuditedPlatform.Find(options), http, TimeProvider.System)
            {
                Say = progress.Say,
                Wait = TimeSpan.FromSeconds(options.WaitSeconds),
            };
            var report = await auditor.AuditAsync(answers, cancellation);
            await output.WriteLineAsync(options.Json ? AuditPrinter.ToJson(report) : AuditPrinter.ToText(report));
            return report.Holds ? 0 : Differs;
        }
        catch (Exception fault) when (fault is AuditInputException or AuditUnavailableException)
        {
            throw new UserErrorException(Plain.Of(fault.Message));
        }
    }
}
