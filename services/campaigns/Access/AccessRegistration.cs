using Microsoft.Extensions.Options;
using Platform.Hosting;
using Platform.Mongo;

namespace Platform.Campaigns;

/// <summary>What this slice is made of.</summary>
internal static class AccessRegistration
{
    public static void AddAccess(this IServiceCollection services)
    {
        services.AddOptions<AccessOptions>().BindConfiguration(AccessOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<AccessOptions>, AccessOptionsValidator>();
        services.AddSingleton<SecretSeal>();
        services.AddSingleton<ApiKeys>();
        services.AddSingleton<NoteKeyUse>();
        services.AddSingleton<KeyRing>();
        services.AddSingleton<IKeyRing>(provider => provider.GetRequiredService<KeyRing>());
        services.AddSingleton<SeenRequests>();
        services.AddSingleton<SignedRequests>();
        services.AddSingleton<IIndexed>(provider => provider.GetRequiredService<ApiKeys>());
        services.AddSingleton<IIndexed>(provider => provider.GetRequiredService<SeenRequests>());
        services.AddHostedService(provider => provider.GetRequiredService<NoteKeyUse>());
    }
}
