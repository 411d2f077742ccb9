using System.Diagnostics;
using System.Text;

namespace Platform.Campaigns;

/// <summary>One rendering: its facts, its variables, and what it has used up.</summary>
/// <remarks>
/// Personal facts lie in an array of their own, read by <see cref="PersonalTest"/>, <see cref="PersonalTruth"/>
/// and <see cref="PersonalEmptiness"/> alone, which answer yes or no: no expression yields a personal value, so
/// none can be written, however a template is made.
/// </remarks>
internal sealed class PromptRun(
    PromptValue[] facts, PromptValue[] personal, string variant, DateTimeOffset now, int slots)
{
    private readonly PromptValue[] variables = slots == 0 ? [] : new PromptValue[slots];
    private readonly long started = Stopwatch.GetTimestamp();
    private StringBuilder output = new();
    private int steps;

    public DateTimeOffset Now { get; } = now;

    public string Variant { get; } = variant;

    public PromptLoop? Loop { get; set; }

    public StringBuilder Output => output;

    public PromptValue Fact(int index) => facts[index];

    public PromptValue Personal(int index) => personal[index];

    public PromptValue Variable(int slot) => variables[slot];

    public void Assign(int slot, in PromptValue value) => variables[slot] = value;

    public void Step()
    {
        if (++steps > PromptLimits.Steps)
        {
            throw new PromptRenderException(
                $"The prompt took more than {PromptLimits.Steps} steps; shorten its loops.");
        }

        if (steps % 64 == 0 && Stopwatch.GetElapsedTime(started) > PromptLimits.Deadline)
        {
            throw new PromptRenderException(
                $"The prompt took longer than {PromptLimits.Deadline.TotalMilliseconds} ms; simplify its template.");
        }
    }

    public void Write(string text)
    {
        output.Append(text);
        if (output.Length > PromptLimits.OutputBytes)
        {
            throw TooLong();
        }
    }

    public void Write(in PromptValue value)
    {
        if (value.Kind != PromptValueKind.List)
        {
            Write(value.ToString());
            return;
        }

        foreach (var item in value.Items)
        {
            Write(item);
        }
    }

    /// <summary>Sends what follows into an output of its own; give the answer to <see cref="EndCapture"/>.</summary>
    public StringBuilder BeginCapture()
    {
        var outer = output;
        output = new StringBuilder();
        return outer;
    }

    public string EndCapture(StringBuilder outer)
    {
        var captured = Bounded(output);
        output = outer;
        return captured;
    }

    public static PromptRenderException TooLong() => new(
        $"The prompt is longer than {PromptLimits.OutputBytes} bytes; shorten its template or its facts.");

    public static PromptRenderException ValueTooLong() => new(
        $"A value of the prompt became longer than {PromptLimits.ValueChars} characters; make it shorter.");

    private static string Bounded(StringBuilder text) =>
        text.Length <= PromptLimits.ValueChars ? text.ToString() : throw ValueTooLong();
}

/// <summary>Where a loop stands.</summary>
internal sealed class PromptLoop(int length)
{
    public int Index { get; set; }

    public int Length => length;
}
