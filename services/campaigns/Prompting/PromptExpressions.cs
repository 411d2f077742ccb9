namespace Platform.Campaigns;

/// <summary>Something with a value, none of it personal.</summary>
internal abstract class PromptExpression
{
    public abstract PromptValue Evaluate(PromptRun run);
}

internal sealed class Constant(PromptValue value) : PromptExpression
{
    public PromptValue Value => value;

    public override PromptValue Evaluate(PromptRun run) => value;
}

internal sealed class PublicFact(int index) : PromptExpression
{
    public override PromptValue Evaluate(PromptRun run) => run.Fact(index);
}

internal sealed class Variable(int slot) : PromptExpression
{
    public override PromptValue Evaluate(PromptRun run) => run.Variable(slot);
}

internal sealed class VariantName : PromptExpression
{
    public override PromptValue Evaluate(PromptRun run) => PromptValue.Of(run.Variant);
}

/// <summary>The event's time, in UTC: rendering asks no clock.</summary>
internal sealed class EventTime(PromptDate format) : PromptExpression
{
    public override PromptValue Evaluate(PromptRun run) => PromptValue.Of(format.Format(run.Now));
}

internal sealed class LoopField(string name) : PromptExpression
{
    public override PromptValue Evaluate(PromptRun run)
    {
        var (index, length) = run.Loop is { } loop ? (loop.Index, loop.Length) : (0, 0);
        return name switch
        {
            "index" => PromptValue.Of((decimal)(index + 1)),
            "index0" => PromptValue.Of((decimal)index),
            "rindex" => PromptValue.Of((decimal)(length - index)),
            "rindex0" => PromptValue.Of((decimal)(length - index - 1)),
            "first" => PromptValue.Of(index == 0),
            "last" => PromptValue.Of(index == length - 1),
            _ => PromptValue.Of((decimal)length),
        };
    }
}

internal sealed class Filtered(PromptExpression input, PromptFilter filter, PromptExpression[] arguments)
    : PromptExpression
{
    public override PromptValue Evaluate(PromptRun run)
    {
        var value = input.Evaluate(run);
        var given = arguments.Length == 0 ? [] : new PromptValue[arguments.Length];
        for (var index = 0; index < given.Length; index++)
        {
            given[index] = arguments[index].Evaluate(run);
        }

        run.Step();
        return filter.Apply(value, given);
    }
}

/// <summary>A condition's outcome as a value; only public conditions have one.</summary>
internal sealed class TruthValue(PromptCondition condition) : PromptExpression
{
    public override PromptValue Evaluate(PromptRun run) => PromptValue.Of(condition.Holds(run));
}
