namespace Platform.Mongo;

/// <summary>What was decided: the next state, and what is to be announced with it.</summary>
/// <remarks>A decision that leaves the state as it is only announces again: that is what a repeated message gets.</remarks>
public sealed record Decision<TState>(TState State, params IReadOnlyList<object> Announcements)
    where TState : class
{
    /// <summary>W3C <c>traceparent</c> of what led to it, where many are decided in one command; else the current one's.</summary>
    public string? TraceParent { get; init; }
}

/// <summary>A state, its version and the messages that announce it: one document, so one atomic write.</summary>
public sealed record Decided<TId, TState>
    where TState : class
{
    public required TId Id { get; init; }

    /// <summary>Raised by every decision; a pull does not raise it.</summary>
    public required long Version { get; init; }

    public required TState State { get; init; }

    public IReadOnlyList<PendingMessage> Pending { get; init; } = [];

    /// <summary>When a relay last set about announcing what is pending, so that a second one leaves it alone.</summary>
    public DateTimeOffset? RelayedAt { get; init; }
}

/// <summary>A message that was decided and not yet known to be on the bus.</summary>
public sealed record PendingMessage
{
    public required Guid Id { get; init; }

    /// <summary>Type and assembly, as <see cref="System.Type.GetType(string)"/> reads them.</summary>
    public required string Type { get; init; }

    /// <summary>JSON.</summary>
    public required string Body { get; init; }

    public string? TraceParent { get; init; }

    public required DateTimeOffset At { get; init; }
}
