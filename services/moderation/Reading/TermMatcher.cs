using Platform.Grpc.Moderation;

namespace Platform.Moderation;

/// <summary>
/// Finds a policy's terms in text, all of them in one walk over each of the text's readings.
/// </summary>
/// <remarks>
/// An Aho-Corasick automaton over folded text whose repeated letters are counted, not kept: a hit is a hit
/// when it stands between word boundaries and its letters are repeated as the term's are, or more than
/// language repeats them. Immutable once built, so any number of threads may look.
/// </remarks>
internal sealed class TermMatcher
{
    private readonly IReadOnlyList<Finding> findings;

    private readonly List<Node> nodes = [new()];

    public TermMatcher(IReadOnlyList<TermRule> rules)
    {
        findings = [.. rules.Select(rule => new Finding(
            $"prompt.{rule.Code}",
            PolicyRules.TryReadSeverity(rule.Severity, out var severity) ? severity : Severity.Review))];
        for (var rule = 0; rule < rules.Count; rule++)
        {
            foreach (var term in rules[rule].Terms)
            {
                Add(new Term(Runs.Of(FoldedText.Plain(term)), IsPrefix: term.EndsWith('*'), rule));
            }
        }

        LinkFailures();
    }

    /// <summary>Whether text says something once it is folded, with a star at its end only.</summary>
    public static bool IsTerm(string text) =>
        text.AsSpan().TrimEnd('*').Length >= text.Length - 1
            && !text.AsSpan(0, Math.Max(0, text.Length - 1)).Contains('*')
            && FoldedText.Plain(text).Length > 0;

    /// <summary>Which rules' terms the text holds, in the rules' order.</summary>
    public IReadOnlyList<Finding> Find(string text)
    {
        if (findings.Count == 0)
        {
            return [];
        }

        var found = new bool[findings.Count];
        foreach (var reading in FoldedText.Readings(text))
        {
            Walk(Runs.Of(reading), found);
        }

        return [.. findings.Where((_, rule) => found[rule])];
    }

    private void Walk(Runs text, bool[] found)
    {
        var state = 0;
        for (var index = 0; index < text.Length; index++)
        {
            while (state != 0 && !nodes[state].Next.ContainsKey(text.Letters[index]))
            {
                state = nodes[state].Failure;
            }

            state = nodes[state].Next.GetValueOrDefault(text.Letters[index]);
            for (var hit = state; hit != 0; hit = nodes[hit].Shorter)
            {
                foreach (var term in nodes[hit].Terms)
                {
                    found[term.Rule] |= term.IsAt(text, index + 1 - term.Runs.Length);
                }
            }
        }
    }

    private void Add(Term term)
    {
        var state = 0;
        foreach (var letter in term.Runs.Letters)
        {
            if (!nodes[state].Next.TryGetValue(letter, out var next))
            {
                next = nodes.Count;
                nodes.Add(new());
                nodes[state].Next.Add(letter, next);
            }

            state = next;
        }

        nodes[state].Terms.Add(term);
    }

    private void LinkFailures()
    {
        var open = new Queue<int>(nodes[0].Next.Values);
        while (open.TryDequeue(out var state))
        {
            foreach (var (letter, child) in nodes[state].Next)
            {
                var failure = nodes[state].Failure;
                while (failure != 0 && !nodes[failure].Next.ContainsKey(letter))
                {
                    failure = nodes[failure].Failure;
                }

                nodes[child].Failure = nodes[failure].Next.GetValueOrDefault(letter);
                open.Enqueue(child);
            }

            var shorter = nodes[state].Failure;
            nodes[state].Shorter = nodes[shorter].Terms.Count > 0 ? shorter : nodes[shorter].Shorter;
        }
    }

    private sealed class Node
    {
        public Dictionary<char, int> Next { get; } = [];

        public List<Term> Terms { get; } = [];

        /// <summary>The longest proper suffix of this state that is a state.</summary>
        public int Failure { get; set; }

        /// <summary>The longest proper suffix of this state that ends a term.</summary>
        public int Shorter { get; set; }
    }

    private sealed record Term(Runs Runs, bool IsPrefix, int Rule)
    {
        private const int ShortestForgiving = 4;

        public bool IsAt(Runs text, int start)
        {
            var end = start + Runs.Length;
            if (!IsBoundary(text, start) || !(IsPrefix || IsBoundary(text, end)))
            {
                return false;
            }

            for (var index = 0; index < Runs.Length; index++)
            {
                if (!IsRepeatedAlike(Runs.Letters[index], Runs.Counts[index], text.Counts[start + index]))
                {
                    return false;
                }
            }

            return true;
        }

        // Three in a row is no spelling, so it stands for any number; two may be a typist's, in a longer word.
        private bool IsRepeatedAlike(char letter, int expected, int count) =>
            count == expected
                || (count > expected && !char.IsAsciiDigit(letter)
                    && (count >= 3 || Runs.Length >= ShortestForgiving));

        // Scripts that are written without spaces have a boundary at every letter.
        private static bool IsBoundary(Runs text, int index) =>
            index == 0 || index == text.Length || text.Letters[index] == ' ' || text.Letters[index - 1] == ' '
                || IsUnspaced(text.Letters[index]) || IsUnspaced(text.Letters[index - 1]);

        private static bool IsUnspaced(char letter) => letter is
            (>= '\u0E00' and <= '\u0EFF') or (>= '\u1000' and <= '\u109F') or (>= '\u1780' and <= '\u17FF')
            or (>= '\u3040' and <= '\u30FF') or (>= '\u3400' and <= '\u9FFF') or (>= '\uD800' and <= '\uDFFF')
            or (>= '\uF900' and <= '\uFAFF');
    }
}
