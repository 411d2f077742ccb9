using Fluid;
using Fluid.Ast;

namespace Platform.Campaigns;

/// <summary>Turns Fluid's syntax tree into statements of our own, as far as they are proven safe.</summary>
/// <remarks>
/// An allow-list by construction: what is not translated here cannot run. Fluid reads the grammar; its renderer is
/// not used, because it neither bounds output, values and lists nor keeps from the clock and from reflection, and
/// because its cache of filter arguments can, under a race, hand one customer's value to another's rendering.
/// </remarks>
internal sealed partial class PromptCompiler
{
    private static readonly TemplateOptions Trimming = new();

    private readonly string source;
    private readonly IReadOnlyList<PromptTag> tags;
    private readonly PromptFacts facts;
    private readonly List<FieldError> errors = [];
    private readonly Dictionary<string, int> slots = new(StringComparer.Ordinal);
    private readonly Stack<string> loops = new();
    private HashSet<string> assigned = new(StringComparer.Ordinal);
    private PromptTag current = new("{{", 0, 0, 1, 1);
    private int next;
    private int position;

    private PromptCompiler(string source, IReadOnlyList<PromptTag> tags, PromptFacts facts)
    {
        this.source = source;
        this.tags = tags;
        this.facts = facts;
    }

    /// <exception cref="PromptTemplateException">The template breaks a rule; every error says where.</exception>
    public static (PromptNode[] Nodes, int Slots) Compile(
        string source, IReadOnlyList<PromptTag> tags, IReadOnlyList<Statement> statements, PromptFacts facts)
    {
        var compiler = new PromptCompiler(source, tags, facts);
        var nodes = compiler.Block(statements);
        if (compiler.next != tags.Count || compiler.position != source.Length)
        {
            throw compiler.Misread();
        }

        return compiler.errors.Count == 0
            ? (nodes, compiler.slots.Count)
            : throw new PromptTemplateException(compiler.errors);
    }

    private PromptNode[] Block(IReadOnlyList<Statement> statements)
    {
        var nodes = new List<PromptNode>(statements.Count);
        foreach (var statement in statements)
        {
            if (Node(statement) is { } node)
            {
                nodes.Add(node);
            }
        }

        return [.. nodes];
    }

    private PromptNode? Node(Statement statement)
    {
        switch (statement)
        {
            case TextSpanStatement text:
                return Text(text);
            case OutputStatement output:
                Take("{{");
                return new OutputNode(Value(output.Expression));
            case CommentStatement:
                Take("#");
                return null;
            case AssignStatement assign:
                Take("assign");
                var value = Value(assign.Value);
                return new AssignNode(Declare(assign.Identifier), value);
            case CaptureStatement capture:
                Take("capture");
                var at = current;
                var body = Block(capture.Statements);
                Take("endcapture");
                return new CaptureNode(Declare(capture.Identifier, at), body);
            case IfStatement choice:
                return If(choice);
            case UnlessStatement choice:
                Take("unless");
                return Choice(
                    [(() => new Not(Condition(choice.Condition)), choice.Statements)], choice.Else, "endunless");
            case CaseStatement choice:
                return Case(choice);
            case ForStatement loop:
                return Loop(loop);
            case BreakStatement:
                return Flow("break", PromptFlow.Break);
            case ContinueStatement:
                return Flow("continue", PromptFlow.Continue);
            default:
                throw Misread();
        }
    }

    private TextNode? Text(TextSpanStatement text)
    {
        if (!ReferenceEquals(text.Text.Buffer, source) || text.Text.Offset != position)
        {
            throw Misread();
        }

        position += text.Text.Length;
        text.PrepareBuffer(Trimming); // applies {%- and -%}; changes Text
        return text.Buffer.Length == 0 ? null : new TextNode(text.Buffer);
    }

    private ChoiceNode If(IfStatement choice)
    {
        Take("if");
        return Choice(
            [
                (() => Condition(choice.Condition), choice.Statements),
                .. choice.ElseIfs.Select(each => ((Func<PromptCondition>)(() =>
                {
                    Take("elsif");
                    return Condition(each.Condition);
                }), each.Statements)),
            ],
            choice.Else,
            "endif");
    }

    private ChoiceNode Case(CaseStatement choice)
    {
        Take("case");
        var end = next < tags.Count ? tags[next].Start : throw Misread();
        if (!source.AsSpan(position..end).IsWhiteSpace())
        {
            Refuse("text between 'case' and its first 'when' is never shown; move it.");
        }

        position = end;
        return Choice(
            [.. choice.Whens.Select(each => ((Func<PromptCondition>)(() =>
            {
                Take("when");
                return each.Options
                    .Select(option => Comparing(choice.Expression, Comparison.Equal, option, personal: true))
                    .Aggregate((left, right) => new Either(left, right));
            }), each.Statements))],
            choice.Else,
            "endcase");
    }

