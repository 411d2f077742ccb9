using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Platform.Grpc.Campaigns;
using Platform.Grpc.Minting;

namespace Platform.EndToEnd.Tests;

/// <summary>What a person told the publisher is nowhere: not on disk, not in what is pinned, not on chain.</summary>
public sealed class PersonalFactsTests : EndToEndTest
{
    private const string Campaign = "personal";
    private const int People = 6;

    [Fact]
    public async Task No_personal_value_is_kept_pinned_minted_or_logged_in_any_spelling()
    {
        var headline = "Findable-Marigold-5521";
        var planted = Enumerable.Range(0, People)
            .SelectMany(number => new[] { Subject(number), Note(number), Visits(number) }).ToList();
        var (data, port) = (AFolder(), APort());
        var run = await RunAsync(data, port, null, "--linger", "200");
        await Situations.PublishCampaignAsync(run, Situations.ACampaign(Campaign, headline));

        using (var answer = await Situations.PostAsync(run.Http, Campaign, Enumerable.Range(0, People).Select(APerson)))
        {
            Assert.True(answer.StatusCode == HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync());
        }

        await RefuseSomeAsync(run);
        await UntilAsync(
            async () =>
            {
                var progress = await run.Campaigns.GetProgressAsync(new GetProgressRequest { Campaign = Campaign });
                return progress.Minted == People ? null : $"{progress}";
            },
            TimeSpan.FromSeconds(60));

        var outside = await OutsideAsync(run);
        var running = Files(data); // the write-ahead log is there only now
        await run.InterruptAsync();
        var stopped = Files(data);

        AssertFindsNothing("what is pinned and minted", outside, planted);
        AssertFindsNothing("the running folder", running, planted);
        AssertFindsNothing("the stopped folder", stopped, planted);
        AssertFindsNothing("the console", [("both streams", Encoding.UTF8.GetBytes(run.Output + run.Errors))], planted);

        // The same search finds what is no secret, in each of these places, and any spelling of it.
        Assert.Contains(Finds(outside, headline), found => found.StartsWith("custody", StringComparison.Ordinal));
        Assert.Contains(Finds(running, headline), found => found.StartsWith("platform.db", StringComparison.Ordinal));
        Assert.NotEmpty(Finds(stopped, headline));
        Assert.NotEmpty(Finds(stopped, Situations.AnAddress(0)[2..]));
        Assert.All(Spellings(headline), spelling =>
            Assert.NotEmpty(Finds([("planted", [1, 2, .. spelling.Bytes, 3])], headline)));
        Assert.All(Enumerable.Range(0, 5), before =>
        {
            var text = $"{new string('<', before)}{headline}>>>";
            var base64 = Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
            Assert.NotEmpty(Finds([("planted", Encoding.ASCII.GetBytes(base64))], headline));
        });
    }

    private static string Subject(int number) => $"Zzyzx-Quixote-7741-{number}";

    private static string Note(int number) => $"Wubbulous Xylograph 90317 {number}";

    private static string Visits(int number) => (8_472_619_350_270L + (number * 1_001)).ToString(CultureInfo.InvariantCulture);

    private static APublishedEvent APerson(int number) => Situations.AnEvent(
        $"person-{number}",
        number,
        Subject(number),
        change: written =>
        {
            written["data"]!["facts"]!["note"] = Note(number);
            written["data"]!["facts"]!["visits"] = long.Parse(Visits(number), CultureInfo.InvariantCulture);
        });

