namespace Platform.Campaigns;

/// <summary>How a statement ended.</summary>
internal enum PromptFlow
{
    Next,
    Continue,
    Break,
}

/// <summary>A statement of a checked template.</summary>
internal abstract class PromptNode
{
    public abstract PromptFlow Run(PromptRun run);

    public static PromptFlow RunAll(PromptNode[] nodes, PromptRun run)
    {
        foreach (var node in nodes)
        {
            run.Step();
            if (node.Run(run) is var flow and not PromptFlow.Next)
            {
                return flow;
            }
        }

        return PromptFlow.Next;
    }
}

internal sealed class TextNode(string text) : PromptNode
{
    public override PromptFlow Run(PromptRun run)
    {
        run.Write(text);
        return PromptFlow.Next;
    }
}

internal sealed class OutputNode(PromptExpression expression) : PromptNode
{
    public override PromptFlow Run(PromptRun run)
    {
        run.Write(expression.Evaluate(run));
        return PromptFlow.Next;
    }
}

internal sealed class AssignNode(int slot, PromptExpression expression) : PromptNode
{
    public override PromptFlow Run(PromptRun run)
    {
        run.Assign(slot, expression.Evaluate(run));
        return PromptFlow.Next;
    }
}

internal sealed class CaptureNode(int slot, PromptNode[] body) : PromptNode
{
    public override PromptFlow Run(PromptRun run)
    {
        var outer = run.BeginCapture();
        var flow = RunAll(body, run);
        run.Assign(slot, PromptValue.Of(run.EndCapture(outer)));
        return flow;
    }
}

/// <summary>The first branch whose condition holds; a branch without one is the last.</summary>
internal sealed class ChoiceNode((PromptCondition? Condition, PromptNode[] Body)[] branches) : PromptNode
{
    public override PromptFlow Run(PromptRun run)
    {
        foreach (var (condition, body) in branches)
        {
            if (condition is null || condition.Holds(run))
            {
                return RunAll(body, run);
            }
        }

        return PromptFlow.Next;
    }
}

internal sealed class FlowNode(PromptFlow flow) : PromptNode
{
    public override PromptFlow Run(PromptRun run) => flow;
}

/// <summary>A loop over a range or a list.</summary>
internal sealed class LoopNode(
    int slot, PromptExpression source, int offset, int? limit, bool reversed, PromptNode[] body, PromptNode[] otherwise)
    : PromptNode
{
    public override PromptFlow Run(PromptRun run)
    {
        var items = Items(source.Evaluate(run));
        if (items.Length == 0)
        {
            return RunAll(otherwise, run);
        }

        var outer = run.Loop;
        run.Loop = new PromptLoop(items.Length);
        for (; run.Loop.Index < items.Length; run.Loop.Index++)
        {
            run.Step();
            run.Assign(slot, items[run.Loop.Index]);
            if (RunAll(body, run) == PromptFlow.Break)
            {
                break;
            }
        }

        run.Loop = outer;
        return PromptFlow.Next;
    }

    private PromptValue[] Items(in PromptValue value)
    {
        var all = value.Kind switch
        {
            PromptValueKind.Nil => [],
            PromptValueKind.List => Array.ConvertAll(value.Items, PromptValue.Of),
            _ => (PromptValue[])[value],
        };
        var from = Math.Min(offset, all.Length);
        var items = all[from..Math.Min(all.Length, from + Math.Min(limit ?? all.Length, all.Length))];
        if (reversed)
        {
            Array.Reverse(items);
        }

        return items;
    }
}

/// <summary>A loop over whole numbers written in the template.</summary>
internal sealed class RangeLoopNode(int slot, int first, int count, bool reversed, PromptNode[] body) : PromptNode
{
    public override PromptFlow Run(PromptRun run)
    {
        var outer = run.Loop;
        var loop = new PromptLoop(count);
        run.Loop = loop;
        for (; loop.Index < count; loop.Index++)
        {
            run.Step();
            run.Assign(slot, PromptValue.Of((decimal)(first + (reversed ? count - 1 - loop.Index : loop.Index))));
            if (RunAll(body, run) == PromptFlow.Break)
            {
                break;
            }
        }

        run.Loop = outer;
        return PromptFlow.Next;
    }
}