    /// <summary>After a choice a variable is known if every way through it assigns the variable.</summary>
    private ChoiceNode Choice(
        IReadOnlyList<(Func<PromptCondition> Condition, IReadOnlyList<Statement> Body)> branches,
        ElseStatement? otherwise,
        string end)
    {
        var before = assigned;
        HashSet<string>? common = null;
        var nodes = new List<(PromptCondition? Condition, PromptNode[] Body)>();
        foreach (var (condition, body) in branches)
        {
            nodes.Add((condition(), Branch(body)));
        }

        if (otherwise is not null)
        {
            Take("else");
            nodes.Add((null, Branch(otherwise.Statements)));
        }

        Take(end);
        assigned = otherwise is null ? before : common ?? before;
        return new ChoiceNode([.. nodes]);

        PromptNode[] Branch(IReadOnlyList<Statement> body)
        {
            assigned = new HashSet<string>(before, StringComparer.Ordinal);
            var branch = Block(body);
            if (common is null)
            {
                common = assigned;
            }
            else
            {
                common.IntersectWith(assigned);
            }

            assigned = before;
            return branch;
        }
    }

    private PromptNode Loop(ForStatement loop)
    {
        Take("for");
        var range = loop.Source is RangeExpression literal ? Range(literal) : null;
        var items = range is null ? Value(loop.Source) : null;
        var offset = Whole(loop.Offset, "offset") ?? 0;
        var limit = Whole(loop.Limit, "limit");

        var before = assigned;
        assigned = new HashSet<string>(before, StringComparer.Ordinal);
        if (assigned.Contains(loop.Identifier))
        {
            Refuse($"'{Shown(loop.Identifier)}' is a variable already; name the loop's variable otherwise.");
        }

        var slot = Declare(loop.Identifier);
        loops.Push(loop.Identifier);
        var body = Block(loop.Statements);
        loops.Pop();
        assigned = new HashSet<string>(before, StringComparer.Ordinal);
        PromptNode[] otherwise = [];
        if (loop.Else is not null)
        {
            Take("else");
            otherwise = Block(loop.Else.Statements);
        }

        Take("endfor");
        assigned = before;
        if (range is not { } bounds)
        {
            return new LoopNode(slot, items!, offset, limit, loop.Reversed, body, otherwise);
        }

        var count = Math.Max(0, Math.Min(bounds.Count - offset, limit ?? bounds.Count));
        return new RangeLoopNode(slot, bounds.First + offset, count, loop.Reversed, body);
    }

    private FlowNode Flow(string name, PromptFlow flow)
    {
        Take(name);
        if (loops.Count == 0)
        {
            Refuse($"'{name}' stands outside of any 'for'.");
        }

        return new FlowNode(flow);
    }

    /// <summary>Binds the tree to the source: each statement must be the tag that comes next, without a gap.</summary>
    private void Take(string name)
    {
        if (next >= tags.Count || tags[next].Name != name || tags[next].Start != position)
        {
            throw Misread();
        }

        current = tags[next++];
        position = current.End;
    }

    private int Declare(string name, PromptTag? at = null)
    {
        current = at ?? current;
        if (!PromptFacts.IsVariableName(name))
        {
            Refuse($"'{Shown(name)}' is no name for a variable; use letters, digits and _, at most 63.");
        }
        else if (facts.Find(name) is not null || PromptFacts.IsReserved(name))
        {
            Refuse($"'{Shown(name)}' has a meaning already; name the variable otherwise.");
        }
        else if (loops.Contains(name))
        {
            Refuse($"'{Shown(name)}' is a loop's variable; assign to another.");
        }

        assigned.Add(name);
        if (!slots.TryGetValue(name, out var slot))
        {
            slots[name] = slot = slots.Count;
        }

        return slot;
    }

    private void Refuse(string message)
    {
        if (errors.Count < PromptLimits.Errors)
        {
            errors.Add(PromptTags.Error(current.Line, current.Column, message));
        }
    }

    private PromptTemplateException Misread()
    {
        var at = next < tags.Count ? tags[next] : current;
        return new(
        [
            .. errors,
            PromptTags.Error(at.Line, at.Column, "this part cannot be read in one way only; write it plainly."),
        ]);
    }

    private static string Shown(string name) => name.Length <= 64 ? name : name[..64] + "…";
}
