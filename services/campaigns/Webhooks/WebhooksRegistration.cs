using Microsoft.Extensions.Options;
using Platform.Mongo;

namespace Platform.Campaigns;

/// <summary>What this slice is made of.</summary>
internal static class WebhooksRegistration
{
    public static void AddWebhooks(this IServiceCollection services)
    {
        services.AddOptions<WebhooksOptions>().BindConfiguration(WebhooksOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<WebhooksOptions>, WebhooksOptionsValidator>();
        services.AddSingleton<WebhookEndpoints>();
        services.AddSingleton<WebhookDeliveries>();
        services.AddSingleton<IIndexed>(provider => provider.GetRequiredService<WebhookDeliveries>());
        services.AddSingleton<NewDeliveries>();
        services.AddSingleton<SendWebhook>();
        // An endpoint's address may hold a secret of its owner's, and the factory's loggers write addresses.
        services.AddHttpClient(SendWebhook.ClientName)
            .RemoveAllLoggers()
            .ConfigurePrimaryHttpMessageHandler(provider =>
                SendWebhook.CreateHandler(provider.GetRequiredService<IOptions<WebhooksOptions>>().Value));
        services.AddHostedService<TellNews>();
        services.AddHostedService<DeliverWebhooks>();
    }
}
