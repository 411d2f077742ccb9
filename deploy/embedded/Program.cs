using System.CommandLine;
using Platform.Embedded;

var root = new RootCommand(
    """
    Imprimatur: from a campaign event to a minted, verifiable artwork, in one process.

    Everything listens on loopback and is kept under one data folder. Examples:
      demo                                        24 events of a sample campaign, from event to token
      demo --campaign c.json --events e.ndjson    your own
      run                                         serve until Ctrl-C, resume what was unfinished
      processes                                   the same as processes of their own, on RabbitMQ
      prepare                                     token and signer's key, for services that run elsewhere
      preview --fact motif=arches …               a prompt and its picture; nothing is minted
      review                                      what waits for a person
      verify <contract>/<tokenId>                 check a token from chain and gateway alone
      audit                                       prove that nothing was lost or doubled
      keys create --name shop --scope events:write a key for a system that publishes
      webhooks add https://…                      tell a campaign system what became of its events
    Each command's --help has more.
    """);
root.Subcommands.Add(DemoCommand.Create());
root.Subcommands.Add(RunCommand.Create());
root.Subcommands.Add(ProcessesCommand.Create());
root.Subcommands.Add(PrepareCommand.Create());
root.Subcommands.Add(PreviewCommand.Create());
root.Subcommands.Add(ReviewCommand.Create());
root.Subcommands.Add(VerifyCommand.Create());
root.Subcommands.Add(AuditCommand.Create());
root.Subcommands.Add(KeysCommand.Create());
root.Subcommands.Add(WebhooksCommand.Create());

return await CommandRunner.RunAsync(root, args);
