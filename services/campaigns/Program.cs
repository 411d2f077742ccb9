using Platform.Campaigns;
using Platform.Hosting;

await PlatformHost.Build(args, new CampaignsService()).RunAsync();
