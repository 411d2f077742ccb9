using System.Text.RegularExpressions;
using Platform.Grpc.Access;
using Platform.Hosting;

namespace Platform.Campaigns;

/// <summary>What a key may be made with.</summary>
internal static partial class KeyRules
{
    private const int LongestName = 100;

    private const int MostCampaigns = 100;

    private const int MostDays = 3_650;

    public static IReadOnlyList<FieldError> Check(CreateKeyRequest request)
    {
        var errors = new List<FieldError>();
        if (request.Name.Trim().Length is 0 or > LongestName || request.Name.Any(char.IsControl))
        {
            errors.Add(new FieldError("name", $"Send what the key is for, in 1 to {LongestName} characters."));
        }

        if (request.Scopes.Count == 0 || request.Scopes.Except(KeyScopes.All).Any())
        {
            errors.Add(new FieldError("scopes", $"Send one or more of {string.Join(", ", KeyScopes.All)}."));
        }

        errors.AddRange(CheckCampaigns(request.Campaigns));
        if (request.Campaigns.Count > 0 && request.Scopes.Contains(NeedsScopeAttribute.Operations))
        {
            errors.Add(new FieldError("campaigns", $"The scope '{NeedsScopeAttribute.Operations}' reaches everything; leave one of the two out."));
        }

        if (request.ExpiresInDays is < 0 or > MostDays)
        {
            errors.Add(new FieldError("expires_in_days", $"Send 1 to {MostDays}, or 0 for never."));
        }

        return errors;
    }

    /// <summary>Campaigns that something is limited to; they need not exist yet.</summary>
    public static IEnumerable<FieldError> CheckCampaigns(IReadOnlyCollection<string> campaigns)
    {
        if (campaigns.Count > MostCampaigns || !campaigns.All(Name().IsMatch))
        {
            yield return new FieldError("campaigns", $"Send up to {MostCampaigns} names of campaigns: lower-case letters, digits and hyphens.");
        }
    }

    [GeneratedRegex("^[a-z0-9-]{3,63}$")]
    private static partial Regex Name();
}
