using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Platform.Auditor;
using Platform.Embedded;

namespace Platform.Load;

/// <summary>Sends single events over HTTP as a campaign system does, again until they are acknowledged, and keeps the answers.</summary>
internal sealed class Publisher : IDisposable
{
    /// <summary>As many as a large publisher opens; past it a request waits here, and its latency counts the wait.</summary>
    private const int Connections = 256;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly HttpClient http = new(new SocketsHttpHandler { MaxConnectionsPerServer = Connections })
    {
        Timeout = TimeSpan.FromSeconds(30),
    };

    private readonly ConcurrentQueue<IngestAnswer> answers = new();
    private long faults;
    private long refused;

    public Publisher(PlatformApi api)
    {
        http.BaseAddress = api.Http.BaseAddress;
        http.DefaultRequestHeaders.Authorization = api.Http.DefaultRequestHeaders.Authorization;
    }

    public IReadOnlyList<IngestAnswer> Answers => [.. answers];

    /// <summary>Requests that got no answer: a connection refused or broken, or a server's own fault.</summary>
    public long Faults => faults;

    /// <summary>Requests that were answered 429.</summary>
    public long Refused => refused;

    /// <exception cref="LoadInputException">The event was refused for good, or not acknowledged within minutes.</exception>
    public async Task SendAsync(string campaign, int number, CancellationToken cancellation)
    {
        var body = LoadCampaign.Event(campaign, number);
        using var late = new CancellationTokenSource(Patience);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, late.Token);
        while (!await TrySendAsync(campaign, body, either.Token))
        {
            await Task.Delay(Pause, either.Token);
        }
    }

    public void Dispose() => http.Dispose();

    private async Task<bool> TrySendAsync(string campaign, byte[] body, CancellationToken cancellation)
    {
        try
        {
            using var content = new ByteArrayContent(body);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/cloudevents+json");
            using var answer = await http.PostAsync(
                new Uri($"v1/campaigns/{campaign}/events", UriKind.Relative), content, cancellation);
            switch (answer.StatusCode)
            {
                case HttpStatusCode.Accepted:
                    await KeepAsync(campaign, answer, cancellation);
                    return true;
                case HttpStatusCode.TooManyRequests:
                    Interlocked.Increment(ref refused);
                    return false;
                case >= HttpStatusCode.InternalServerError:
                    Interlocked.Increment(ref faults);
                    return false;
                default:
                    throw new LoadInputException(
                        $"An event was refused, HTTP {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(cancellation)}");
            }
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException
            || (fault is TaskCanceledException && !cancellation.IsCancellationRequested))
        {
            Interlocked.Increment(ref faults);
            return false;
        }
    }

    private async Task KeepAsync(string campaign, HttpResponseMessage answer, CancellationToken cancellation)
    {
        await using var stream = await answer.Content.ReadAsStreamAsync(cancellation);
        using var body = await JsonDocument.ParseAsync(stream, cancellationToken: cancellation);
        foreach (var asset in body.RootElement.GetProperty("assets").EnumerateArray())
        {
            answers.Enqueue(new IngestAnswer(
                asset.GetProperty("event").GetString()!,
                asset.GetProperty("variant").GetString()!,
                asset.GetProperty("assetId").GetGuid(),
                campaign));
        }
    }
}
