using MassTransit;
using Platform.Hosting;
using Platform.Mongo;

namespace Platform.Moderation;

/// <summary>
/// Judges generated assets under named policy versions; people decide where the policy does not.
/// </summary>
public sealed class ModerationService : IPlatformService
{
    public string Name => "moderation";

    public void Register(IHostApplicationBuilder host)
    {
        host.Services.AddSingleton<PublishedPolicies>();
        host.Services.AddSingleton<Fingerprints>();
        host.Services.AddSingleton<Cases>();
        host.Services.AddSingleton<IIndexed>(provider => provider.GetRequiredService<PublishedPolicies>());
        host.Services.AddSingleton<IIndexed>(provider => provider.GetRequiredService<Fingerprints>());
        host.Services.AddSingleton<IIndexed>(provider => provider.GetRequiredService<Cases>());
        host.Services.AddSingleton<IRelayed>(provider => provider.GetRequiredService<Cases>().Documents);
        host.Services.AddSingleton<AssetInspector>();
        host.Services.AddSingleton<Reviews>();
        host.Services.AddHostedService<PublishBuiltInPolicies>();
    }

    public void Subscribe(IBusRegistrationConfigurator bus) =>
        bus.AddConsumer<JudgeGeneratedAsset, JudgeGeneratedAsset.Endpoint>();

    public void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.MapGrpcService<ModerationQueriesService>();
}
