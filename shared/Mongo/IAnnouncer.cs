namespace Platform.Mongo;

/// <summary>Puts a message on the bus; the seam between what is stored and how it travels.</summary>
public interface IAnnouncer
{
    /// <param name="message">A record of the contracts.</param>
    /// <param name="messageId">Derived from the document, for tracing; nothing is dropped by it.</param>
    /// <param name="traceParent">W3C <c>traceparent</c> of what led to the message.</param>
    /// <exception cref="NotAnnouncedException">The bus is away, blocked, or refuses the message.</exception>
    Task AnnounceAsync(object message, Guid messageId, string? traceParent, CancellationToken cancellation);
}

/// <summary>A store whose documents may hold messages that a crash left behind.</summary>
public interface IRelayed
{
    /// <summary>Announces what has been pending for more than five seconds; returns how many messages that were.</summary>
    /// <exception cref="RelayFailedException">Some could not be announced; all others were.</exception>
    Task<int> RelayAsync(CancellationToken cancellation);

    /// <summary>Pulls what has been announced; returns when there is nothing left to pull.</summary>
    Task PullAsync(CancellationToken cancellation);
}

/// <summary>Creates its indexes; called at start, and safe to call again.</summary>
public interface IIndexed
{
    Task EnsureIndexesAsync(CancellationToken cancellation);
}

/// <summary>Messages of some documents could not be announced; they are tried again later, and hold up no others.</summary>
public sealed class RelayFailedException(string message, Exception innerException) : Exception(message, innerException);
