using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Platform.Grpc.Campaigns;

namespace Platform.Campaigns;

/// <summary>An admission as gRPC tells it.</summary>
internal static class AssetMessages
{
    public static AssetStatus ToMessage(this Admission admission, Guid assetId)
    {
        var message = new AssetStatus
        {
            AssetId = assetId.ToString(),
            Campaign = admission.Campaign,
            CampaignVersion = admission.CampaignVersion,
            Variant = admission.Variant,
            Status = admission.Status,
            Recipient = admission.Recipient,
            Prompt = admission.Prompt,
            Content = admission.Content ?? "",
            Cid = admission.Cid ?? "",
            ChainId = admission.ChainId ?? 0,
            Contract = admission.Contract ?? "",
            TokenId = admission.TokenId ?? "",
            Index = admission.Index ?? 0,
            MetadataCid = admission.MetadataCid ?? "",
            CustodyCid = admission.CustodyCid ?? "",
            TransactionHash = admission.TransactionHash ?? "",
            Trace = admission.TraceParent ?? "",
            ReceivedAt = admission.ReceivedAt.ToTimestamp(),
            ClosedAt = admission.ClosedAt?.ToTimestamp(),
        };
        message.Reasons.AddRange(admission.Reasons ?? []);
        return message;
    }
}

/// <summary>Facts as a preview sends them.</summary>
internal static class PreviewFacts
{
    public static IReadOnlyDictionary<string, JsonElement> Read(Struct? facts) => facts is null
        ? new Dictionary<string, JsonElement>()
        : facts.Fields.ToDictionary(
            field => field.Key,
            field => field.Value.KindCase switch
            {
                Value.KindOneofCase.NumberValue => JsonSerializer.SerializeToElement(field.Value.NumberValue),
                Value.KindOneofCase.BoolValue => JsonSerializer.SerializeToElement(field.Value.BoolValue),
                Value.KindOneofCase.StringValue => JsonSerializer.SerializeToElement(field.Value.StringValue),
                _ => JsonSerializer.SerializeToElement<object?>(null),
            });
}
