using System.Text.Json;
using Google.Protobuf;
using Grpc.Core;
using Platform.Grpc.Campaigns;

namespace Platform.Embedded;

/// <summary>A campaign definition as JSON, in the names of the gRPC message; <c>$schema</c> is for editors.</summary>
internal sealed class CampaignFile
{
    private static readonly JsonParser Parser = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(true));

    private readonly string path;
    private readonly IReadOnlyDictionary<string, int> lines;

    private CampaignFile(string path, CampaignDefinition definition, IReadOnlyDictionary<string, int> lines)
    {
        this.path = path;
        this.lines = lines;
        Definition = definition;
    }

    public CampaignDefinition Definition { get; }

    /// <exception cref="UserErrorException">Each fault with file, line and field.</exception>
    public static CampaignFile Read(string path)
    {
        var json = TextFile.Read(path);
        CampaignJson walk;
        try
        {
            walk = CampaignJson.Read(json, CampaignDefinition.Descriptor);
        }
        catch (JsonException exception)
        {
            throw new UserErrorException(
                $"{path}:{exception.LineNumber + 1}: not JSON at column {exception.BytePositionInLine + 1}: {Reason(exception)}");
        }
        catch (InvalidOperationException)
        {
            throw new UserErrorException($"{path}: a text or a name in it is not valid Unicode.");
        }

        if (walk.Errors.Count > 0)
        {
            throw new UserErrorException(string.Join(
                '\n', walk.Errors.Select(error => $"{path}:{error.Line}: {(error.Field.Length == 0 ? "" : error.Field + ": ")}{error.Message}")));
        }

        try
        {
            return new CampaignFile(
                path, Parser.Parse<CampaignDefinition>(System.Text.Encoding.UTF8.GetString(json)), walk.Lines);
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw new UserErrorException($"{path}: {exception.Message}");
        }
    }

    public async Task<CampaignVersion> PublishAsync(PlatformApi api, CancellationToken cancellation)
    {
        try
        {
            return await api.Campaigns.PublishCampaignAsync(
                new PublishCampaignRequest { Definition = Definition }, cancellationToken: cancellation);
        }
        catch (RpcException exception) when (exception.StatusCode == StatusCode.InvalidArgument)
        {
            throw new UserErrorException(Describe(exception.Status.Detail));
        }
    }

    /// <summary>The service's faults, a line each as <c>field: message</c>, with file and line.</summary>
    public string Describe(string faults) => string.Join('\n', faults.Split('\n').Select(DescribeOne));

    private string DescribeOne(string fault)
    {
        var colon = fault.IndexOf(": ", StringComparison.Ordinal);
        var field = colon < 0 ? "" : fault[..colon];
        // The prompt has lines of its own, within one line of the file.
        var told = fault.StartsWith("prompt: Line ", StringComparison.Ordinal)
            ? $"prompt: template l{fault["prompt: L".Length..]}"
            : fault;
        return LineOf(field) is { } line ? $"{path}:{line}: {told}" : $"{path}: {told}";
    }

    /// <summary>Of the field, or of the nearest that is there and holds it.</summary>
    private int? LineOf(string field)
    {
        while (field.Length > 0)
        {
            if (lines.TryGetValue(field, out var line))
            {
                return line;
            }

            field = field[..Math.Max(0, field.LastIndexOfAny(['.', '[']))];
        }

        return null;
    }

    private static string Reason(JsonException exception)
    {
        var end = exception.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return Plain.Of(end < 0 ? exception.Message : exception.Message[..end]);
    }
}
