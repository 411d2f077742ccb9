using System.Text.RegularExpressions;

namespace Platform.Generation;

/// <summary>What the house artist understands of a prompt: a closed vocabulary, so there is nothing to inject into.</summary>
/// <param name="Family">A family the prompt names, else empty.</param>
/// <param name="Density">0 sparse to 3 rich; −1 leaves it to the seed.</param>
/// <param name="Energy">0 calm to 3 wild; −1 leaves it to the seed.</param>
internal sealed partial record PromptReading(string Family, int Density, int Energy)
{
    private static readonly Dictionary<string, int> Densities = new(StringComparer.Ordinal)
    {
        ["minimal"] = 0, ["sparse"] = 0, ["airy"] = 0, ["light"] = 1, ["open"] = 1,
        ["full"] = 2, ["generous"] = 2, ["dense"] = 3, ["rich"] = 3, ["abundant"] = 3, ["lush"] = 3,
    };

    private static readonly Dictionary<string, int> Energies = new(StringComparer.Ordinal)
    {
        ["still"] = 0, ["calm"] = 0, ["quiet"] = 0, ["serene"] = 0, ["gentle"] = 1, ["soft"] = 1, ["easy"] = 1,
        ["lively"] = 2, ["playful"] = 2, ["bright"] = 2, ["bold"] = 3, ["wild"] = 3, ["festive"] = 3, ["energetic"] = 3,
    };

    /// <summary>The last word of a kind wins, as in speech: "calm, or rather bold".</summary>
    public static PromptReading Of(string prompt, IReadOnlyCollection<string> families)
    {
        var reading = new PromptReading("", -1, -1);
        foreach (var match in Words().EnumerateMatches(prompt))
        {
            var word = prompt.Substring(match.Index, match.Length).ToLowerInvariant();
            reading = reading with
            {
                Family = families.Contains(word) ? word : reading.Family,
                Density = Densities.GetValueOrDefault(word, reading.Density),
                Energy = Energies.GetValueOrDefault(word, reading.Energy),
            };
        }

        return reading;
    }

    [GeneratedRegex("[a-zA-Z]+(-[a-zA-Z]+)*")]
    private static partial Regex Words();
}
