using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Platform.EmbeddedMongo.Tests;

/// <summary>What README.md promises is what the code's own tables hold.</summary>
public sealed partial class ReadmeTests
{
    [Fact]
    public void Lists_every_command_and_no_other() => Assert.Equal(Engine.Commands.Keys.Order(), Listed("Commands"));

    [Fact]
    public void Lists_every_query_operator_and_no_other() =>
        Assert.Equal(Vocabulary.QueryOperators.Order(), Listed("Query operators"));

    [Fact]
    public void Lists_every_update_operator_and_no_other() =>
        Assert.Equal(Vocabulary.UpdateOperators.Order(), Listed("Update operators"));

    [Fact]
    public void Parses_every_query_operator_of_the_table()
    {
        foreach (var name in Vocabulary.QueryOperators)
        {
            var argument = name switch
            {
                "$and" or "$or" or "$nor" => $"{{{name}: [{{a: 1}}]}}",
                "$in" or "$nin" or "$all" => $"{{a: {{{name}: [1]}}}}",
                "$not" or "$elemMatch" => $"{{a: {{{name}: {{$gt: 1}}}}}}",
                _ => $"{{a: {{{name}: 1}}}}",
            };
            Assert.NotNull(FilterParser.Parse(Generators.Raw(MongoDB.Bson.BsonDocument.Parse(argument))));
        }
    }

    [Fact]
    public void Parses_every_update_operator_of_the_table()
    {
        foreach (var name in Vocabulary.UpdateOperators)
        {
            var argument = name switch
            {
                "$rename" => "'b'",
                "$pullAll" => "[1]",
                _ => "1",
            };
            var update = MongoDB.Bson.BsonDocument.Parse($"{{{name}: {{a: {argument}}}}}");
            Assert.NotNull(UpdateParser.Parse(Generators.Raw(update), multi: true));
        }
    }

    /// <summary>The names at the beginning of a section, up to its first plain sentence.</summary>
    private static IEnumerable<string> Listed(string section)
    {
        var text = File.ReadAllText(Path.Combine(Folder(), "..", "..", "shared", "EmbeddedMongo", "README.md"));
        var start = text.IndexOf($"## {section}\n", StringComparison.Ordinal) + section.Length + 4;
        var list = text[start..].Split("\n\n", 2)[0];
        return Name().Matches(list).Select(static match => match.Groups[1].Value).Order();
    }

    private static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Name();
}
