using Platform.Hosting;
using Platform.Storage;

await PlatformHost.Build(args, new StorageService()).RunAsync();
