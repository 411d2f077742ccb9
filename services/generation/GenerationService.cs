using MassTransit;
using Microsoft.Extensions.Options;
using Platform.Hosting;

namespace Platform.Generation;

/// <summary>Makes artworks: hears requests, runs the generator, writes the bytes, announces what was made.</summary>
public sealed class GenerationService : IPlatformService
{
    public string Name => "generation";

    public void Register(IHostApplicationBuilder host)
    {
        host.Services.AddOptions<GenerationOptions>().BindConfiguration(GenerationOptions.Section).ValidateOnStart();
        host.Services.AddSingleton<IValidateOptions<GenerationOptions>, GenerationOptionsValidator>();
        host.Services.AddSingleton<HouseGenerator>();
        host.Services.AddSingleton<NullGenerator>();
        host.Services.AddSingleton<IArtworkGenerator>(provider =>
            provider.GetRequiredService<IOptions<GenerationOptions>>().Value.Generator == NullGenerator.GeneratorName
                ? provider.GetRequiredService<NullGenerator>()
                : provider.GetRequiredService<HouseGenerator>());
        host.Services.AddSingleton<Generations>();
    }

    public void Subscribe(IBusRegistrationConfigurator bus) =>
        bus.AddConsumer<GenerateArtwork, GenerateArtwork.Endpoint>();

    public void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.MapGrpcService<GenerationQueriesService>();
}
