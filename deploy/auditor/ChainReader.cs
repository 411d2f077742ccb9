using System.Numerics;
using System.Runtime.CompilerServices;
using Platform.Chain;
using Platform.Chain.Contracts;

namespace Platform.Auditor;

/// <summary>Reads the factory's and the collections' logs, and the batches' data contracts, all up to one height.</summary>
internal sealed class ChainReader(IEthereum chain, JsonRpcClient rpc, Action<string> say)
{
    private const ulong MostBlocksAtATime = 5_000;

    /// <summary>A batch has 24 KB of code at most (EIP-170), twice that in hexadecimal digits.</summary>
    private const int CodesAtATime = 20;

    /// <param name="creators">Whose collections are the platform's.</param>
    /// <param name="block">The height to read up to.</param>
    public async Task<ChainBook> ReadAsync(
        Address factory, IReadOnlyCollection<Address> creators, ulong block, CancellationToken cancellation)
    {
        var collections = new Dictionary<Address, ChainCollection>();
        var made = new LogFilter
        {
            Addresses = [factory],
            Topics =
            [
                [CampaignCollectionFactory.Events.CollectionCreated.Topic],
                [.. creators.Select(Word)],
            ],
        };
        var first = block;
        await foreach (var log in LogsAsync(made, 0, block, cancellation))
        {
            if (log.As<CampaignCollectionFactory.Events.CollectionCreated>() is { } created)
            {
                collections[created.Collection] = new(created.Collection, created.Creator, created.CampaignId);
                first = Math.Min(first, log.BlockNumber);
            }
        }

        var book = new ChainBook
        {
            ChainId = await chain.ChainIdAsync(cancellation),
            Block = block,
            Collections = collections,
        };
        if (collections.Count > 0)
        {
            await ReadCollectionsAsync(book, first, cancellation);
            await ReadCodesAsync(book, cancellation);
        }

        return book;
    }

    private async Task ReadCollectionsAsync(ChainBook book, ulong first, CancellationToken cancellation)
    {
        var filter = new LogFilter
        {
            Addresses = [.. book.Collections.Keys],
            Topics =
            [
                [
                    CampaignCollection.Events.Transfer.Topic,
                    CampaignCollection.Events.BatchMinted.Topic,
                    CampaignCollection.Events.BatchRevised.Topic,
                ],
            ],
        };
        var revisions = new Dictionary<(Address, BigInteger), Hash32>();
        await foreach (var log in LogsAsync(filter, first, book.Block, cancellation))
        {
            if (log.As<CampaignCollection.Events.Transfer>() is { } transfer)
            {
                Note(book, log, transfer);
            }
            else if (log.As<CampaignCollection.Events.BatchMinted>() is { } minted)
            {
                book.Batches.Add(BatchOf(log, minted));
            }
            else if (log.As<CampaignCollection.Events.BatchRevised>() is { } revised)
            {
                revisions[(log.Address, revised.Batch)] = revised.MetadataDigest;
            }
        }

        foreach (var batch in book.Batches)
        {
            batch.CurrentMetadata = revisions.GetValueOrDefault((batch.Contract, batch.Number), batch.MetadataDigest);
        }
    }

    private static void Note(ChainBook book, Log log, CampaignCollection.Events.Transfer transfer)
    {
        var key = (log.Address, transfer.TokenId);
        if (!book.Tokens.TryGetValue(key, out var token))
        {
            book.Tokens[key] = token = new ChainToken(log.Address, transfer.TokenId);
        }

        token.Transfers.Add(new(
            transfer.From, transfer.To, log.BlockNumber, log.BlockHash, log.LogIndex, log.TxHash));
        book.Transfers++;
    }

    private static ChainBatch BatchOf(Log log, CampaignCollection.Events.BatchMinted minted) => new()
    {
        Contract = log.Address,
        Number = minted.Batch,
        Id = minted.BatchId,
        FirstTokenId = minted.FirstTokenId,
        Count = minted.Count,
        MetadataDigest = minted.MetadataDigest,
        CustodyRoot = minted.CustodyRoot,
        Transaction = log.TxHash,
    };

    private async Task ReadCodesAsync(ChainBook book, CancellationToken cancellation)
    {
        var at = BlockTag.Number(book.Block).ToString();
        foreach (var batches in book.Batches.Chunk(CodesAtATime))
        {
            JsonRpcCall[] calls =
                [.. batches.Select(batch => new JsonRpcCall("eth_getCode", batch.DataContract.ToLowerHex(), at))];
            var answers = await rpc.BatchAsync(calls, AuditJson.Default.String, cancellation);
            foreach (var (batch, answer) in batches.Zip(answers))
            {
                batch.Code = Hex.TryDecode(answer.ResultOrThrow(), out var code) ? code : default;
            }
        }
    }

    /// <summary>Logs in ranges that the node can answer: halved where it refuses, doubled where it does not.</summary>
    private async IAsyncEnumerable<Log> LogsAsync(
        LogFilter filter, ulong first, ulong last, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var width = MostBlocksAtATime;
        while (first <= last)
        {
            var end = Math.Min(last, first + width - 1);
            if (await TryAskAsync(filter with { FromBlock = first, ToBlock = end }, width > 1, cancellation) is not { } logs)
            {
                width /= 2;
                continue;
            }

            foreach (var log in logs)
            {
                yield return log;
            }

            say($"read the chain up to block {end} of {last}");
            first = end + 1;
            width = Math.Min(MostBlocksAtATime, width * 2);
        }
    }

    private async Task<IReadOnlyList<Log>?> TryAskAsync(LogFilter filter, bool mayHalve, CancellationToken cancellation)
    {
        try
        {
            return await chain.GetLogsAsync(filter, cancellation);
        }
        catch (Exception tooMuch) when (mayHalve && tooMuch is (ResponseTooLargeException or JsonRpcException))
        {
            return null;
        }
    }

    /// <summary>An address as a topic: left-padded to a word.</summary>
    private static Hash32 Word(Address address)
    {
        Span<byte> word = stackalloc byte[Hash32.Length];
        word.Clear();
        address.WriteTo(word[(Hash32.Length - Address.Length)..]);
        return new Hash32(word);
    }
}
