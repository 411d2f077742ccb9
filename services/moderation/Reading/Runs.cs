namespace Platform.Moderation;

/// <summary>Text as letters and how often each is repeated.</summary>
internal sealed class Runs
{
    private Runs(char[] letters, int[] counts)
    {
        Letters = letters;
        Counts = counts;
    }

    public char[] Letters { get; }

    public int[] Counts { get; }

    public int Length => Letters.Length;

    public static Runs Of(string text)
    {
        var letters = new List<char>(text.Length);
        var counts = new List<int>(text.Length);
        foreach (var letter in text)
        {
            if (letters.Count > 0 && letters[^1] == letter)
            {
                counts[^1]++;
            }
            else
            {
                letters.Add(letter);
                counts.Add(1);
            }
        }

        return new([.. letters], [.. counts]);
    }
}
