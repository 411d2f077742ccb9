using Platform.Generation;
using Platform.Hosting;

await PlatformHost.Build(args, new GenerationService()).RunAsync();
