using System.Text;

namespace Platform.Auditor.Tests;

/// <summary>Stands between the auditor and gateway or node, and changes what they answer.</summary>
/// <param name="lie">Given the address asked and the answer's bytes: other bytes, or null for 404.</param>
internal sealed class Liar(Func<Uri, byte[], byte[]?> lie) : DelegatingHandler(new SocketsHttpHandler())
{
    /// <summary>Bytes changed in answers so far: a lie that nobody heard proves nothing.</summary>
    public int Lies { get; private set; }

    /// <summary>Replaces a text in whatever the node at a port answers.</summary>
    public static Liar Replacing(int port, string from, string to) => new((address, bytes) =>
        address.Port == port ? Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes).Replace(from, to, StringComparison.Ordinal)) : bytes);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        var answer = await base.SendAsync(request, cancellation);
        var bytes = await answer.Content.ReadAsByteArrayAsync(cancellation);
        var told = lie(request.RequestUri!, bytes);
        if (told is null)
        {
            Lies++;
            return new HttpResponseMessage(System.Net.HttpStatusCode.NotFound) { RequestMessage = request };
        }

        if (!told.AsSpan().SequenceEqual(bytes))
        {
            Lies++;
        }

        var content = new ByteArrayContent(told);
        content.Headers.ContentType = answer.Content.Headers.ContentType;
        answer.Content = content;
        return answer;
    }
}
