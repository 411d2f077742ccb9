namespace Platform.CrashPoints.Tests;

/// <summary>A place where something may go wrong: who is at work, and what comes next or was just done.</summary>
/// <param name="Who">An endpoint, a loop, or a request's route.</param>
/// <param name="What">Such as <c>after bulk write storage.pins</c>.</param>
internal sealed record Step(string Who, string What) : IComparable<Step>
{
    /// <summary>Which faults can come here; each is walked.</summary>
    public IReadOnlyList<FaultKind> Kinds => What.Split(' ') switch
    {
        ["receive", ..] or ["before", "publish", ..] =>
            [FaultKind.Kill, FaultKind.Throw, FaultKind.Duplicate, FaultKind.Delay, FaultKind.Drop],
        ["before", "eth_sendRawTransaction"] => [FaultKind.Kill, FaultKind.Throw, FaultKind.Duplicate, FaultKind.Drop],
        ["before", var method] when method.StartsWith("eth_", StringComparison.Ordinal) => [FaultKind.Throw],
        ["accept" or "answer", ..] => [FaultKind.Kill],
        _ => [FaultKind.Kill, FaultKind.Throw],
    };

    public int CompareTo(Step? other) => string.CompareOrdinal(ToString(), other?.ToString());

    public override string ToString() => $"{Who} | {What}";
}

/// <summary>What goes wrong at a step.</summary>
internal enum FaultKind
{
    /// <summary>The process ends there: nothing it does later has an effect, and what the bus had is gone.</summary>
    Kill,

    /// <summary>An exception that a moment mends; after a deed: it was done, and its answer lost.</summary>
    Throw,

    /// <summary>Published, delivered or sent twice.</summary>
    Duplicate,

    /// <summary>Arrives after everything that follows.</summary>
    Delay,

    /// <summary>Never arrives.</summary>
    Drop,
}

/// <summary>One thing that goes wrong once.</summary>
internal sealed record Fault(Step At, FaultKind Kind)
{
    public override string ToString() => $"{Kind.ToString().ToLowerInvariant(),-9} {At}";
}

/// <summary>The process ended here; what it tries afterwards fails the same way.</summary>
internal sealed class ProcessDiedException() : Exception("The process has died.");
