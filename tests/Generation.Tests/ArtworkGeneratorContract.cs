using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Platform.Content;
using Platform.Events;
using SkiaSharp;
using static Platform.Generation.Tests.Situations;

namespace Platform.Generation.Tests;

/// <summary>What every generator promises.</summary>
public abstract class ArtworkGeneratorContract
{
    private protected abstract IArtworkGenerator Generator { get; }

    [Fact]
    public void Names_itself_and_what_it_is_made_of()
    {
        Assert.NotEmpty(Generator.Name);
        Assert.NotEmpty(Generator.Version);
        Assert.Matches("^[0-9a-f]{64}$", Generator.Digest);
    }

    [Fact]
    public async Task Makes_the_same_bytes_of_the_same_job_when_it_says_so()
    {
        var job = new GenerationJob(SHA256.HashData("seed"u8), "a calm picture", AnArtDirection());

        var first = await CompletedAsync(job);
        var second = await CompletedAsync(job);

        Assert.Equal(Reproducibility.Reprovable, first.Reproducibility);
        Assert.Equal(first.Bytes.ToArray(), second.Bytes.ToArray());
        Assert.Equal(first.Score?.ToArray(), second.Score?.ToArray());
        Assert.Equal(first.Parameters, second.Parameters);
    }

    [Fact]
    public async Task Says_its_parameters_in_canonical_JSON()
    {
        var art = AnArtDirection() with { Headline = "Grüße \"€\" <&>\t𝄞", Line = null };
        var completed = await CompletedAsync(new(new byte[32], "wild", art with { Headline = "Grüße \"€\" <&>" }));

        using var parsed = JsonDocument.Parse(completed.Parameters);

        Assert.Equal(Encoding.UTF8.GetString(CanonicalJson.Serialize(parsed.RootElement)), completed.Parameters);
    }

    [Fact]
    public async Task Makes_a_picture_that_decodes()
    {
        var completed = await CompletedAsync(new(new byte[32], "", AnArtDirection()));

        Assert.Equal("image/png", completed.MediaType);
        using var bitmap = SKBitmap.Decode(completed.Bytes.Span);
        Assert.NotNull(bitmap);
        Assert.Equal(bitmap.Width, bitmap.Height);
        AssertWellFormedPng(completed.Bytes.ToArray());
    }

    /// <summary>Whatever a campaign asks for, the answer is an outcome and never an exception.</summary>
    [Theory]
    [InlineData("size 0")]
    [InlineData("size -1")]
    [InlineData("size 100000")]
    [InlineData("headline")]
    [InlineData("line")]
    [InlineData("wordmark")]
    [InlineData("control")]
    [InlineData("no palette")]
    [InlineData("palette of ten")]
    [InlineData("palette of words")]
    [InlineData("unknown family")]
    [InlineData("empty family")]
    [InlineData("long prompt")]
    public async Task Answers_with_an_outcome_whatever_it_is_asked(string what)
    {
        var art = AnArtDirection();
        var job = new GenerationJob(new byte[32], what == "long prompt" ? new string('x', 1_000_000) : "a picture", what switch
        {
            "size 0" => art with { Size = 0 },
            "size -1" => art with { Size = -1 },
            "size 100000" => art with { Size = 100_000 },
            "headline" => art with { Headline = new string('W', 5_000) },
            "line" => art with { Line = new string('W', 5_000) },
            "wordmark" => art with { Wordmark = new string('W', 5_000) },
            "control" => art with { Headline = "a\0\u202Eb" },
            "no palette" => art with { Palette = [] },
            "palette of ten" => art with { Palette = [.. Enumerable.Repeat("#123456", 10)] },
            "palette of words" => art with { Palette = ["red"] },
            "unknown family" => art with { Families = ["dragons"] },
            "empty family" => art with { Families = [""] },
            _ => art,
        });

        var outcome = await Generator.GenerateAsync(job, TestContext.Current.CancellationToken);

        Assert.True(outcome is GenerationOutcome.Completed or GenerationOutcome.Refused { Reason.Length: > 0 }, outcome.ToString());
    }

    private protected async Task<GenerationOutcome.Completed> CompletedAsync(GenerationJob job) =>
        Assert.IsType<GenerationOutcome.Completed>(await Generator.GenerateAsync(job, TestContext.Current.CancellationToken));

