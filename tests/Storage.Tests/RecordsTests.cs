using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Platform.Content;
using Platform.Events;
using static Platform.Storage.Tests.Situations;

namespace Platform.Storage.Tests;

public sealed class RecordsTests
{
    private static readonly Guid Id = Guid.Parse("6f1c1f0a-1111-8222-9333-444455556666");

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    [Fact]
    public void The_custody_record_reads_like_this()
    {
        var record = CustodyRecord.Of(APin(Id), ADefinition(), ABatchId(), 7).ToBytes();

        Assert.Equal(
            """
            {
              "asset": {
                "cid": "$cid",
                "cidProfile": "unixfs-v1-2025",
                "id": "6f1c1f0a-1111-8222-9333-444455556666",
                "iteration": 0,
                "mediaType": "image/png",
                "sha256": "$content",
                "size": 20000
              },
              "batch": {
                "id": "$batch",
                "index": 7
              },
              "campaign": {
                "name": "tram-souvenirs",
                "version": 1
              },
              "decisions": [
                {
                  "decidedAt": "2026-11-23T12:00:00.250Z",
                  "policy": "brand-safe@1",
                  "reasons": [],
                  "verdict": "approved"
                },
                {
                  "decidedAt": "2026-11-23T12:01:00.250Z",
                  "policy": "brand-safe@1",
                  "reasons": [
                    "image.near-duplicate"
                  ],
                  "reviewer": "installation-operator",
                  "verdict": "approved"
                }
              ],
              "digitalSourceType": "http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia",
              "event": {
                "algorithm": "hmac-sha256",
                "digest": "$event"
              },
              "generator": {
                "digest": "$rules",
                "name": "house",
                "parameters": {
                  "family": "bauhaus",
                  "palette": [
                    "#112233"
                  ],
                  "size": 1024
                },
                "score": {
                  "algorithm": "sha256",
                  "digest": "$score"
                },
                "seed": "$seed",
                "version": "1.0.0"
              },
              "prompt": {
                "algorithm": "sha256-salted",
                "digest": "$prompt"
              },
              "recipient": "0x00000000219ab540356cBB839Cbe05303d7705Fa",
              "rights": {
                "licence": "CC-BY-NC-4.0",
                "usageTermsSha256": "$terms"
              },
              "type": "urn:imprimatur:custody:1"
            }
            """
                .Replace("$cid", ContentDigest.ToRawCid(ContentDigest.Of(APicture(Id))).ToString(), StringComparison.Ordinal)
                .Replace("$content", ContentDigest.Of(APicture(Id)), StringComparison.Ordinal)
                .Replace("$batch", ABatchId(), StringComparison.Ordinal)
                .Replace("$event", Digest("event"), StringComparison.Ordinal)
                .Replace("$rules", Digest("rules"), StringComparison.Ordinal)
                .Replace("$score", Digest("score"), StringComparison.Ordinal)
                .Replace("$seed", Digest("seed"), StringComparison.Ordinal)
                .Replace("$prompt", Digest("prompt"), StringComparison.Ordinal)
                .Replace("$terms", Digest(ADefinition().UsageTerms), StringComparison.Ordinal),
            Pretty(record));
    }

    [Fact]
    public void The_token_metadata_reads_like_this()
    {
        var metadata = TokenMetadata.Of(
            APin(Id), ADefinition(), new(new Uri("ipfs://bafyfolder/7.json"), Digest("record"), "application/json")).ToBytes();

        Assert.Equal(
            """
            {
              "attributes": [
                {
                  "trait_type": "Campaign",
                  "value": "Tram souvenirs"
                },
                {
                  "trait_type": "Family",
                  "value": "bauhaus"
                },
                {
                  "trait_type": "Artist",
                  "value": "house 1.0.0"
                },
                {
                  "trait_type": "Licence",
                  "value": "CC-BY-NC-4.0"
                }
              ],
              "custody": {
                "mediaType": "application/json",
                "sha256": "$record",
                "uri": "ipfs://bafyfolder/7.json"
              },
              "description": "A picture for each ride on the old line.",
              "external_url": "https://trams.example/souvenirs",
              "image": "ipfs://$cid",
              "license": "CC-BY-NC-4.0",
              "name": "Tram Souvenirs #6f1c1f0a11",
              "properties": {
                "digital_source_type": "http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia",
                "media_type": "image/png",
                "sha256": "$content"
              },
              "usage_terms": "Share it, print it, do not sell copies of it."
            }
            """
                .Replace("$record", Digest("record"), StringComparison.Ordinal)
                .Replace("$cid", ContentDigest.ToRawCid(ContentDigest.Of(APicture(Id))).ToString(), StringComparison.Ordinal)
                .Replace("$content", ContentDigest.Of(APicture(Id)), StringComparison.Ordinal),
            Pretty(metadata));
    }

