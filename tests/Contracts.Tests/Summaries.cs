using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Platform.Events;

namespace Platform.Contracts.Tests;

/// <summary>What the contracts' own comments say, as plain text.</summary>
internal static partial class Summaries
{
    private static readonly IReadOnlyDictionary<string, string> OfEvents = XDocument
        .Load(Path.ChangeExtension(typeof(TokenMinted).Assembly.Location, ".xml"))
        .Descendants("member")
        .Where(member => member.Element("summary") is not null)
        .ToDictionary(member => member.Attribute("name")!.Value, member => Text(member.Element("summary")!));

    private static readonly string Proto =
        File.ReadAllText(Path.Combine(Repository.Root, "contracts", "grpc", "royalty_indexer.proto"));

    public static string? Of(Type type) => OfEvents.GetValueOrDefault($"T:{type.FullName}");

    public static string? Of(PropertyInfo property) =>
        OfEvents.GetValueOrDefault($"P:{property.DeclaringType!.FullName}.{property.Name}");

    /// <summary>The comment before a message of the feed's proto, or before one of its fields.</summary>
    public static string? OfProto(string message, string? field = null)
    {
        var lines = Proto.Split('\n').Select(line => line.Trim()).ToList();
        var at = lines.FindIndex(line => line.StartsWith($"message {message} {{", StringComparison.Ordinal));
        if (field is not null)
        {
            at = lines.FindIndex(at, line => Regex.IsMatch(line, $@"\b{field} = \d+;"));
        }

        var comment = lines.Take(at).Reverse().TakeWhile(line => line.StartsWith("//", StringComparison.Ordinal))
            .Reverse().Select(line => line[2..].Trim()).ToList();
        return comment.Count == 0 ? null : string.Join(' ', comment);
    }

    private static string Text(XElement summary) => Spaces().Replace(
        string.Concat(summary.Nodes().Select(node => node switch
        {
            XElement { Name.LocalName: "see" } see => see.Attribute("cref")!.Value.Split('.', ':')[^1],
            XElement element => element.Value,
            _ => node.ToString(),
        })),
        " ").Trim();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
