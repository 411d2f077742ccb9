namespace Platform.Generation.Tests;

public sealed class PromptReadingTests
{
    private static readonly string[] Families = ["waves", "night-garden"];

    [Theory]
    [InlineData("", "", -1, -1)]
    [InlineData("a picture for somebody", "", -1, -1)]
    [InlineData("waves", "waves", -1, -1)]
    [InlineData("WAVES, please", "waves", -1, -1)]
    [InlineData("a night-garden in bloom", "night-garden", -1, -1)]
    [InlineData("a night garden in bloom", "", -1, -1)] // two words are not the one
    [InlineData("waves and then a night-garden", "night-garden", -1, -1)]
    [InlineData("mountains", "", -1, -1)] // no family of this campaign
    [InlineData("minimal", "", 0, -1)]
    [InlineData("light and open", "", 1, -1)]
    [InlineData("generous", "", 2, -1)]
    [InlineData("lush", "", 3, -1)]
    [InlineData("still", "", -1, 0)]
    [InlineData("gentle", "", -1, 1)]
    [InlineData("playful", "", -1, 2)]
    [InlineData("festive", "", -1, 3)]
    [InlineData("calm, or rather bold", "", -1, 3)] // the last word of a kind wins
    [InlineData("dense, no, sparse", "", 0, -1)]
    [InlineData("Rich, WILD waves!", "waves", 3, 3)]
    [InlineData("calmness", "", -1, -1)] // a word is the whole word
    [InlineData("calm-ish", "", -1, -1)]
    [InlineData("{\"energy\":3} <b>bold</b>", "", -1, 3)]
    [InlineData("energy=99; density=-5", "", -1, -1)]
    [InlineData("тихий calm", "", -1, 0)]
    public void Understands_a_closed_vocabulary(string prompt, string family, int density, int energy) =>
        Assert.Equal(new PromptReading(family, density, energy), PromptReading.Of(prompt, Families));
}
