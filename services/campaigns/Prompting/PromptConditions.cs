namespace Platform.Campaigns;

/// <summary>Steers a choice; the only place where a personal fact is looked at.</summary>
internal abstract class PromptCondition
{
    public abstract bool Holds(PromptRun run);
}

internal enum Comparison
{
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Contains,
    StartsWith,
    EndsWith,
}

internal sealed class Truth(PromptExpression expression) : PromptCondition
{
    public override bool Holds(PromptRun run) => expression.Evaluate(run).Holds;
}

internal sealed class Both(PromptCondition left, PromptCondition right) : PromptCondition
{
    public override bool Holds(PromptRun run) => left.Holds(run) && right.Holds(run);
}

internal sealed class Either(PromptCondition left, PromptCondition right) : PromptCondition
{
    public override bool Holds(PromptRun run) => left.Holds(run) || right.Holds(run);
}

internal sealed class Not(PromptCondition condition) : PromptCondition
{
    public override bool Holds(PromptRun run) => !condition.Holds(run);
}

internal sealed class Compared(PromptExpression left, Comparison comparison, PromptExpression right) : PromptCondition
{
    public override bool Holds(PromptRun run) => Compare(left.Evaluate(run), comparison, right.Evaluate(run));

    public static bool Compare(in PromptValue left, Comparison comparison, in PromptValue right) => comparison switch
    {
        Comparison.Equal => PromptValue.AreEqual(left, right),
        Comparison.NotEqual => !PromptValue.AreEqual(left, right),
        Comparison.Less => PromptValue.Order(left, right) < 0,
        Comparison.LessOrEqual => PromptValue.Order(left, right) <= 0,
        Comparison.Greater => PromptValue.Order(left, right) > 0,
        Comparison.GreaterOrEqual => PromptValue.Order(left, right) >= 0,
        Comparison.Contains when left.Kind == PromptValueKind.List => left.Items.Contains(right.ToString()),
        Comparison.Contains => IsText(left) && left.ToString().Contains(right.ToString(), StringComparison.Ordinal),
        Comparison.StartsWith => IsText(left) && left.ToString().StartsWith(right.ToString(), StringComparison.Ordinal),
        _ => IsText(left) && left.ToString().EndsWith(right.ToString(), StringComparison.Ordinal),
    };

    private static bool IsText(in PromptValue value) => value.Kind == PromptValueKind.Text;
}

/// <summary>Compares with Liquid's <c>empty</c> or <c>blank</c>.</summary>
internal sealed class Emptiness(PromptExpression expression, bool blank) : PromptCondition
{
    public override bool Holds(PromptRun run)
    {
        var value = expression.Evaluate(run);
        return blank ? value.IsBlank : value.IsEmpty;
    }
}

/// <summary>Asks one question of a personal fact: is it there, does it equal, is it below what the template says.</summary>
/// <remarks>
/// Compared with a literal only. Each literal then tells at most on which side of it the value lies; compared
/// with a loop's variable, or asked for a part (<c>contains</c>), a value could be spelled out letter by letter.
/// </remarks>
internal sealed class PersonalTest(int index, Comparison comparison, PromptValue literal) : PromptCondition
{
    public override bool Holds(PromptRun run) => Compared.Compare(run.Personal(index), comparison, literal);
}

internal sealed class PersonalTruth(int index) : PromptCondition
{
    public override bool Holds(PromptRun run) => run.Personal(index).Holds;
}

internal sealed class PersonalEmptiness(int index, bool blank) : PromptCondition
{
    public override bool Holds(PromptRun run) => blank ? run.Personal(index).IsBlank : run.Personal(index).IsEmpty;
}