    /// <summary>What is refused must not be remembered either: an unknown fact, a conflict, an unfit recipient.</summary>
    private static async Task RefuseSomeAsync(Imprimatur run)
    {
        APublishedEvent[] refused =
        [
            Situations.AnEvent("person-0", 0, Subject(1), change: written => written["data"]!["facts"]!["note"] = Note(1)),
            Situations.AnEvent("refused-1", 1, Subject(2), recipient: Subject(2)),
            Situations.AnEvent("refused-2", 2, Subject(3), change: written => written["data"]!["facts"]!["motif"] = Note(3)),
        ];
        foreach (var each in refused)
        {
            using var answer = await Situations.PostAsync(run.Http, Campaign, each.Json);
            var body = await answer.Content.ReadAsStringAsync();
            Assert.InRange((int)answer.StatusCode, 400, 499);
            Assert.DoesNotContain("Zzyzx", body, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("Wubbulous", body, StringComparison.OrdinalIgnoreCase);
        }
    }

    /// <summary>Every file that is pinned and every transaction's input, fetched as a stranger does; and every status answer.</summary>
    private static async Task<IReadOnlyList<(string Name, byte[] Bytes)>> OutsideAsync(Imprimatur run)
    {
        var contract = (await run.Minting.GetCollectionAsync(new GetCollectionRequest { Campaign = Campaign })).Contract;
        var chain = new Chain(run.Rpc, contract);
        var gateway = new Gateway(run.Gateway);
        var found = new List<(string, byte[])>();
        foreach (var token in await chain.TokensAsync())
        {
            var metadata = await gateway.FileAsync(token.Uri);
            var links = JsonNode.Parse(metadata)!;
            found.Add(($"metadata {token.Id}", metadata));
            found.Add(($"custody {token.Id}", await gateway.FileAsync(new Uri(links["custody"]!["uri"]!.GetValue<string>()))));
            found.Add(($"image {token.Id}", await gateway.FileAsync(new Uri(links["image"]!.GetValue<string>()))));
        }

        Assert.Equal(3 * People, found.Count);
        foreach (var (index, input) in (await chain.InputsAsync()).Index())
        {
            found.Add(($"transaction {index}", Convert.FromHexString(input.AsSpan(2))));
        }

        var assets = await run.Campaigns.ListAssetsAsync(new ListAssetsRequest { Campaign = Campaign });
        found.Add(("assets' status", Encoding.UTF8.GetBytes(assets.ToString())));
        return found;
    }

    /// <summary>Every file, as it is, and unpacked where it is packed.</summary>
    private static List<(string Name, byte[] Bytes)> Files(string data)
    {
        var files = new List<(string, byte[])>();
        foreach (var path in Directory.EnumerateFiles(data, "*", SearchOption.AllDirectories))
        {
            if (Read(path) is not { } bytes)
            {
                continue; // Temporary, and gone already.
            }

            files.Add((Path.GetFileName(path), bytes));
            if (bytes is [0x1f, 0x8b, ..])
            {
                using var unpacked = new MemoryStream();
                using var packed = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
                packed.CopyTo(unpacked);
                files.Add(($"{Path.GetFileName(path)} unpacked", unpacked.ToArray()));
            }
        }

        Tell($"{files.Count} files, {files.Sum(file => file.Item2.Length):N0} bytes: "
            + string.Join(' ', files.Select(file => Path.GetExtension(file.Item1)).CountBy(each => each)));
        return files;
    }

    private static byte[]? Read(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var bytes = new MemoryStream();
            file.CopyTo(bytes);
            return bytes.ToArray();
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (IOException) when (new FileInfo(path).Length == 0)
        {
            return []; // The folder's lock, which is held.
        }
    }

    private static void AssertFindsNothing(string where, IReadOnlyList<(string Name, byte[] Bytes)> files, List<string> planted)
    {
        Assert.NotEmpty(files);
        foreach (var value in planted)
        {
            var found = Finds(files, value);
            Assert.True(found.Count == 0, $"{where} has '{value}': {string.Join(", ", found)}");
        }

        Tell($"{where}: {planted.Count} values in {Spellings(planted[0]).Count} spellings not found in {files.Count} files");
    }

    private static List<string> Finds(IReadOnlyList<(string Name, byte[] Bytes)> files, string value) =>
    [
        .. from file in files
           from spelling in Spellings(value)
           where file.Bytes.AsSpan().IndexOf(spelling.Bytes) >= 0
           select $"{file.Name} ({spelling.Name})",
    ];

    /// <summary>The ways a value may be written down. Base64 at each of three offsets, without the letters its neighbours share.</summary>
    private static List<(string Name, byte[] Bytes)> Spellings(string value)
    {
        var utf8 = Encoding.UTF8.GetBytes(value);
        var spellings = new List<(string, byte[])>
        {
            ("as it is", utf8),
            ("lower case", Encoding.UTF8.GetBytes(value.ToLowerInvariant())),
            ("upper case", Encoding.UTF8.GetBytes(value.ToUpperInvariant())),
            ("UTF-16 LE", Encoding.Unicode.GetBytes(value)),
            ("UTF-16 BE", Encoding.BigEndianUnicode.GetBytes(value)),
            ("percent-encoded", Encoding.ASCII.GetBytes(Uri.EscapeDataString(value))),
            ("hex", Encoding.ASCII.GetBytes(Convert.ToHexStringLower(utf8))),
            ("HEX", Encoding.ASCII.GetBytes(Convert.ToHexString(utf8))),
            ("hex of UTF-16", Encoding.ASCII.GetBytes(Convert.ToHexStringLower(Encoding.Unicode.GetBytes(value)))),
        };
        if (long.TryParse(value, CultureInfo.InvariantCulture, out var number))
        {
            spellings.Add(("a number's eight bytes", BitConverter.GetBytes(number)));
            spellings.Add(("a double's eight bytes", BitConverter.GetBytes((double)number)));
        }

        for (var offset = 0; offset < 3; offset++)
        {
            var text = Convert.ToBase64String([.. new byte[offset], .. utf8]);
            var from = offset == 0 ? 0 : offset + 1;
            var to = text.Length - ((offset + utf8.Length) % 3 == 0 ? 0 : 4);
            spellings.Add(($"base64+{offset}", Encoding.ASCII.GetBytes(text[from..to])));
        }

        return spellings;
    }
}
