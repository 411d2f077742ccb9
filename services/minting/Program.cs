using Platform.Hosting;
using Platform.Minting;

await PlatformHost.Build(args, new MintingService()).RunAsync();
