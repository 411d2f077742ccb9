namespace Platform.Embedded;

/// <summary>One thing that was checked.</summary>
/// <param name="Name">One word, the same for ever: machines look for it.</param>
/// <param name="Holds">Null when it was not checked, because something it depends on is missing.</param>
/// <param name="Detail">For people: what was found, what is wrong, or why it was not checked.</param>
internal sealed record Line(string Name, bool? Holds, string Detail);

/// <summary>A name and a value that somebody may want to know of the token.</summary>
internal readonly record struct Fact(string Name, string Value);

/// <summary>What is true of a token.</summary>
/// <param name="Token">Which.</param>
/// <param name="ChainId">EIP-155's id of the chain that was asked.</param>
/// <param name="Block">The height at which all questions were put.</param>
/// <param name="Lines">In the order in which they are told.</param>
/// <param name="Identity">What the chain says it is.</param>
/// <param name="Provenance">How it came to be, by its custody record; empty without one.</param>
internal sealed record Verification(
    TokenName Token,
    ulong ChainId,
    ulong Block,
    IReadOnlyList<Line> Lines,
    IReadOnlyList<Fact> Identity,
    IReadOnlyList<Fact> Provenance)
{
    public bool Holds => Lines.All(line => line.Holds == true);
}
