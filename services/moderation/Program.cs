using Platform.Hosting;
using Platform.Moderation;

await PlatformHost.Build(args, new ModerationService()).RunAsync();
