using Google.Protobuf;
using Grpc.Core;
using Platform.Grpc.Campaigns;

namespace Platform.Embedded;

/// <summary>A campaign definition as JSON, in the names of the gRPC message.</summary>
internal static class CampaignFile
{
    public static CampaignDefinition Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new UserErrorException($"There is no file {path}.");
        }

        try
        {
            return JsonParser.Default.Parse<CampaignDefinition>(File.ReadAllText(path));
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw new UserErrorException($"{path}: {exception.Message}");
        }
        catch (InvalidJsonException exception)
        {
            throw new UserErrorException($"{path}: not JSON: {exception.Message}");
        }
    }

    public static async Task<CampaignVersion> PublishAsync(
        PlatformApi api, string path, CampaignDefinition definition, CancellationToken cancellation)
    {
        try
        {
            return await api.Campaigns.PublishCampaignAsync(
                new PublishCampaignRequest { Definition = definition }, cancellationToken: cancellation);
        }
        catch (RpcException exception) when (exception.StatusCode == StatusCode.InvalidArgument)
        {
            throw new UserErrorException(string.Join(
                '\n', exception.Status.Detail.Split('\n').Select(error => $"{path}: {error}")));
        }
    }
}
