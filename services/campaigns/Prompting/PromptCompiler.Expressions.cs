using Fluid.Ast;
using Fluid.Ast.BinaryExpressions;
using Fluid.Values;

namespace Platform.Campaigns;

internal sealed partial class PromptCompiler
{
    private static readonly Constant Nothing = new(PromptValue.Nil);

    /// <summary>Something whose value may reach the prompt, so nothing personal.</summary>
    private PromptExpression Value(Expression expression)
    {
        switch (expression)
        {
            case LiteralExpression literal:
                return new Constant(Literal(literal.Value));
            case MemberExpression member:
                return Member(member);
            case FilterExpression filter:
                return Filter(filter);
            case BinaryExpression:
                return new TruthValue(Condition(expression, personal: false));
            case RangeExpression:
                Refuse("a range, such as (1..5), is only for a 'for'.");
                return Nothing;
            default:
                throw Misread();
        }
    }

    private PromptExpression Member(MemberExpression member)
    {
        var name = NameOf(member);
        if (facts.Find(name) is { } fact)
        {
            if (fact.Personal)
            {
                Refuse($"the personal fact '{fact.Name}' may only steer: "
                    + "use it in the condition of if, elsif, unless or case.");
                return Nothing;
            }

            return Plain(member, new PublicFact(fact.Index));
        }

        if (name == "forloop")
        {
            return LoopMember(member);
        }

        if (name == "variant")
        {
            return Plain(member, new VariantName());
        }

        if (name == "now")
        {
            return Plain(member, new EventTime(PromptDate.Default));
        }

        if (assigned.Contains(name))
        {
            return Plain(member, new Variable(slots[name]));
        }

        Refuse(slots.ContainsKey(name)
            ? $"'{Shown(name)}' is not assigned on every way that leads here; assign it before the block."
            : $"'{Shown(name)}' is not declared; declare it as a fact, or assign it first.");
        return Nothing;
    }

    private PromptExpression LoopMember(MemberExpression member)
    {
        if (loops.Count == 0)
        {
            Refuse("'forloop' is only known inside of a 'for'.");
        }
        else if (member.Segments is [_, IdentifierSegment
            { Identifier: "index" or "index0" or "rindex" or "rindex0" or "first" or "last" or "length" } field])
        {
            return new LoopField(field.Identifier);
        }
        else
        {
            Refuse("'forloop' has index, index0, rindex, rindex0, first, last and length.");
        }

        return Nothing;
    }

    private PromptExpression Plain(MemberExpression member, PromptExpression expression)
    {
        if (member.Segments.Count > 1)
        {
            Refuse($"'{Shown(NameOf(member))}' has no parts; use a filter, such as size, first or last.");
        }

        return expression;
    }

    private PromptExpression Filter(FilterExpression filter)
    {
        if (filter.Name == "date")
        {
            return Date(filter);
        }

        var input = Value(filter.Input);
        var arguments = filter.Parameters.Select(each => Value(each.Expression)).ToArray();
        if (!PromptFilter.All.TryGetValue(filter.Name, out var known))
        {
            Refuse($"the filter '{Shown(filter.Name)}' is not known; use date, "
                + string.Join(", ", PromptFilter.All.Keys.Order(StringComparer.Ordinal)) + ".");
            return Nothing;
        }

        if (filter.Parameters.FirstOrDefault(each => each.Name is not null).Name is { } named)
        {
            Refuse($"the filter '{filter.Name}' takes no argument named '{Shown(named)}'.");
        }

        if (arguments.Length < known.Fewest || arguments.Length > known.Most)
        {
            Refuse($"the filter '{filter.Name}' takes {Count(known)} arguments, not {arguments.Length}.");
            return Nothing;
        }

        return new Filtered(input, known, arguments);
    }

