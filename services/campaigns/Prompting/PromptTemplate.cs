using System.Text;
using System.Text.RegularExpressions;
using Fluid;
using Fluid.Ast;
using Fluid.Parser;
using Platform.Grpc.Campaigns;

namespace Platform.Campaigns;

/// <summary>A campaign's checked template; renders one asset's prompt from an event's facts.</summary>
/// <remarks>
/// Immutable and safe for many threads. Rendering depends on its arguments alone. A personal fact steers which of
/// the template's words are used and nothing else; <see cref="PromptRun"/> says why that cannot be got round.
/// </remarks>
internal sealed partial class PromptTemplate
{
    private static readonly FluidParser Parser = new(new FluidParserOptions());

    private readonly PromptNode[] nodes;
    private readonly PromptFacts facts;
    private readonly int slots;

    private PromptTemplate(PromptNode[] nodes, int slots, PromptFacts facts)
    {
        this.nodes = nodes;
        this.slots = slots;
        this.facts = facts;
    }

    /// <exception cref="PromptTemplateException">The source is no Liquid, or breaks the template's rules.</exception>
    public static PromptTemplate Parse(string source, IReadOnlyList<FactDeclaration> facts)
    {
        if (string.IsNullOrWhiteSpace(source))
        {
            throw Refuse("Write the prompt's template.");
        }

        if (Encoding.UTF8.GetByteCount(source) > PromptLimits.SourceBytes)
        {
            throw Refuse($"The template has more than {PromptLimits.SourceBytes} bytes; shorten it.");
        }

        if (SafeText.HasForbidden(source, lineBreaks: true))
        {
            throw Refuse("The template has control or bidirectional characters; remove them.");
        }

        var tags = PromptTags.Find(source);
        var known = new PromptFacts(facts);
        var (nodes, slots) = PromptCompiler.Compile(source, tags, ParseSyntax(source), known);
        return new PromptTemplate(nodes, slots, known);
    }

    /// <exception cref="PromptRenderException">A fact is missing, or the rendering costs more than it may.</exception>
    public string Render(IReadOnlyDictionary<string, FactValue> values, string variant, DateTimeOffset eventTime)
    {
        var open = new PromptValue[facts.PublicCount];
        var personal = new PromptValue[facts.PersonalCount];
        foreach (var fact in facts.All)
        {
            if (values.TryGetValue(fact.Name, out var value))
            {
                (fact.Personal ? personal : open)[fact.Index] = Take(fact, value);
            }
            else if (!fact.Optional)
            {
                throw new PromptRenderException($"The fact '{fact.Name}' is missing; send it.");
            }
        }

        var run = new PromptRun(open, personal, SafeText.Clean(variant), eventTime, slots);
        PromptNode.RunAll(nodes, run);
        var prompt = run.Output.ToString();
        return Encoding.UTF8.GetByteCount(prompt) <= PromptLimits.OutputBytes ? prompt : throw PromptRun.TooLong();
    }

    private static PromptValue Take(PromptFact fact, in FactValue value) => value.Kind != fact.Kind
        ? throw new PromptRenderException($"The fact '{fact.Name}' must be a {fact.KindName}.")
        : value.Kind == FactKind.Text && value.Text.Length > PromptLimits.ValueChars
            ? throw new PromptRenderException($"The fact '{fact.Name}' is too long.")
            : value.Kind == FactKind.Text ? PromptValue.Of(SafeText.Clean(value.Text)) : PromptValue.Of(value);

    private static IReadOnlyList<Statement> ParseSyntax(string source)
    {
        try
        {
            if (Parser.Grammar.TryParse(new FluidParseContext(source), out var statements, out var error))
            {
                return statements;
            }

            throw error is null
                ? Refuse("The template is not Liquid.")
                : new PromptTemplateException(
                    [PromptTags.Error(error.Position.Line, error.Position.Column, error.Message + ".")]);
        }
        catch (Exception exception) when (exception is ParseException or OverflowException or FormatException)
        {
            var at = Place().Match(exception.Message);
            throw at.Success
                ? new PromptTemplateException([PromptTags.Error(
                    int.Parse(at.Groups["line"].ValueSpan),
                    int.Parse(at.Groups["column"].ValueSpan),
                    "the tag is not Liquid.")])
                : Refuse("The template is not Liquid.");
        }
    }

    private static PromptTemplateException Refuse(string message) => new([new FieldError("prompt", message)]);

    [GeneratedRegex(@"\((?<line>\d{1,6}):(?<column>\d{1,6})\)")]
    private static partial Regex Place();
}
