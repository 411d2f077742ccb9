using System.Globalization;

namespace Platform.Campaigns;

/// <summary>A declared fact's value: text, number or boolean. The default is an empty text.</summary>
internal readonly record struct FactValue
{
    private readonly string? text;

    private FactValue(FactKind kind, string? text, decimal number)
    {
        Kind = kind;
        this.text = text;
        Number = number;
    }

    public FactKind Kind { get; }

    public string Text => text ?? "";

    public decimal Number { get; }

    public bool Boolean => Kind == FactKind.Boolean && Number != 0;

    public static FactValue Of(string text) => new(FactKind.Text, text, 0);

    public static FactValue Of(decimal number) => new(FactKind.Number, null, number);

    public static FactValue Of(bool boolean) => new(FactKind.Boolean, null, boolean ? 1 : 0);

    /// <summary>Canonical: a number without trailing zeros or exponent, a boolean as <c>true</c> or <c>false</c>.</summary>
    public string ToCanonicalText() => Kind switch
    {
        FactKind.Number => Canonical(Number),
        FactKind.Boolean => Boolean ? "true" : "false",
        _ => Text,
    };

    /// <summary>The kind only: a value must not reach a log by way of a record's text.</summary>
    public override string ToString() => Kind.ToString();

    /// <summary>1.50 and 1.5 are one number and are written alike; so are 0 and -0.</summary>
    internal static string Canonical(decimal number) => number == 0
        ? "0"
        : number.ToString("0.############################", CultureInfo.InvariantCulture);
}

/// <summary>What kind of value a fact is.</summary>
internal enum FactKind
{
    Text,
    Number,
    Boolean,
}
