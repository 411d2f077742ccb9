namespace Platform.Chain.Bindings;

/// <summary>Turns Solidity's names into C#'s, each used once in its scope.</summary>
internal static class CSharpNames
{
    private static readonly HashSet<string> Keywords =
    [
        "abstract", "as", "base", "bool", "break", "byte", "case", "catch", "char", "checked", "class", "const", "continue",
        "decimal", "default", "delegate", "do", "double", "else", "enum", "event", "explicit", "extern", "false", "finally",
        "fixed", "float", "for", "foreach", "goto", "if", "implicit", "in", "int", "interface", "internal", "is", "lock",
        "long", "namespace", "new", "null", "object", "operator", "out", "override", "params", "private", "protected",
        "public", "readonly", "ref", "return", "sbyte", "sealed", "short", "sizeof", "stackalloc", "static", "string",
        "struct", "switch", "this", "throw", "true", "try", "typeof", "uint", "ulong", "unchecked", "unsafe", "ushort",
        "using", "virtual", "void", "volatile", "while", "field", "value",
    ];

    /// <summary>
    /// maxSupply and _max_supply are MaxSupply, MAX_SUPPLY too; contractURI stays ContractURI.
    /// </summary>
    public static string Type(string name)
    {
        var words = name.Split(['_', '$'], StringSplitOptions.RemoveEmptyEntries);
        var shouts = !name.Any(char.IsAsciiLetterLower) && words.Length > 1;
        var joined = string.Concat(words.Select(word =>
            char.ToUpperInvariant(word[0]) + (shouts ? word[1..].ToLowerInvariant() : word[1..])));

        return joined.Length > 0 && !char.IsAsciiDigit(joined[0]) ? joined : $"N{joined}";
    }

    /// <summary>A parameter's name; one without a name is called after its place.</summary>
    public static string Parameter(string name, int place)
    {
        var type = name.Trim('_', '$').Length > 0 ? Type(name) : $"Arg{place}";
        var parameter = char.ToLowerInvariant(type[0]) + type[1..];

        return Keywords.Contains(parameter) ? $"@{parameter}" : parameter;
    }

    /// <summary>The first of name, name2, name3 … that is free, and no longer is.</summary>
    public static string Unique(string name, HashSet<string> taken)
    {
        var unique = name;

        for (var next = 2; !taken.Add(unique); next++)
        {
            unique = $"{name}{next}";
        }

        return unique;
    }
}