    /// <summary>Only the event's time has a date: to read others is to guess at a culture, a zone and today.</summary>
    private PromptExpression Date(FilterExpression filter)
    {
        var isNow = filter.Input switch
        {
            MemberExpression { Segments.Count: 1 } member => NameOf(member) == "now" && facts.Find("now") is null,
            LiteralExpression { Value: StringValue text } => text.ToStringValue() is "now" or "today",
            _ => false,
        };
        if (!isNow)
        {
            Value(filter.Input);
            Refuse("'date' formats the event's time only; write now | date: \"%Y\".");
        }
        else if (filter.Parameters is [{ Name: null, Expression: LiteralExpression { Value: StringValue format } }]
            && PromptDate.TryRead(format.ToStringValue()) is { } read)
        {
            return new EventTime(read);
        }
        else
        {
            Refuse("'date' takes one format of at most 100 characters, written in quotes, "
                + "of %Y %y %m %d %e %B %b %A %a %H %I %M %S %p %F %T %j %u and %%.");
        }

        return Nothing;
    }

    private PromptCondition Condition(Expression expression, bool personal = true)
    {
        switch (expression)
        {
            case AndBinaryExpression both:
                return new Both(Condition(both.Left, personal), Condition(both.Right, personal));
            case OrBinaryExpression either:
                return new Either(Condition(either.Left, personal), Condition(either.Right, personal));
            case EqualBinaryExpression equal:
                return Comparing(equal.Left, Comparison.Equal, equal.Right, personal);
            case NotEqualBinaryExpression different:
                return Comparing(different.Left, Comparison.NotEqual, different.Right, personal);
            case LowerThanBinaryExpression lower:
                return Comparing(
                    lower.Left, lower.Strict ? Comparison.Less : Comparison.LessOrEqual, lower.Right, personal);
            case GreaterThanBinaryExpression greater:
                var above = greater.Strict ? Comparison.Greater : Comparison.GreaterOrEqual;
                return Comparing(greater.Left, above, greater.Right, personal);
            case ContainsBinaryExpression contains:
                return Comparing(contains.Left, Comparison.Contains, contains.Right, personal);
            case StartsWithBinaryExpression starts:
                return Comparing(starts.Left, Comparison.StartsWith, starts.Right, personal);
            case EndsWithBinaryExpression ends:
                return Comparing(ends.Left, Comparison.EndsWith, ends.Right, personal);
            case BinaryExpression:
                throw Misread();
            default:
                return personal && PersonalOf(expression) is { } fact
                    ? new PersonalTruth(fact.Index)
                    : new Truth(Value(expression));
        }
    }

    private PromptCondition Comparing(Expression left, Comparison comparison, Expression right, bool personal)
    {
        if (personal && PersonalOf(left) is { } asked)
        {
            return ComparingPersonal(asked, comparison, right);
        }

        if (personal && PersonalOf(right) is { } second)
        {
            return ComparingPersonal(second, Turned(comparison), left);
        }

        if (EmptinessOf(left) is not null && EmptinessOf(right) is null)
        {
            (left, right) = (right, left);
            comparison = Turned(comparison);
        }

        if (EmptinessOf(right) is { } blank && comparison is Comparison.Equal or Comparison.NotEqual)
        {
            var emptiness = new Emptiness(Value(left), EmptinessOf(right)!.Value);
            return comparison == Comparison.Equal ? emptiness : new Not(emptiness);
        }

        CheckKinds(left, comparison, right);
        CheckKinds(right, comparison, left);
        return new Compared(Value(left), comparison, Value(right));
    }

    private PromptCondition ComparingPersonal(PromptFact fact, Comparison comparison, Expression other)
    {
        if (comparison is Comparison.Contains or Comparison.StartsWith or Comparison.EndsWith)
        {
            Refuse($"the personal fact '{fact.Name}' may be compared as a whole only, with ==, !=, <, <=, > or >=.");
            return new PersonalTruth(fact.Index);
        }

        if (other is not LiteralExpression literal)
        {
            Refuse($"the personal fact '{fact.Name}' may be compared only with a value written in the template.");
            return new PersonalTruth(fact.Index);
        }

        if (EmptinessOf(other) is { } blank)
        {
            var emptiness = new PersonalEmptiness(fact.Index, blank);
            return comparison == Comparison.NotEqual ? new Not(emptiness) : emptiness;
        }

        var value = Literal(literal.Value);
        CheckKind(fact, comparison, value);
        return new PersonalTest(fact.Index, comparison, value);
    }

