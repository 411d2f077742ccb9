using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace Platform.Campaigns;

/// <summary>How an attempt was answered.</summary>
internal sealed record WebhookAnswer(bool IsTaken, bool IsGone, string Said, TimeSpan? RetryAfter = null);

/// <summary>Posts one delivery, signed; no redirect is followed, and of the answer only the head is read.</summary>
internal sealed class SendWebhook(
    IHttpClientFactory clients, SecretSeal seal, IOptions<WebhooksOptions> options, TimeProvider clock)
{
    public const string ClientName = "campaigns.webhooks";

    private const int DrainedBytes = 4_096;

    /// <summary>What connects to endpoints, and to nothing that <see cref="WebhookAddress"/> keeps from them.</summary>
    public static SocketsHttpHandler CreateHandler(WebhooksOptions options) => new()
    {
        AllowAutoRedirect = false,
        UseProxy = false, // a proxy would resolve the name for itself
        UseCookies = false,
        MaxResponseHeadersLength = 16, // KiB
        MaxResponseDrainSize = DrainedBytes,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        ConnectCallback = (context, cancellation) =>
            ConnectAsync(context.DnsEndPoint, options.AllowPrivateAddresses, cancellation),
    };

    public async Task<WebhookAnswer> SendAsync(
        WebhookEndpoint endpoint, WebhookDelivery delivery, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(options.Value.TimeoutSeconds), clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        try
        {
            using var request = Sign(endpoint, delivery);
            using var answer = await clients.CreateClient(ClientName).SendAsync(
                request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return new WebhookAnswer(
                answer.IsSuccessStatusCode,
                answer.StatusCode == HttpStatusCode.Gone,
                $"{(int)answer.StatusCode}",
                answer.Headers.RetryAfter is { } after ? after.Delta ?? after.Date - clock.GetUtcNow() : null);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new WebhookAnswer(false, false, $"no answer in {options.Value.TimeoutSeconds} s");
        }
        catch (HttpRequestException exception)
        {
            return new WebhookAnswer(false, false, exception.InnerException is RefusedAddressException refused
                ? refused.Message
                : $"not reached: {exception.HttpRequestError}");
        }
        catch (CryptographicException)
        {
            return new WebhookAnswer(false, false, "its secret was sealed under another installation's token; remove and add it");
        }
    }

    private HttpRequestMessage Sign(WebhookEndpoint endpoint, WebhookDelivery delivery)
    {
        var body = Encoding.UTF8.GetBytes(delivery.Body);
        var timestamp = clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var secret = seal.Open(endpoint.SealedSecret, endpoint.Id);
        var request = new HttpRequestMessage(HttpMethod.Post, endpoint.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/cloudevents+json") { CharSet = "utf-8" };
        request.Headers.UserAgent.Add(new("Imprimatur", "1"));
        request.Headers.Add(StandardWebhooks.Id, delivery.WebhookId);
        request.Headers.Add(StandardWebhooks.Timestamp, timestamp);
        request.Headers.Add(StandardWebhooks.Signature, StandardWebhooks.Sign(secret, delivery.WebhookId, timestamp, body));
        return request;
    }

    private static async ValueTask<Stream> ConnectAsync(DnsEndPoint target, bool allowPrivate, CancellationToken cancellation)
    {
        var found = await Dns.GetHostAddressesAsync(target.Host, cancellation);
        var allowed = Array.FindAll(found, address => WebhookAddress.MayReach(target.Host, address, allowPrivate));
        if (allowed.Length == 0)
        {
            throw new RefusedAddressException();
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, target.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The endpoint's name means an address that webhooks may not go to.</summary>
    private sealed class RefusedAddressException()
        : Exception("its name means private or reserved addresses only, and none was connected to");
}
