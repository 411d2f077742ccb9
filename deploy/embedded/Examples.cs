using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Platform.Embedded;

/// <summary>What each command's help ends with.</summary>
internal static class Examples
{
    private static readonly Dictionary<string, string> Texts = new()
    {
        ["demo"] =
            $"""
            Examples:
              demo                                         the sample's 24 events
              demo --campaign c.json --events e.ndjson     your own
              demo --data /tmp/try --port 6000 --keep      elsewhere, and go on serving
              demo --json > result.json                    progress on stderr, the result on stdout

            Ports are --port (HTTP) and the three after it: gRPC, chain, database. --linger is in milliseconds.
            Events may be sent again: the same source and id is the same asset.

            The files are described by JSON Schema, for editors too ("$schema" in a campaign is allowed):
              {Schema("campaign")}
              {Schema("event")}
            The sample to start from:
              {Path.Combine(AppContext.BaseDirectory, "sample")}

            Exit code: 0 all well, 1 an asset failed, 2 something to mend on the command line or in a file.
            """,
        ["run"] =
            """
            Examples:
              run                                  on ports 5080 to 5083, data in .imprimatur
              run --port 6000 --data /var/lib/imprimatur
              run --linger 5000                    wait 5,000 ms for a batch to fill: fewer transactions

            Calls need the token in the data folder's file 'token' as 'Authorization: Bearer …'; the HTTP side is
            described at /openapi/v1.json. Health (/health/ready) and the gateway (/ipfs/…) are open.
            """,
        ["processes"] =
            """
            Examples:
              processes                                        RabbitMQ as installed here, EmbeddedMongo, ports from 5080
              processes --replicas 2 --generator null --quiet  two of each, logs in files only
              processes --rabbitmq amqp://user:pass@host/vhost --mongodb mongodb://host/?replicaSet=rs0
              processes --set Campaigns__Window=512            a setting for every service
              kill -HUP <pid>                                  replace every process, one after the other

            tye.yaml names the services, their ports and settings; --port shifts all of them. A service that dies is started again.
            """,
        ["prepare"] =
            """
            Examples:
              prepare --data /data
              prepare --data /data --rpc http://chain:8545 --wait 60

            What is there is kept. deploy/compose.yaml runs it before the services.
            """,
        ["preview"] =
            """
            Examples:
              preview                                                       what the sample campaign needs to know
              preview --fact motif=arches --fact roast=dark --fact temper=calm --fact cups=38
              preview --campaign c.json --facts '{"season":"autumn","cups":38}' --seed 7 --out autumn.png
              preview --facts '{…}' --json | jq .prompt

            --seed is a number from 0, or 64 hexadecimal digits (32 bytes); the same seed gives the same picture.
            Pictures are style.size pixels a side, 1024 where the campaign says nothing.
            """,
        ["review"] =
            """
            Examples:
              review                                   what waits for a person, oldest first
              review --json | jq -r '.waiting[].image'
              review approve 3f2a --note "checked with the brand team"
              review reject 3f2a --reason image.off-brand --reason text.unreadable

            An asset id may be shortened as long as one waiting asset only begins with it. Images are at
            <data>/review/<assetId>.png. A decision claims the case first, so no two people decide one.
            """,
        ["approve"] =
            """
            Examples:
              review approve 3f2a
              review approve 3f2a91c4-0b1e-8c2d-9f00-5a6b7c8d9e0f --note "checked with the brand team"
            """,
        ["reject"] =
            """
            Examples:
              review reject 3f2a --reason image.off-brand
              review reject 3f2a --reason text.unreadable --reason image.off-brand --note "logo cut off"

            Codes are yours to choose: lower-case letters, digits, dots and hyphens, up to 64 characters; up to 20 of them.
            """,
        ["verify"] =
            """
            Examples:
              verify 0x5FbDB2315678afecb367f032d93F642f64180aa3/1
              verify 0x5FbDB2315678afecb367f032d93F642f64180aa3/1 --deep --json
              verify 0x…/1 --rpc http://127.0.0.1:6002 --gateway http://127.0.0.1:6000

            Exit code: 0 all lines hold, 1 some line does not or could not be checked, 2 something to mend.
            """,
        ["audit"] =
            """
            Examples:
              audit                                    the platform that serves .imprimatur
              audit --data /var/lib/imprimatur --wait 300
              audit --answers accepted.ndjson --json | jq .kinds
              audit --rpc http://127.0.0.1:6002 --gateway http://127.0.0.1:6000

            --answers is what the ingest answered its publisher, one answer, or one asset of one, on a line:
              {"event":"order-1","variant":"default","assetId":"3f2a91c4-0b1e-8c2d-9f00-5a6b7c8d9e0f"}
            Without it, what campaigns has is taken for accepted. --wait gives assets under way seconds to end.

            Exit code: 0 nothing differs, 1 something does, 2 something to mend.
            """,
        ["keys"] =
            """
            Examples:
              keys create --name "the shop" --scope events:write --campaign harbour-coffee --require-signature
              keys create --name dashboard --scope assets:read --expires-days 90 --json
              keys list
              keys rotate 3f2a91c40b1e8c2d --grace-hours 48
              keys revoke 3f2a91c40b1e8c2d

            Scopes: events:write (send events), assets:read (see campaigns, assets, tokens), campaigns:write (publish, pause),
            reviews:write (decide reviews), operations (everything, keys and webhooks too). A key is sent as
            'Authorization: Bearer imp_…'. Signed requests carry webhook-id, webhook-timestamp and webhook-signature
            (Standard Webhooks), made with the key's signing secret.
            """,
        ["webhooks"] =
            """
            Examples:
              webhooks add https://crm.example/imprimatur --campaign harbour-coffee --status minted --status failed
              webhooks list
              webhooks deliveries --state dead
              webhooks replay --dead
              webhooks replay --asset 3f2a91c4-0b1e-8c2d-9f00-5a6b7c8d9e0f
              webhooks replay --from 2026-05-04T12:00:00Z --until 2026-05-04T13:00:00Z --endpoint 3f2a91c40b1e8c2d
              webhooks remove 3f2a91c40b1e8c2d

            Sent are CloudEvents, signed with the endpoint's secret as Standard Webhooks has it, for 24 hours until one is
            answered 2xx. The same news has the same webhook-id each time: drop what you have seen.
            """,
    };

    public static void AddTo(RootCommand root)
    {
        foreach (var option in root.Options.OfType<HelpOption>())
        {
            option.Action = new HelpWithExamples((HelpAction)option.Action!);
        }
    }

    private static string Schema(string name) => Path.Combine(AppContext.BaseDirectory, "schemas", $"{name}.schema.json");

    private sealed class HelpWithExamples(HelpAction usual) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            var code = usual.Invoke(parseResult);
            if (Texts.TryGetValue(parseResult.CommandResult.Command.Name, out var text))
            {
                parseResult.InvocationConfiguration.Output.WriteLine(text);
            }

            return code;
        }
    }
}
