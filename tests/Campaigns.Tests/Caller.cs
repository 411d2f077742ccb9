using System.Net.Http.Headers;
using Platform.Grpc.Access;
using Platform.Hosting;

namespace Platform.Campaigns.Tests;

/// <summary>Somebody else's system with a key of ours, who may sign what it sends.</summary>
internal sealed class Caller(CampaignsHost host, NewKey key)
{
    public string KeyId => key.Key.Id;

    public string Credential { get; set; } = key.Credential;

    public byte[] Secret { get; set; } = Convert.FromBase64String(key.SigningSecret["whsec_".Length..]);

    public async Task<(int Status, string Body)> PostAsync(string campaign, string body, Action<HttpRequestHeaders>? headers = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(host.Http, $"v1/campaigns/{campaign}/events"))
        {
            Content = new StringContent(body, new MediaTypeHeaderValue("application/cloudevents+json")),
        };
        headers?.Invoke(request.Headers);
        return await SendAsync(request);
    }

    public Task<(int Status, string Body)> PostSignedAsync(
        string campaign, string body, string id, TimeSpan age = default, string? signedBody = null)
    {
        var timestamp = $"{(TimeProvider.System.GetUtcNow() - age).ToUnixTimeSeconds()}";
        return PostAsync(campaign, body, headers =>
        {
            headers.Add("webhook-id", id);
            headers.Add("webhook-timestamp", timestamp);
            headers.Add("webhook-signature", StandardWebhooks.Sign(Secret, id, timestamp, Samples.Utf8(signedBody ?? body)));
        });
    }

    public async Task<(int Status, string Body)> GetAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(host.Http, path));
        return await SendAsync(request);
    }

    private async Task<(int Status, string Body)> SendAsync(HttpRequestMessage request)
    {
        request.Headers.Authorization = new("Bearer", Credential);
        using var answer = await host.Get<IHttpClientFactory>().CreateClient().SendAsync(request);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
