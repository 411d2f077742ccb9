using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Platform.Composer;
using Platform.Content;
using Platform.Events;

namespace Platform.Generation;

/// <summary>The house artist: composes a score from the seed, and has it drawn.</summary>
internal sealed class HouseGenerator : IArtworkGenerator, IDisposable
{
    public const string GeneratorName = "house";

    // Drawing fills a core: more pictures at once than cores only take memory.
    private readonly SemaphoreSlim drawing = new(Environment.ProcessorCount);

    public string Name => GeneratorName;

    public string Version { get; } = $"{HouseArtist.Version}+{Renderer.Version}";

    // The artist is code: its version names its rules.
    public string Digest { get; } = Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes($"imprimatur house artist {HouseArtist.Version}, renderer {Renderer.Version}")));

    public async Task<GenerationOutcome> GenerateAsync(GenerationJob job, CancellationToken cancellation)
    {
        Brief brief;
        try
        {
            brief = ToBrief(job);
        }
        catch (ArgumentException exception)
        {
            return new GenerationOutcome.Refused(exception.Message);
        }

        if (brief.Problem() is { } problem)
        {
            return new GenerationOutcome.Refused(problem);
        }

        await drawing.WaitAsync(cancellation);
        try
        {
            var score = HouseArtist.Compose(job.Seed.Span, brief);
            var png = Renderer.RenderPng(score, brief);
            return new GenerationOutcome.Completed(
                png, "image/png", Parameters(brief, job.Art), score.ToBytes(), Reproducibility.Reprovable);
        }
        finally
        {
            drawing.Release();
        }
    }

    public void Dispose() => drawing.Dispose();

    private static Brief ToBrief(GenerationJob job)
    {
        var allowed = job.Art.Families.Count == 0 ? HouseArtist.Families : job.Art.Families;
        var unknown = allowed.FirstOrDefault(family => !HouseArtist.Families.Contains(family));
        if (unknown is not null)
        {
            throw new ArgumentException(
                $"The house artist has no family '{unknown}'; it has {string.Join(", ", HouseArtist.Families)}.");
        }

        var reading = PromptReading.Of(job.Prompt, allowed.ToHashSet());
        return new Brief
        {
            Family = reading.Family.Length > 0 ? reading.Family : Choose(allowed, job.Seed.Span),
            Palette = Palette.Create(job.Art.Palette),
            Density = reading.Density,
            Energy = reading.Energy,
            Headline = job.Art.Headline,
            Line = job.Art.Line,
            Wordmark = job.Art.Wordmark,
            Size = job.Art.Size,
        };
    }

    private static string Choose(IReadOnlyList<string> families, ReadOnlySpan<byte> seed) =>
        families[(int)(BitConverter.ToUInt32(SHA256.HashData([.. "family"u8, .. seed])) % (uint)families.Count)];

    private static string Parameters(Brief brief, ArtDirection art) =>
        Encoding.UTF8.GetString(CanonicalJson.Serialize(JsonSerializer.SerializeToElement(new
        {
            family = brief.Family,
            palette = art.Palette,
            density = brief.Density,
            energy = brief.Energy,
            headline = brief.Headline,
            line = brief.Line,
            wordmark = brief.Wordmark,
            size = brief.Size,
        })));
}
