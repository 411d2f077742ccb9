using System.Collections.Immutable;
using System.Text.Json;

namespace Platform.Chain.Bindings;

/// <summary>A parameter, member or result, as the compiler describes it.</summary>
/// <param name="Name">Empty where the contract names none.</param>
/// <param name="Type">The canonical type.</param>
/// <param name="Struct">The struct's name, where it is one or an array of them.</param>
/// <param name="Members">That struct's members.</param>
/// <param name="Indexed">Whether an event has it as a topic.</param>
internal sealed record AbiParameter(
    string Name, AbiType Type, string? Struct, ImmutableArray<AbiParameter> Members, bool Indexed);

/// <summary>A function, event, error or constructor.</summary>
internal sealed record AbiEntry(
    string Kind,
    string Name,
    ImmutableArray<AbiParameter> Inputs,
    ImmutableArray<AbiParameter> Outputs,
    string Mutability)
{
    public string Signature => $"{Name}({string.Join(',', Inputs.Select(input => input.Type.Name))})";
}

/// <summary>A contract's ABI and init code, read from the compiler's JSON.</summary>
internal sealed record ContractAbi(string Name, ImmutableArray<AbiEntry> Entries, string? Bytecode)
{
    /// <summary>
    /// Reads <c>{"contractName", "abi", "bytecode"?}</c>; entries come in an order of their own, so output is
    /// stable.
    /// </summary>
    /// <exception cref="FormatException">Not that, or something the bindings do not cover; the message says
    /// what.</exception>
    public static ContractAbi Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            var bytecode = root.TryGetProperty("bytecode", out var code) ? code.GetString() : null;

            return new ContractAbi(
                root.GetProperty("contractName").GetString() ?? throw new FormatException("The contract has no name."),
                [.. root.GetProperty("abi").EnumerateArray().Select(EntryOf)
                    .OrderBy(entry => entry.Kind, StringComparer.Ordinal)
                    .ThenBy(entry => entry.Signature, StringComparer.Ordinal)],
                bytecode is null or "" or "0x" ? null
                    : Hex.TryDecode(bytecode, out _) ? bytecode
                    : throw new FormatException("The bytecode is no hex: it may have a library left to link."));
        }
        catch (Exception malformed) when (malformed is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException($"Not a contract's ABI: {malformed.Message}", malformed);
        }
    }

    private static AbiEntry EntryOf(JsonElement json)
    {
        var kind = json.GetProperty("type").GetString() ?? "";

        return json.TryGetProperty("anonymous", out var anonymous) && anonymous.GetBoolean()
            ? throw new FormatException("An anonymous event has no topic to know it by.")
            : new AbiEntry(
                kind,
                Text(json, "name"),
                Parameters(json, "inputs"),
                Parameters(json, "outputs"),
                Text(json, "stateMutability"));
    }

    private static ImmutableArray<AbiParameter> Parameters(JsonElement json, string name) =>
        json.TryGetProperty(name, out var parameters) ? [.. parameters.EnumerateArray().Select(ParameterOf)] : [];

    private static AbiParameter ParameterOf(JsonElement json)
    {
        var members = Parameters(json, "components");
        var type = Text(json, "type");
        var isTuple = type.StartsWith("tuple", StringComparison.Ordinal);
        var canonical = isTuple
            ? $"({string.Join(',', members.Select(member => member.Type.Name))}){type["tuple".Length..]}"
            : type;

        return new AbiParameter(
            Text(json, "name"),
            AbiType.Parse(canonical),
            isTuple ? StructName(Text(json, "internalType")) : null,
            members,
            json.TryGetProperty("indexed", out var indexed) && indexed.GetBoolean());
    }

    /// <summary>"struct Lib.Order[2][]" is Order.</summary>
    private static string StructName(string internalType)
    {
        var name = internalType.Split(' ')[^1].Split('[')[0].Split('.')[^1];

        return name.Length > 0 ? name : throw new FormatException("A tuple has no internalType to name its struct by.");
    }

    private static string Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var text) ? text.GetString() ?? "" : "";
}
