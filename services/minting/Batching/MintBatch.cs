namespace Platform.Minting;

/// <summary>Assets that will be minted in one transaction. State is a value; every change is a new value.</summary>
/// <remarks>Once signed, a batch never gives a member up: only the same batch may be sent again.</remarks>
internal abstract record MintBatch
{
    public required BatchSeal Seal { get; init; }

    /// <summary>Of the signer's lease under which it was last changed; a lower one changes it no more.</summary>
    public long? Fence { get; init; }

    public sealed record Sealed : MintBatch
    {
        public Pinned Pin(BatchDirectories directories) => new() { Seal = Seal, Directories = directories };

        /// <summary>A member's metadata could not be pinned: all are released, the good ones queue again.</summary>
        public Dissolved Dissolve(string reason) => new()
        {
            Seal = Seal with { Members = null },
            Released = Seal.Members ?? [],
            Reason = reason,
        };
    }

    public sealed record Pinned : MintBatch
    {
        public required BatchDirectories Directories { get; init; }

        public Signed Sign(long number, string transactionHash) => new()
        {
            Seal = Seal,
            Directories = Directories,
            Number = number,
            TransactionHash = transactionHash,
        };
    }

    public sealed record Signed : MintBatch
    {
        public required BatchDirectories Directories { get; init; }

        /// <summary>The collection's <c>expectedBatch</c>.</summary>
        public required long Number { get; init; }

        public required string TransactionHash { get; init; }

        public Included Include(BatchInclusion inclusion) => new()
        {
            Seal = Seal,
            Directories = Directories,
            Number = Number,
            TransactionHash = TransactionHash,
            Inclusion = inclusion,
        };

        /// <summary>The chain refused it: the transaction is spent, and another may carry the same batch.</summary>
        public Pinned SignAgain() => new() { Seal = Seal, Directories = Directories };
    }

    public sealed record Included : MintBatch
    {
        public required BatchDirectories Directories { get; init; }

        public required long Number { get; init; }

        public required string TransactionHash { get; init; }

        public required BatchInclusion Inclusion { get; init; }

        public Final Finalize() => new()
        {
            Seal = Seal,
            Directories = Directories,
            Number = Number,
            TransactionHash = TransactionHash,
            Inclusion = Inclusion,
        };

        /// <summary>The chain no longer has the block; the same bytes go out again.</summary>
        public Signed Revert() => new()
        {
            Seal = Seal,
            Directories = Directories,
            Number = Number,
            TransactionHash = TransactionHash,
        };
    }

    public sealed record Final : MintBatch
    {
        public required BatchDirectories Directories { get; init; }

        public required long Number { get; init; }

        public required string TransactionHash { get; init; }

        public required BatchInclusion Inclusion { get; init; }

        /// <summary>A chain that lost its tail: what was final is not there, and the same bytes go out again.</summary>
        public Signed Revert() => new()
        {
            Seal = Seal,
            Directories = Directories,
            Number = Number,
            TransactionHash = TransactionHash,
        };
    }

    public sealed record Dissolved : MintBatch
    {
        public required IReadOnlyList<Guid> Released { get; init; }

        public required string Reason { get; init; }
    }
}

/// <summary>Who is in the batch, in the order of their index.</summary>
internal sealed record BatchSeal
{
    public required string Campaign { get; init; }

    /// <summary>Absent once dissolved, so that the index forgets them.</summary>
    public IReadOnlyList<Guid>? Members { get; init; }

    /// <summary>EIP-55, strictly ascending.</summary>
    public required IReadOnlyList<string> Recipients { get; init; }

    public required DateTimeOffset SealedAt { get; init; }
}

/// <summary>Where the batch's metadata and custody records lie.</summary>
internal sealed record BatchDirectories
{
    public required string MetadataCid { get; init; }

    public required string CustodyCid { get; init; }

    public required string CustodyRoot { get; init; }
}

/// <summary>The block that holds the batch's transaction.</summary>
internal sealed record BatchInclusion
{
    public required string Contract { get; init; }

    public required long ChainId { get; init; }

    public required long BlockNumber { get; init; }

    public required string BlockHash { get; init; }

    public required long GasUsed { get; init; }

    public required DateTimeOffset At { get; init; }
}
