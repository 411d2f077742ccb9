using System.CommandLine;

namespace Platform.Embedded;

/// <summary>Shows what a campaign would make of given facts; mints nothing.</summary>
internal static class PreviewCommand
{
    public static Command Create()
    {
        var campaign = new Option<string>("--campaign") { Description = "Campaign definition (JSON); the sample's when absent" };
        var fact = new Option<string[]>("--fact") { Description = "A fact as name=value; once for each", HelpName = "name=value" };
        var facts = new Option<string>("--facts") { Description = "Facts as one JSON object; --fact goes before", HelpName = "json" };
        var seed = new Option<string>("--seed")
        {
            Description = "What chance draws from: a number from 0, or 64 hexadecimal digits",
            DefaultValueFactory = _ => "0",
        };
        var output = new Option<string>("--out")
        {
            Description = "File that the picture is written to; one that is there is replaced",
            DefaultValueFactory = _ => "preview.png",
        };
        var command = new Command("preview", "Show the prompt and the picture that facts would lead to; mint nothing, keep nothing")
        {
            campaign, fact, facts, seed, output, CommonOptions.Data, CommonOptions.Json,
        };
        command.SetAction((result, cancellation) =>
        {
            var sample = Path.Combine(AppContext.BaseDirectory, "sample", "campaign.json");
            var file = CampaignFile.Read(result.GetValue(campaign) ?? sample);
            var preview = new Preview(
                file,
                FactArguments.Read(file.Definition, result.GetValue(fact) ?? [], result.GetValue(facts)),
                Seed.Parse(result.GetValue(seed)!),
                Path.GetFullPath(result.GetValue(output)!));
            return preview.RunAsync(
                Path.GetFullPath(result.GetValue(CommonOptions.Data)!), result.GetValue(CommonOptions.Json), cancellation);
        });
        return command;
    }
}
