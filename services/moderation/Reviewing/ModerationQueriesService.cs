using System.Text.RegularExpressions;
using Grpc.Core;
using Platform.Grpc.Moderation;
using Platform.Hosting;
using CaseMessage = Platform.Grpc.Moderation.Case;

namespace Platform.Moderation;

/// <summary>Answers for the review queue and the policies; a reviewer is who the credential says.</summary>
[NeedsScope("reviews:write")]
internal sealed partial class ModerationQueriesService(
    Cases cases, Reviews reviews, PublishedPolicies policies)
    : Platform.Grpc.Moderation.Moderation.ModerationBase
{
    private const int DefaultPage = 100;

    private const int LargestPage = 500;

    private const int LongestNote = 2_000;

    private const int MostReasons = 20;

    public override async Task<ListCasesResponse> ListCases(
        ListCasesRequest request, ServerCallContext context)
    {
        var state = request.State switch
        {
            "" or "waiting" => nameof(Case.Open),
            "approved" => nameof(Case.Approved),
            "rejected" => nameof(Case.Rejected),
            _ => throw Invalid(["state: Use waiting, approved or rejected."]),
        };
        var listed = await cases.ListAsync(
            state,
            request.Campaign.Length == 0 ? null : request.Campaign,
            LimitOf(request.Limit),
            context.CancellationToken);
        var response = new ListCasesResponse();
        response.Cases.AddRange(listed.Select(each => each.ToMessage()));
        return response;
    }

    public override async Task<ListCasesResponse> ListAllCases(
        ListAllCasesRequest request, ServerCallContext context)
    {
        var after = request.After.Length == 0 ? (Guid?)null
            : Guid.TryParse(request.After, out var id) ? id
            : throw Invalid(["after: Send an asset id, a UUID."]);
        var listed = await cases.ListAsync(after, LimitOf(request.Limit), context.CancellationToken);
        var response = new ListCasesResponse();
        response.Cases.AddRange(listed.Select(each => each.ToMessage()));
        return response;
    }

    public override async Task<CaseMessage> GetCase(GetCaseRequest request, ServerCallContext context)
    {
        var assetId = ParseId(request.AssetId);
        var found = await cases.Documents.FindAsync(assetId, context.CancellationToken);
        return found?.ToMessage()
            ?? throw new RpcException(new Status(StatusCode.NotFound, $"There is no case {assetId}."));
    }

    public override Task<CaseMessage> ClaimCase(ClaimCaseRequest request, ServerCallContext context) =>
        AnswerAsync(reviews.ClaimAsync(
            ParseId(request.AssetId), ReviewerOf(context), context.CancellationToken));

    public override Task<CaseMessage> ApproveCase(ApproveCaseRequest request, ServerCallContext context)
    {
        var ruling = RulingOf(context, request.Note, request.Lease, reasons: []);
        return AnswerAsync(reviews.ApproveAsync(ParseId(request.AssetId), ruling, context.CancellationToken));
    }

    public override Task<CaseMessage> RejectCase(RejectCaseRequest request, ServerCallContext context)
    {
        if (request.Reasons.Count is 0 or > MostReasons || !request.Reasons.All(Reason().IsMatch))
        {
            throw Invalid(
                [$"reasons: Send 1 to {MostReasons} codes of lower-case letters, digits, dots and hyphens."]);
        }

        var ruling = RulingOf(context, request.Note, request.Lease, [.. request.Reasons.Distinct()]);
        return AnswerAsync(reviews.RejectAsync(ParseId(request.AssetId), ruling, context.CancellationToken));
    }

    [NeedsScope(NeedsScopeAttribute.Operations)]
    public override async Task<PolicyVersion> PublishPolicy(
        PublishPolicyRequest request, ServerCallContext context)
    {
        var policy = request.Policy ?? throw Invalid(["policy: Send the policy."]);
        return PolicyRules.Check(policy) is { Count: > 0 } errors
            ? throw Invalid(errors)
            : (await policies.PublishAsync(policy, context.CancellationToken)).ToMessage();
    }

    public override async Task<PolicyVersion> GetPolicy(GetPolicyRequest request, ServerCallContext context)
    {
        var reference = PublishedPolicy.ReferenceOf(request.Name, request.Version);
        var policy = request.Version == 0
            ? await policies.FindNewestAsync(request.Name, context.CancellationToken)
            : await policies.FindAsync(reference, context.CancellationToken);
        var asked = request.Version == 0 ? request.Name : reference;
        return policy?.ToMessage()
            ?? throw new RpcException(new Status(StatusCode.NotFound, $"There is no policy '{asked}'."));
    }

    public override async Task<ListPoliciesResponse> ListPolicies(
        ListPoliciesRequest request, ServerCallContext context)
    {
        var response = new ListPoliciesResponse();
        response.Policies.AddRange(
            (await policies.ListAsync(context.CancellationToken)).Select(each => each.ToMessage()));
        return response;
    }

    private static async Task<CaseMessage> AnswerAsync(Task<Case> review)
    {
        try
        {
            return (await review).ToMessage();
        }
        catch (ReviewRefusedException refused)
        {
            throw new RpcException(new Status(refused.Status, refused.Message));
        }
    }

    private static Ruling RulingOf(
        ServerCallContext context, string note, long lease, IReadOnlyList<string> reasons) =>
        note.Length > LongestNote ? throw Invalid([$"note: Send at most {LongestNote} characters."])
        : lease < 0 ? throw Invalid(["lease: Send the number the claim answered, or nothing."])
        : new()
        {
            Reviewer = ReviewerOf(context),
            Lease = lease == 0 ? null : lease,
            Reasons = reasons,
            Note = note.Length == 0 ? null : note,
        };

    private static string ReviewerOf(ServerCallContext context) =>
        context.GetHttpContext().User.Identity is { IsAuthenticated: true, Name: { Length: > 0 } name }
            ? name
            : throw new RpcException(new Status(
                StatusCode.Unauthenticated, "A review needs a credential that names a person."));

    private static int LimitOf(int asked) => asked switch
    {
        < 0 or > LargestPage => throw Invalid([$"limit: Use 1 to {LargestPage}, or 0 for {DefaultPage}."]),
        0 => DefaultPage,
        _ => asked,
    };

    private static Guid ParseId(string text) => Guid.TryParse(text, out var id)
        ? id
        : throw Invalid(["asset_id: Send an asset id, a UUID."]);

    private static RpcException Invalid(IReadOnlyList<string> errors) =>
        new(new Status(StatusCode.InvalidArgument, string.Join("\n", errors)));

    [GeneratedRegex(@"\A(?=.{1,64}\z)[a-z0-9]+([.-][a-z0-9]+)*\z")]
    private static partial Regex Reason();
}
