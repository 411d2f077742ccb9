using System.Text.Encodings.Web;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Platform.Campaigns;
using Platform.Generation;
using Platform.Grpc.Campaigns;
using Platform.Grpc.Generation;

namespace Platform.Embedded;

/// <summary>One look at what a campaign would make: of a running platform, or of two services started for it.</summary>
internal sealed class Preview(CampaignFile file, Struct facts, byte[] seed, string output)
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public async Task<int> RunAsync(string data, bool json, CancellationToken cancellation)
    {
        if (Directory.Exists(output) || !Directory.Exists(Path.GetDirectoryName(output)))
        {
            var wrong = Directory.Exists(output) ? "is a folder" : "its folder is not there";
            throw new UserErrorException($"--out {output}: {wrong}; name a file.");
        }

        var (prompt, picture) = await LookAsync(data, cancellation)
            .ToldAfterTwoSecondsAsync("Drawing; a first picture takes some seconds …");
        await WriteAsync(picture.Image.Memory, cancellation);
        using var parameters = JsonDocument.Parse(picture.Parameters);
        var family = parameters.RootElement.TryGetProperty("family", out var name) ? name.GetString() : null;
        await Console.Out.WriteLineAsync(json
            ? JsonSerializer.Serialize(
                new
                {
                    Campaign = file.Definition.Name,
                    Prompt = prompt,
                    Family = family,
                    Parameters = parameters.RootElement,
                    Seed = Convert.ToHexStringLower(seed),
                    picture.MediaType,
                    Bytes = picture.Image.Length,
                    Image = output,
                },
                Readable)
            : Describe(prompt, family, parameters.RootElement, picture));
        return 0;
    }

    private string Describe(string prompt, string? family, JsonElement parameters, PreviewResponse picture) =>
        $"""
        prompt      {Plain.Of(prompt)}
        family      {family}
        parameters  {string.Join(", ", parameters.EnumerateObject().Where(each => each.Name != "family").Select(Shown))}
        seed        {Convert.ToHexStringLower(seed)}
        picture     {output} ({picture.MediaType}, {picture.Image.Length:N0} bytes)
        """;

    private static string Shown(JsonProperty parameter) => $"{parameter.Name} " + (parameter.Value.ValueKind switch
    {
        JsonValueKind.Array => string.Join(' ', parameter.Value.EnumerateArray()),
        JsonValueKind.Null => "none",
        JsonValueKind.String => $"“{Plain.Of(parameter.Value.GetString()!)}”",
        JsonValueKind.Number when parameter.Value.TryGetInt32(out var number) && number == -1 => "by seed",
        _ => Plain.Of(parameter.Value.ToString()),
    });

    private async Task<(string Prompt, PreviewResponse Picture)> LookAsync(string data, CancellationToken cancellation)
    {
        if (await RunningPlatform.FindAsync(data, cancellation) is { } running)
        {
            return await AskAsync(running, cancellation);
        }

        await using var bench = await Workbench.StartAsync([new CampaignsService(), new GenerationService()], cancellation);
        return await AskAsync(bench.Options, cancellation);
    }

    private async Task<(string Prompt, PreviewResponse Picture)> AskAsync(
        EmbeddedOptions options, CancellationToken cancellation)
    {
        using var api = new PlatformApi(options);
        var prompt = await RenderAsync(api, cancellation);
        var style = file.Definition.Style ?? new Style();
        try
        {
            var picture = await api.Generations.PreviewAsync(
                new PreviewRequest
                {
                    Prompt = prompt,
                    Families = { style.Families },
                    Palette = { style.Palette },
                    Headline = style.Headline,
                    Line = style.Line,
                    Wordmark = style.Wordmark,
                    Size = style.Size,
                    Seed = UnsafeByteOperations.UnsafeWrap(seed),
                },
                cancellationToken: cancellation);
            return (prompt, picture);
        }
        catch (RpcException exception) when (exception.StatusCode is StatusCode.FailedPrecondition or StatusCode.InvalidArgument)
        {
            throw new UserErrorException(file.Describe($"style: {exception.Status.Detail}"));
        }
    }

    private async Task<string> RenderAsync(PlatformApi api, CancellationToken cancellation)
    {
        try
        {
            var rendered = await api.Campaigns.RenderPromptAsync(
                new RenderPromptRequest { Definition = file.Definition, Facts = facts }, cancellationToken: cancellation);
            return rendered.Prompt;
        }
        catch (RpcException exception) when (exception.StatusCode == StatusCode.InvalidArgument)
        {
            throw new UserErrorException(string.Join('\n', exception.Status.Detail.Split('\n').Select(fault =>
                
                fault.StartsWith("data.facts.", StringComparison.Ordinal)
                    ? $"--fact {fault["data.facts.".Length..]}"
                    : file.Describe(fault))));
        }
    }

    private async Task WriteAsync(ReadOnlyMemory<byte> image, CancellationToken cancellation)
    {
        try
        {
            await File.WriteAllBytesAsync(output, image, cancellation);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"--out {output}: cannot be written: {exception.Message}");
        }
    }
}
