using System.Collections.Frozen;

namespace Platform.Moderation;

/// <summary>
/// Letters that look like Latin ones: the practical part of Unicode's confusables (UTS 39).
/// </summary>
internal static class Confusables
{
    private static readonly FrozenDictionary<char, string> Latin = Pairs(
        // Greek capitals first: Η looks like H, while its small η looks like n.
        "Αa Βb Εe Ζz Ηh Ιi Κk Μm Νn Οo Ρp Τt Υy Χx",
        "αa βb γy εe ηn ιi κk μu νv οo ρp σo τt υu χx ωw",
        "аa вb гr еe іi јj кk мm нh оo пn рp сc тt уy хx ѕs һh ӏl ьb ԁd ԍg ԛq ԝw ѵv єe үy",
        "հh յj ոn օo սu ցg զq",
        "ıi ȷj ɑa ɡg ɩi ƒf ɛe ɔo ʋv øo đd łl ħh ŧt ðd þp",
        "ᴀa ʙb ᴄc ᴅd ᴇe ꜰf ɢg ʜh ɪi ᴊj ᴋk ʟl ᴍm ɴn ᴏo ᴘp ʀr ꜱs ᴛt ᴜu ᴠv ᴡw ʏy ᴢz",
        "ßss æae œoe");

    /// <summary>The Latin letters a letter is taken for, or the letter itself; in lower case.</summary>
    public static string Of(char letter)
    {
        if (Latin.TryGetValue(letter, out var looksLike))
        {
            return looksLike;
        }

        var lower = char.ToLowerInvariant(letter);
        return Latin.TryGetValue(lower, out looksLike) ? looksLike : lower.ToString();
    }

    private static FrozenDictionary<char, string> Pairs(params IEnumerable<string> lines) => lines
        .SelectMany(line => line.Split(' '))
        .ToFrozenDictionary(pair => pair[0], pair => pair[1..]);
}
