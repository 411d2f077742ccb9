using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;

namespace Platform.EndToEnd.Tests;

/// <summary>The platform as processes of their own: which there are, and ways to kill and replace them.</summary>
public sealed class Fleet(Imprimatur supervisor)
{
    // Own ports of two replicas lie 200 above the shared ones.
    private const int First = 30_000;
    private const int Step = 400;
    private const int Slots = 6;

    private static int taken;

    public Imprimatur Supervisor { get; } = supervisor;

    public static IReadOnlyList<string> Services { get; } =
        ["campaigns", "generation", "moderation", "storage", "minting", "royalty-indexer"];

    /// <summary>Tests of this assembly run one after the other; a slot is met again when the others were had.</summary>
    public static int APort() => First + Step * (taken++ % Slots);

    /// <summary>Process ids of a service, or of <c>rabbitmq</c>, as the platform says now.</summary>
    public IReadOnlyList<int> ProcessIds(string name)
    {
        var running = JsonNode.Parse(File.ReadAllText(Path.Combine(Supervisor.Data, "running.json")))!;
        return [.. running["pids"]![name]?.AsArray().Select(each => each!.GetValue<int>()) ?? []];
    }

    /// <summary>kill -9 of one of a service's processes; false when it was just dead.</summary>
    public bool Kill(string name, int which)
    {
        var processIds = ProcessIds(name);
        if (processIds.Count == 0)
        {
            return false;
        }

        try
        {
            using var process = Process.GetProcessById(processIds[which % processIds.Count]);
            process.Kill();
            return true;
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Asks the broker to end as an operator would; the platform starts it again.</summary>
    public async Task StopBrokerAsync()
    {
        using var signal = Process.Start("/bin/kill", ["-TERM", $"{ProcessIds("rabbitmq").Single()}"]);
        await signal.WaitForExitAsync();
    }

    /// <summary>Replaces every process, one after the other, and returns when the last one is back.</summary>
    public async Task RollAsync(TimeSpan within)
    {
        var done = Supervisor.NextLineAsync("Every process was replaced.");
        using var signal = Process.Start("/bin/kill", ["-HUP", $"{Supervisor.ProcessId}"]);
        await signal.WaitForExitAsync();
        await done.WaitAsync(within);
    }
}

/// <summary>A publisher that sends each event until it is accepted, at a steady pace.</summary>
public sealed class Publisher(Imprimatur platform, string campaign)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly List<string> refusals = [];

    /// <summary>Asset of each accepted event.</summary>
    public Dictionary<string, Guid> Accepted { get; } = [];

    /// <summary>What it met besides acceptance, each time it had to send again.</summary>
    public IReadOnlyList<string> Refusals => refusals;

    /// <param name="enough">Ends the sending before all were sent; what is under way is finished.</param>
    public async Task SendAsync(
        IReadOnlyList<APublishedEvent> events, TimeSpan between, TimeSpan patience, CancellationToken enough)
    {
        foreach (var each in events.TakeWhile(_ => !enough.IsCancellationRequested))
        {
            var next = Task.Delay(between, CancellationToken.None);
            Accepted[each.Id] = await SendAsync(each, patience);
            await next;
        }
    }

    private async Task<Guid> SendAsync(APublishedEvent sent, TimeSpan patience)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                using var answer = await Situations.PostAsync(platform.Http, campaign, [sent]);
                var body = await answer.Content.ReadAsStringAsync();
                if (answer.StatusCode == HttpStatusCode.Accepted)
                {
                    return JsonNode.Parse(body)!["assets"]!.AsArray().Single()!["assetId"]!.GetValue<Guid>();
                }

                refusals.Add($"{(int)answer.StatusCode}: {body}");
            }
            catch (HttpRequestException exception)
            {
                refusals.Add(exception.Message);
            }

            Assert.True(clock.Elapsed < patience, $"{sent.Id} was not accepted in {patience}: {refusals.LastOrDefault()}");
            await Task.Delay(Pause);
        }
    }
}
