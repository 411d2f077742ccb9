using System.Text.Json;
using Platform.Events;
using Platform.Grpc.Moderation;
using Platform.Mongo;
using SkiaSharp;

namespace Platform.Moderation.Tests;

/// <summary>What the tests are about.</summary>
internal static class Situations
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, 250, TimeSpan.Zero);

    public static Guid AnId() => DerivedGuid.From(Guid.CreateVersion7().ToString());

    public static string ACampaign() => $"campaign-{AnId():N}";

    public static GenerationCompleted AnAsset(
        string policy = "decode-only@1",
        string content = "",
        string prompt = "A quiet harbour at dusk",
        string campaign = "tram-souvenirs",
        Guid? assetId = null,
        int iteration = 0) => new()
        {
            AssetId = assetId ?? AnId(),
            Iteration = iteration,
            Campaign = campaign,
            CampaignVersion = 3,
            Recipient = "0x00000000219ab540356cBB839Cbe05303d7705Fa",
            Prompt = prompt,
            Policy = policy,
            Content = content,
            MediaType = "image/png",
            Custody = new CustodyFacts
            {
                EventDigest = new('e', 64),
                PromptDigest = new('d', 64),
                Generator = new GeneratorFacts
                {
                    Name = "house",
                    Version = "1.0.0",
                    Digest = new('a', 64),
                    Parameters = "{}",
                    Seed = new('5', 64),
                },
            },
            CompletedAt = Noon,
        };

    public static string Json<T>(T message) => JsonSerializer.Serialize(message);

    public static PublishedPolicy APolicy(bool humanReview = false) =>
        new(new Policy { Name = "test", HumanReview = humanReview }, 1);

    /// <summary>Soft shapes, all of them other ones for another seed.</summary>
    public static SKBitmap APicture(int seed, int width = 256, int height = 256)
    {
        var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Premul));
        using var canvas = new SKCanvas(bitmap);
        using var paint = new SKPaint { IsAntialias = true };
        canvas.Clear(SKColors.White);
        var state = (uint)seed * 2654435761u + 1;
        for (var shape = 0; shape < 14; shape++)
        {
            paint.Color = new SKColor((byte)Next(), (byte)Next(), (byte)Next());
            canvas.DrawCircle(Next() * width / 255f, Next() * height / 255f, (Next() + 40) * width / 900f, paint);
        }

        return bitmap;

        uint Next()
        {
            state = (state * 1664525u) + 1013904223u;
            return state >> 24;
        }
    }

    public static byte[] APng(int seed, int width = 256, int height = 256)
    {
        using var bitmap = APicture(seed, width, height);
        return Encode(bitmap, SKEncodedImageFormat.Png);
    }

    public static byte[] ABlankPng(int width = 64, int height = 64)
    {
        using var bitmap = new SKBitmap(width, height);
        bitmap.Erase(SKColors.CornflowerBlue);
        return Encode(bitmap, SKEncodedImageFormat.Png);
    }

    public static byte[] Encode(SKBitmap bitmap, SKEncodedImageFormat format, int quality = 90)
    {
        using var data = bitmap.Encode(format, quality);
        return data.ToArray();
    }

    public static byte[] Scale(byte[] image, int width, int height, SKEncodedImageFormat format, int quality = 90)
    {
        using var bitmap = SKBitmap.Decode(image);
        using var scaled = bitmap.Resize(
            new SKImageInfo(width, height), new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        return Encode(scaled, format, quality);
    }
}
