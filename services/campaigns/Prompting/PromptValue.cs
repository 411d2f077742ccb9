using System.Globalization;

namespace Platform.Campaigns;

/// <summary>A value while a prompt is rendered. The default is nothing: Liquid's nil.</summary>
internal readonly struct PromptValue
{
    private readonly object? content;
    private readonly decimal number;

    private PromptValue(PromptValueKind kind, object? content, decimal number)
    {
        Kind = kind;
        this.content = content;
        this.number = number;
    }

    public PromptValueKind Kind { get; }

    public static PromptValue Nil => default;

    /// <summary>Liquid: nil and false do not hold, everything else does, an empty text and 0 too.</summary>
    public bool Holds => Kind != PromptValueKind.Nil && (Kind != PromptValueKind.Boolean || number != 0);

    public bool IsEmpty => Kind switch
    {
        PromptValueKind.Text => ((string)content!).Length == 0,
        PromptValueKind.List => Items.Length == 0,
        _ => false,
    };

    public bool IsBlank => Kind switch
    {
        PromptValueKind.Text => string.IsNullOrWhiteSpace((string)content!),
        PromptValueKind.List => Items.Length == 0,
        _ => !Holds,
    };

    public string[] Items => content as string[] ?? [];

    /// <summary>A text's own number; other texts, lists and nil count as 0, as Liquid has it.</summary>
    public decimal Number => Kind switch
    {
        PromptValueKind.Number => number,
        PromptValueKind.Text when decimal.TryParse(
            (string)content!,
            NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture,
            out var parsed) => parsed,
        _ => 0,
    };

    public static PromptValue Of(string text) => new(PromptValueKind.Text, text, 0);

    public static PromptValue Of(decimal number) => new(PromptValueKind.Number, null, number);

    public static PromptValue Of(bool boolean) => new(PromptValueKind.Boolean, null, boolean ? 1 : 0);

    public static PromptValue Of(string[] items) => new(PromptValueKind.List, items, 0);

    public static PromptValue Of(in FactValue fact) => fact.Kind switch
    {
        FactKind.Number => Of(fact.Number),
        FactKind.Boolean => Of(fact.Boolean),
        _ => Of(fact.Text),
    };

    public override string ToString() => Kind switch
    {
        PromptValueKind.Text => (string)content!,
        PromptValueKind.Number => FactValue.Canonical(number),
        PromptValueKind.Boolean => number != 0 ? "true" : "false",
        PromptValueKind.List => string.Concat(Items),
        _ => "",
    };

    public static bool AreEqual(in PromptValue left, in PromptValue right) =>
        left.Kind == right.Kind && left.Kind switch
    {
        PromptValueKind.Text => (string)left.content! == (string)right.content!,
        PromptValueKind.List => left.Items.AsSpan().SequenceEqual(right.Items),
        _ => left.number == right.number,
    };

    /// <summary>Negative, zero or positive; null where the two have no order.</summary>
    public static int? Order(in PromptValue left, in PromptValue right) => (left.Kind, right.Kind) switch
    {
        (PromptValueKind.Number, PromptValueKind.Number) => left.number.CompareTo(right.number),
        (PromptValueKind.Text, PromptValueKind.Text) =>
            string.CompareOrdinal((string)left.content!, (string)right.content!),
        _ => null,
    };
}

internal enum PromptValueKind
{
    Nil,
    Text,
    Number,
    Boolean,
    List,
}
