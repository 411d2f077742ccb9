using System.Buffers;
using Platform.Content;
using Platform.Events;

namespace Platform.Moderation;

/// <summary>Looks at an asset's prompt and picture with a policy's eyes.</summary>
/// <remarks>
/// At most as many pictures at once as there are cores: that bounds the bytes and the pixels in flight.
/// </remarks>
internal sealed class AssetInspector(IContentStore content, Fingerprints fingerprints) : IDisposable
{
    private const int MostBytes = 50_000_000;

    private readonly SemaphoreSlim eyes = new(Environment.ProcessorCount);

    public async Task<IReadOnlyList<Finding>> InspectAsync(
        GenerationCompleted generated, PublishedPolicy policy, CancellationToken cancellation)
    {
        var prompt = policy.Terms.Find(generated.Prompt);
        var image = await LookAsync(generated.Content, policy, cancellation);
        IReadOnlyList<Finding> findings = [.. prompt, .. Judge(image, policy)];

        var rules = policy.Rules.Image;
        var isOut = findings.Any(finding => finding.Severity > Severity.Review);
        if (isOut || image is not ImageReading.Decoded { Appearance: { } appearance }
            || !PolicyRules.TryReadSeverity(rules.NearDuplicateSeverity, out var severity))
        {
            return findings;
        }

        var sighting = new Sighting(
            generated.AssetId,
            generated.Iteration,
            generated.Campaign,
            appearance,
            rules.NearDuplicateDistance);
        return await fingerprints.FindOriginalAsync(sighting, cancellation) is null
            ? findings
            : [.. findings, new("image.near-duplicate", severity)];
    }

    public void Dispose() => eyes.Dispose();

    private static IEnumerable<Finding> Judge(ImageReading image, PublishedPolicy policy)
    {
        switch (image)
        {
            case ImageReading.Undecodable:
                yield return new("image.undecodable", Severity.Refuse);
                break;
            case ImageReading.TooLarge:
                yield return new("image.too-large", Severity.Refuse);
                break;
            case ImageReading.Decoded { Appearance: { } appearance } decoded:
                if (decoded.IsAnimated)
                {
                    yield return new("image.animated", Severity.Reject);
                }

                if (appearance.Entropy < policy.Rules.Image.MinEntropy)
                {
                    yield return new("image.blank", Severity.Reject);
                }

                break;
        }
    }

    private async Task<ImageReading> LookAsync(
        string digest, PublishedPolicy policy, CancellationToken cancellation)
    {
        await eyes.WaitAsync(cancellation);
        try
        {
            await using var stream = await content.OpenAsync(digest, cancellation);
            return stream.Length > MostBytes
                ? new ImageReading.TooLarge()
                : await ReadAsync(stream, (int)stream.Length, digest, policy, cancellation);
        }
        finally
        {
            eyes.Release();
        }
    }

    private static async Task<ImageReading> ReadAsync(
        Stream stream, int length, string digest, PublishedPolicy policy, CancellationToken cancellation)
    {
        var rules = policy.Rules.Image;
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            await stream.ReadExactlyAsync(buffer.AsMemory(0, length), cancellation);
            var bytes = buffer.AsSpan(0, length);

            // What is judged must be what is approved: the digest.
            return ContentDigest.Of(bytes) != digest
                ? throw new CorruptContentException(digest)
                : ImageReading.Of(
                    bytes,
                    rules is { MaxPixelsASide: > 0 } ? rules.MaxPixelsASide : ImageReading.LargestSide,
                    withAppearance: rules is { DecodeOnly: false });
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