    /// <summary>Every chunk's checksum is right and the pixels inflate: decoders forgive what others do not.</summary>
    private static void AssertWellFormedPng(byte[] png)
    {
        Assert.Equal([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], png[..8]);
        using var data = new MemoryStream();
        var at = 8;
        var type = "";
        while (at < png.Length)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            type = Encoding.ASCII.GetString(png, at + 4, 4);
            Assert.Equal(
                BinaryPrimitives.ReadUInt32BigEndian(png.AsSpan(at + 8 + length)), Crc32(png.AsSpan(at + 4, 4 + length)));
            if (type == "IDAT")
            {
                data.Write(png, at + 8, length);
            }

            at += 12 + length;
        }

        Assert.Equal("IEND", type);
        data.Position = 0;
        using var pixels = new MemoryStream();
        using var inflate = new ZLibStream(data, CompressionMode.Decompress);
        inflate.CopyTo(pixels);
        Assert.True(pixels.Length >= BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20)) * 2L, "a row has a filter byte and a pixel at least");
    }

    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320;
            }
        }

        return ~crc;
    }
}

public sealed class NullGeneratorTests : ArtworkGeneratorContract
{
    private protected override IArtworkGenerator Generator { get; } = new NullGenerator();

    [Fact]
    public async Task Draws_one_pixel()
    {
        var completed = await CompletedAsync(new(new byte[32], "", AnArtDirection()));

        using var bitmap = SKBitmap.Decode(completed.Bytes.Span);
        Assert.Equal((1, 1), (bitmap.Width, bitmap.Height));
        Assert.Null(completed.Score);
    }
}

public sealed class HouseGeneratorTests : ArtworkGeneratorContract
{
    private protected override IArtworkGenerator Generator { get; } = new HouseGenerator();

    [Fact]
    public async Task Draws_as_large_as_it_is_told_and_keeps_the_score()
    {
        var completed = await CompletedAsync(new(new byte[32], "", AnArtDirection()));

        using var bitmap = SKBitmap.Decode(completed.Bytes.Span);
        Assert.Equal((96, 96), (bitmap.Width, bitmap.Height));
        Assert.NotEqual(0, completed.Score!.Value.Length);
    }

    [Fact]
    public async Task Draws_another_picture_of_another_seed()
    {
        var one = await CompletedAsync(new(SHA256.HashData("one"u8), "", AnArtDirection()));
        var two = await CompletedAsync(new(SHA256.HashData("two"u8), "", AnArtDirection()));

        Assert.NotEqual(one.Bytes.ToArray(), two.Bytes.ToArray());
    }

    [Fact]
    public async Task Says_which_family_it_does_not_have()
    {
        var art = AnArtDirection() with { Families = ["dragons"] };

        var outcome = await Generator.GenerateAsync(new(new byte[32], "", art), TestContext.Current.CancellationToken);

        Assert.StartsWith("The house artist has no family 'dragons'", Assert.IsType<GenerationOutcome.Refused>(outcome).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("calm and lush", 3, 0)]
    [InlineData("nothing it knows", -1, -1)]
    public async Task Follows_the_prompt_in_what_it_understands(string prompt, int density, int energy)
    {
        var completed = await CompletedAsync(new(new byte[32], prompt, AnArtDirection()));

        using var parameters = JsonDocument.Parse(completed.Parameters);
        Assert.Equal((density, energy), (
            parameters.RootElement.GetProperty("density").GetInt32(), parameters.RootElement.GetProperty("energy").GetInt32()));
    }

    [Fact]
    public async Task Chooses_among_the_campaigns_families_by_seed_alone()
    {
        var families = Composer.HouseArtist.Families.Take(2).ToArray();
        var art = AnArtDirection() with { Families = families, Headline = null, Line = null, Wordmark = null };
        HashSet<string> chosen = [];
        for (byte seed = 0; seed < 12; seed++)
        {
            var completed = await CompletedAsync(new(SHA256.HashData([seed]), "", art));
            using var parameters = JsonDocument.Parse(completed.Parameters);
            chosen.Add(parameters.RootElement.GetProperty("family").GetString()!);
        }

        Assert.Equivalent(families, chosen, strict: true);
    }
}
