namespace Platform.Campaigns;

/// <summary>What the requests of one command take from their campaigns' budgets: all at once where it fits, else one by one.</summary>
internal sealed class BudgetTaking(PublishedCampaigns campaigns)
{
    private readonly Dictionary<string, long> taken = [];

    /// <summary>Takes for a whole command what its requests may need, so that most ask nobody again.</summary>
    public async Task ExpectAsync(PublishedCampaign campaign, long assets, CancellationToken cancellation)
    {
        var budget = campaign.Definition.Budget;
        if (budget > 0 && assets > 0)
        {
            taken[campaign.Name] =
                await campaigns.TryReserveAsync(campaign.Name, budget, assets, cancellation) ? assets : 0;
        }
    }

    /// <summary>False, and nothing taken, when fewer are left.</summary>
    public async Task<bool> TryTakeAsync(PublishedCampaign campaign, long assets, CancellationToken cancellation)
    {
        var budget = campaign.Definition.Budget;
        if (budget == 0 || assets == 0)
        {
            return true;
        }

        if (taken.GetValueOrDefault(campaign.Name) < assets)
        {
            return await campaigns.TryReserveAsync(campaign.Name, budget, assets, cancellation);
        }

        taken[campaign.Name] -= assets;
        return true;
    }

    /// <summary>These did not need what was taken for them after all.</summary>
    public void Return(PublishedCampaign campaign, long assets)
    {
        if (campaign.Definition.Budget > 0)
        {
            taken[campaign.Name] = taken.GetValueOrDefault(campaign.Name) + assets;
        }
    }

    public async Task GiveBackAsync(CancellationToken cancellation)
    {
        foreach (var (campaign, assets) in taken)
        {
            if (assets > 0)
            {
                await campaigns.GiveBackAsync(campaign, assets, cancellation);
            }
        }

        taken.Clear();
    }
}
