namespace Platform.Embedded;

/// <summary>Comes to one line: all that is wrong is said, not only the first of it.</summary>
internal sealed class Judgement(string name)
{
    private readonly List<string> faults = [];
    private readonly List<string> lacks = [];

    public Judgement Expect(bool holds, string fault)
    {
        if (!holds)
        {
            faults.Add(fault);
        }

        return this;
    }

    /// <summary>Two texts that must be one.</summary>
    public Judgement Same(string what, string? here, string there, string? elsewhere) => Expect(
        here == elsewhere, $"{what} is {here ?? "absent"}, but {there} {elsewhere ?? "absent"}");

    /// <summary>The line stands on this: what is wrong with it is wrong with the line.</summary>
    public Judgement On<T>(Evidence<T> evidence)
        where T : class
    {
        Expect(evidence.Fault is null, evidence.Fault ?? "");
        return Need(evidence.Lack is null, evidence.Lack ?? "");
    }

    /// <summary>The line needs this, which another line speaks of.</summary>
    public Judgement Need(bool had, string lack)
    {
        if (!had)
        {
            lacks.Add(lack);
        }

        return this;
    }

    /// <param name="detail">Asked only when nothing is wrong and nothing lacks.</param>
    public Line Conclude(Func<string> detail) =>
        faults.Count > 0 ? new Line(name, false, string.Join("; ", faults))
        : lacks.Count > 0 ? new Line(name, null, $"not checked: {string.Join("; ", lacks)}")
        : new Line(name, true, detail());
}
