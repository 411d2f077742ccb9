using Google.Protobuf.WellKnownTypes;
using Platform.Grpc.Moderation;
using CaseMessage = Platform.Grpc.Moderation.Case;

namespace Platform.Moderation;

/// <summary>Cases and policies as gRPC tells them.</summary>
internal static class CaseMessages
{
    public static CaseMessage ToMessage(this Case from)
    {
        var message = new CaseMessage
        {
            AssetId = from.Asset.AssetId.ToString(),
            Campaign = from.Asset.Campaign,
            Iteration = from.Asset.Iteration,
            Prompt = from.Asset.Prompt,
            Content = from.Asset.Content,
            Policy = from.Asset.Policy,
            OpenedAt = from.OpenedAt.ToTimestamp(),
            Lease = from.Lease,
        };
        switch (from)
        {
            case Case.Closed closed:
                message.State = closed.Decision.Verdict;
                message.Reasons.AddRange(closed.Decision.Reasons);
                message.Reviewer = closed.Decision.Reviewer ?? "";
                message.Note = closed.Note ?? "";
                break;
            case Case.Leased leased:
                message.State = "waiting";
                message.Reasons.AddRange(leased.Reasons);
                message.Reviewer = leased.Reviewer;
                message.LeasedUntil = leased.Until.ToTimestamp();
                break;
            default:
                message.State = "waiting";
                message.Reasons.AddRange(from.Reasons);
                break;
        }

        return message;
    }

    public static PolicyVersion ToMessage(this PublishedPolicy policy) =>
        new() { Policy = policy.Rules, Version = policy.Version, Digest = policy.Digest };
}
