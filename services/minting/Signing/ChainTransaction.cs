namespace Platform.Minting;

/// <summary>What a transaction is for.</summary>
internal enum Purpose
{
    DeployFactory,
    CreateCollection,
    MintBatch,

    /// <summary>Nothing: it uses up a nonce without which the later ones would wait for ever.</summary>
    FillGap,
}

internal enum TransactionState
{
    /// <summary>The nonce is taken, and nothing is signed with it yet.</summary>
    Queued,

    /// <summary>Recorded with its bytes, and about to be sent.</summary>
    Signed,

    /// <summary>A node took it into its pool.</summary>
    Submitted,

    /// <summary>The node forgot it, and it is sent again.</summary>
    Dropped,

    /// <summary>In a block.</summary>
    Included,

    /// <summary>In a block that counts as final.</summary>
    Final,

    /// <summary>In a block, and refused by the contract; its nonce and gas are spent.</summary>
    Reverted,

    /// <summary>Its nonce was used by a transaction that this installation did not sign; it can never be in a block.</summary>
    Replaced,
}

/// <summary>One nonce of a signer, and every transaction that was ever signed with it.</summary>
/// <remarks>
/// Recorded before it is sent, so that a restart sends the same bytes. A stuck one gets another attempt with higher
/// fees; whichever of them a block holds counts.
/// </remarks>
internal sealed record ChainTransaction
{
    /// <summary>Signer and nonce; the hash where an older release wrote it.</summary>
    public required string Id { get; init; }

    public required string Signer { get; init; }

    public required long Nonce { get; init; }

    public required long ChainId { get; init; }

    /// <summary>Of the lease under which it was last written; a lower one writes it no more.</summary>
    public long Fence { get; init; }

    public required TransactionState State { get; init; }

    /// <summary>Absent while it is queued.</summary>
    public Purpose? Purpose { get; init; }

    /// <summary>Campaign or batch id; absent while it is queued.</summary>
    public string? Subject { get; init; }

    /// <summary>The batch's number in its collection; absent for other purposes.</summary>
    public long? Number { get; init; }

    /// <summary>Same nonce and deed, rising fees; the last one is what is sent.</summary>
    public IReadOnlyList<Attempt> Attempts { get; init; } = [];

    /// <summary>The one attempt, where an older release wrote it.</summary>
    public byte[]? Raw { get; init; }

    public required DateTimeOffset SignedAt { get; init; }

    public static string IdOf(string signer, long nonce) => $"{signer}/{nonce}";

    /// <summary>All that a block may hold, oldest first.</summary>
    public IReadOnlyList<Attempt> AllAttempts() => Raw is null
        ? Attempts
        : [new Attempt { Hash = Id, Raw = Raw, SignedAt = SignedAt }, .. Attempts];

    /// <summary>It can do nothing more for its subject, and another may.</summary>
    public bool IsSpent => State is TransactionState.Reverted or TransactionState.Replaced;

    public Attempt Newest() => AllAttempts()[^1];

    public bool Has(string hash) => AllAttempts().Any(attempt => attempt.Hash == hash);
}

/// <summary>A signed transaction's bytes.</summary>
internal sealed record Attempt
{
    public required string Hash { get; init; }

    public required byte[] Raw { get; init; }

    public required DateTimeOffset SignedAt { get; init; }
}
