using MassTransit;
using Microsoft.Extensions.Options;
using Platform.Hosting;
using Platform.Mongo;

namespace Platform.Campaigns;

/// <summary>Owns campaigns and their events: admits each event once, renders its prompt, and knows how far every asset is.</summary>
public sealed class CampaignsService : IPlatformService
{
    public string Name => "campaigns";

    public Action<IBusRegistrationConfigurator>? Ingest => bus => bus.AddConsumer<TakeEvents, TakeEvents.Endpoint>();

    public void Register(IHostApplicationBuilder host)
    {
        host.Services.AddOptions<CampaignsOptions>().BindConfiguration(CampaignsOptions.Section).ValidateOnStart();
        host.Services.AddSingleton<IValidateOptions<CampaignsOptions>, CampaignsOptionsValidator>();
        host.Services.AddSingleton<PublishedCampaigns>();
        host.Services.AddSingleton<CampaignHeads>();
        host.Services.AddSingleton<Subjects>();
        host.Services.AddSingleton<Admissions>();
        host.Services.AddSingleton<IIndexed>(provider => provider.GetRequiredService<PublishedCampaigns>());
        host.Services.AddSingleton<IIndexed>(provider => provider.GetRequiredService<Admissions>());
        host.Services.AddSingleton<IRelayed>(provider => provider.GetRequiredService<Admissions>().Documents);
        host.Services.AddSingleton<AdmissionWindow>();
        host.Services.AddSingleton<WindowSize>();
        host.Services.AddSingleton<DiskBudget>();
        host.Services.AddSingleton<AdmitTogether>();
        host.Services.AddSingleton<AdmitEvents>();
        host.Services.AddSingleton<AdmitDelivered>();
        host.Services.AddHostedService<LookAtTheWindow>();
        host.Services.AddHostedService<ReleaseQueued>();
        host.Services.AddHostedService<AnnounceAdmitted>();
        host.Services.AddHostedService<WatchTheClock>();
        host.Services.AddAccess();
        host.Services.AddWebhooks();
        host.Services.AddApiDescription();
    }

    public void Subscribe(IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<AdmitRequestedPersonalization, AdmitRequestedPersonalization.Endpoint>();
        bus.AddConsumer<TrackAssets, TrackAssets.Endpoint>();
        bus.AddConsumer<TrackFailures, TrackFailures.Endpoint>();
    }

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGrpcService<CampaignsQueriesService>();
        endpoints.MapGrpcService<KeyManagementService>();
        endpoints.MapGrpcService<WebhookManagementService>();
        endpoints.MapIngest();
        endpoints.MapApiDescription();
    }
}
