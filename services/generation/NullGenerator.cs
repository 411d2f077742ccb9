using System.Security.Cryptography;

namespace Platform.Generation;

/// <summary>A picture of one pixel: what the pipeline costs when nothing is drawn.</summary>
internal sealed class NullGenerator : IArtworkGenerator
{
    public const string GeneratorName = "null";

    // A 1 × 1 grey-scale PNG.
    private static readonly byte[] Pixel = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR42mNoAAAAggCB2kUIOwAAAABJRU5ErkJggg==");

    public string Name => GeneratorName;

    public string Version => "1";

    public string Digest { get; } = Convert.ToHexStringLower(SHA256.HashData(Pixel));

    public Task<GenerationOutcome> GenerateAsync(GenerationJob job, CancellationToken cancellation) =>
        Task.FromResult<GenerationOutcome>(new GenerationOutcome.Completed(
            Pixel, "image/png", "{}", Score: null, Reproducibility.Reprovable));
}
