using Platform.Hosting;
using Platform.RoyaltyIndexer;

await PlatformHost.Build(args, new RoyaltyIndexerService()).RunAsync();