    /// <summary>The personal fact that an expression names, and nothing else: not a part of it, not filtered.</summary>
    private PromptFact? PersonalOf(Expression expression) =>
        expression is MemberExpression { Segments.Count: 1 } member
        && facts.Find(NameOf(member)) is { Personal: true } fact
            ? fact
            : null;

    private void CheckKinds(Expression expression, Comparison comparison, Expression other)
    {
        if (expression is MemberExpression member && facts.Find(NameOf(member)) is { } fact
            && other is LiteralExpression literal && EmptinessOf(other) is null)
        {
            CheckKind(fact, comparison, Literal(literal.Value));
        }
    }

    /// <summary>A comparison that can never hold is a slip of the pen, such as quotes around a number.</summary>
    private void CheckKind(PromptFact fact, Comparison comparison, in PromptValue literal)
    {
        var kind = literal.Kind;
        var fits = fact.Kind switch
        {
            _ when kind == PromptValueKind.Nil => true,
            FactKind.Number => kind == PromptValueKind.Number,
            FactKind.Boolean => kind == PromptValueKind.Boolean,
            _ => kind == PromptValueKind.Text,
        };
        var isPart = comparison is Comparison.Contains or Comparison.StartsWith or Comparison.EndsWith;
        if (!fits || (isPart && fact.Kind != FactKind.Text))
        {
            Refuse($"'{fact.Name}' is a {fact.KindName} and is compared with something else.");
        }
    }

    private (int First, int Count)? Range(RangeExpression range)
    {
        if (WholeNumber(range.From) is not { } first || WholeNumber(range.To) is not { } last)
        {
            Refuse("a range must have two whole numbers written in the template, such as (1..5).");
            return (0, 0);
        }

        var count = Math.Max(0, last - (long)first + 1);
        if (count > PromptLimits.Items)
        {
            Refuse($"a range may have {PromptLimits.Items} numbers, this has {count}.");
            return (0, 0);
        }

        return (first, (int)count);
    }

    private int? Whole(Expression? expression, string name)
    {
        if (expression is null)
        {
            return null;
        }

        if (WholeNumber(expression) is { } number and >= 0)
        {
            return number;
        }

        Refuse($"'{name}' must be a whole number written in the template, 0 or more.");
        return null;
    }

    private static int? WholeNumber(Expression expression) =>
        expression is LiteralExpression { Value: NumberValue number }
        && number.ToNumberValue() is var value && decimal.IsInteger(value) && Math.Abs(value) <= 1_000_000_000
            ? (int)value
            : null;

    private static bool? EmptinessOf(Expression expression) => expression switch
    {
        LiteralExpression { Value: BlankValue } => true,
        LiteralExpression { Value: EmptyValue } => false,
        _ => null,
    };

    private static PromptValue Literal(FluidValue value) => value switch
    {
        NumberValue => PromptValue.Of(value.ToNumberValue()),
        BooleanValue => PromptValue.Of(value.ToBooleanValue()),
        StringValue => PromptValue.Of(value.ToStringValue()),
        _ => PromptValue.Nil, // nil; empty and blank print nothing
    };

    private static Comparison Turned(Comparison comparison) => comparison switch
    {
        Comparison.Less => Comparison.Greater,
        Comparison.LessOrEqual => Comparison.GreaterOrEqual,
        Comparison.Greater => Comparison.Less,
        Comparison.GreaterOrEqual => Comparison.LessOrEqual,
        _ => comparison,
    };

    private static string NameOf(MemberExpression member) => ((IdentifierSegment)member.Segments[0]).Identifier;

    private static string Count(PromptFilter filter) =>
        filter.Fewest == filter.Most ? $"{filter.Most}" : $"{filter.Fewest} to {filter.Most}";
}