    [Fact]
    public void The_contract_metadata_reads_like_this()
    {
        Assert.Equal(
            """{"description":"A picture for each ride on the old line.","external_link":"https://trams.example/souvenirs","name":"Tram Souvenirs","symbol":"TRAM"}""",
            Encoding.UTF8.GetString(ContractMetadata.Of(ADefinition()).ToBytes()));
    }

    [Fact]
    public void The_same_facts_are_the_same_directories_wherever_and_whenever()
    {
        var pins = Enumerable.Range(0, 5).Select(_ => APin()).ToArray();
        var here = BatchDirectories.Of(ABatch(pins));

        var culture = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo("th-TH");
        var there = BatchDirectories.Of(ABatch([.. pins.Select(pin => pin with { PinnedAt = Noon.AddYears(3), TraceParent = "00-…" })]));
        CultureInfo.CurrentCulture = culture;

        Assert.Equal(here.Custody.Root, there.Custody.Root);
        Assert.Equal(here.Metadata.Root, there.Metadata.Root);
        Assert.Equal(here.CustodyRoot, there.CustodyRoot);
    }

    [Fact]
    public void Another_order_or_batch_is_another_custody()
    {
        var (first, second) = (APin(), APin());

        var roots = new[]
        {
            BatchDirectories.Of(ABatch(first, second)),
            BatchDirectories.Of(ABatch(second, first)),
            BatchDirectories.Of(ABatch(first, second) with { BatchId = ABatchId("another") }),
        };

        Assert.Equal(3, roots.Select(each => each.CustodyRoot).Distinct().Count());
        Assert.Equal(3, roots.Select(each => each.Custody.Root.Cid).Distinct().Count());
    }

    [Fact]
    public void Everything_that_is_written_is_canonical()
    {
        var directories = BatchDirectories.Of(ABatch(APin(), APin()));

        foreach (var block in directories.Custody.Blocks.Concat(directories.Metadata.Blocks).Where(block => block.Cid.Codec == Multicodec.Raw))
        {
            using var document = JsonDocument.Parse(block.Data);
            Assert.Equal(CanonicalJson.Serialize(document.RootElement), block.Data.ToArray());
        }
    }

    [Fact]
    public void A_batch_over_two_versions_speaks_of_each_by_its_own_terms()
    {
        var batch = ABatch(APin(version: 1), APin(version: 2));
        batch.Versions[2].Licence = "CC0-1.0";

        var directories = BatchDirectories.Of(batch);

        Assert.Equal(
            ["CC-BY-NC-4.0", "CC0-1.0"],
            directories.Custody.Blocks.Take(2).Select(block =>
                JsonNode.Parse(block.Data.Span)!["rights"]!["licence"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Many_members_are_a_sharded_directory_that_a_reader_walks()
    {
        var directory = DirectoryDag.Of(Enumerable.Range(0, 6000).Select(index => ($"{index}.json", Encoding.UTF8.GetBytes($"{index}"))));

        var blocks = new MemoryBlocks();
        directory.Blocks.ToList().ForEach(blocks.Add);

        Assert.IsType<UnixFsNode.Shard>(UnixFs.Decode(directory.Root.Cid, directory.Blocks[^1].Data));
        Assert.Equal(6000, await new UnixFsReader(blocks).ListAsync(directory.Root.Cid, default).CountAsync());
    }

    [Theory]
    [InlineData("house", "algorithmicMedia")]
    [InlineData("house-composer", "algorithmicMedia")]
    [InlineData("null", "algorithmicMedia")]
    [InlineData("stable-diffusion", "trainedAlgorithmicMedia")]
    public void A_model_is_called_a_model(string name, string type)
    {
        Assert.EndsWith("/" + type, SourceTypes.Of(Facts().Generator! with { Name = name }).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[1]", "are no JSON object")]
    [InlineData("{", "are no JSON:")]
    [InlineData("""{"a":1,"a":2}""", "has the key 'a' twice")]
    public void Parameters_that_cannot_be_written_are_refused_by_name(string parameters, string reason)
    {
        var pin = APin();
        var facts = Facts();
        var unfit = pin with { Custody = facts with { Generator = facts.Generator! with { Parameters = parameters } } };

        var refusal = Assert.Throws<UnfitMembersException>(() => BatchDirectories.Of(ABatch(APin(), unfit)));

        Assert.Equal([pin.Id], refusal.Members);
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_asset_of_no_generator_has_a_record_without_one()
    {
        var pin = APin() with { Custody = new CustodyFacts { EventDigest = Digest("event"), PromptDigest = Digest("prompt") } };

        var record = JsonNode.Parse(CustodyRecord.Of(pin, ADefinition(), ABatchId(), 0).ToBytes())!.AsObject();

        Assert.False(record.ContainsKey("generator"));
        Assert.Empty(record["decisions"]!.AsArray());
    }

    private static string Pretty(byte[] json) => JsonSerializer.Serialize(JsonNode.Parse(json), Indented);
}
