using Platform.Grpc.Moderation;

namespace Platform.Moderation.Tests;

public sealed class TermMatcherTests
{
    private static readonly TermMatcher BrandSafe =
        new([.. PublishBuiltInPolicies.BuiltIn().Single(policy => policy.Name == "brand-safe").Terms]);

    [Theory]
    [InlineData("bad")]
    [InlineData("BAD")]
    [InlineData("so bad!")]
    [InlineData("bad's")]
    [InlineData("not-bad-at-all")]
    [InlineData("b\u0430d")] // Cyrillic а
    [InlineData("\u0412\u0410d")] // Cyrillic В and А
    [InlineData("\u03B2\u03B1d")] // Greek β and α
    [InlineData("ｂａｄ")] // full width
    [InlineData("𝐛𝓪𝕕")] // mathematical
    [InlineData("ⓑⓐⓓ")] // circled
    [InlineData("ʙᴀᴅ")] // small capitals
    [InlineData("bäd")]
    [InlineData("ba\u0301\u0327d")] // two marks
    [InlineData("b\u200Ba\u200Dd")] // zero width
    [InlineData("\u202Ebad\u202C")] // bidi
    [InlineData("b\u00ADad")] // soft hyphen
    [InlineData("b\uFE0Fad")] // variation selector
    [InlineData("b4d")]
    [InlineData("b@d")]
    [InlineData("8ad")]
    [InlineData("baaaad")]
    [InlineData("bbbbaaaaddddd")]
    [InlineData("b a d")]
    [InlineData("b.a.d")]
    [InlineData("very b-a-d thing")]
    [InlineData("b 4 d")]
    [InlineData("B_A_D")]
    public void Finds_a_term_however_it_is_dressed(string text) => Assert.Single(Matcher("bad").Find(text));

    [Theory]
    [InlineData("badge")]
    [InlineData("forbad")]
    [InlineData("Trinidad")]
    [InlineData("baad")] // twice is a typist's in longer words only
    [InlineData("bd")]
    [InlineData("b ad")]
    [InlineData("ba d")]
    [InlineData("8 4 6")]
    [InlineData("846")]
    [InlineData("b444d")] // more digits than letters: a model, a road
    [InlineData("б-а-д")] // the Russian letter б looks like no Latin one
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("\uD800")]
    public void Does_not_find_what_is_not_there(string text) => Assert.Empty(Matcher("bad").Find(text));

    [Theory]
    [InlineData("classic passages of grass in Massachusetts")]
    [InlineData("Scunthorpe United")]
    [InlineData("an assassin's assessment of the embassy")]
    [InlineData("a cockatoo, a peacock and a cocktail in Hancock Tower")]
    [InlineData("Essex and Sussex, Middlesex")]
    [InlineData("shiitake and Shih Tzu")]
    [InlineData("the analyst's annals: an analogue canal")]
    [InlineData("a title, a titan, a constitution")]
    [InlineData("Dickens, Dickinson")]
    [InlineData("circumstances accumulate in a document")]
    [InlineData("therapist, grapes, drapery, skyscraper")]
    [InlineData("Galaxy A55 on the A55, mp3, h264, 3D, 4K, B2B, 2026, C++")]
    [InlineData("snigger, niggardly, Nigeria, Niger")]
    [InlineData("spice, spicy, conspicuous")]
    [InlineData("Heiligenstadt")]
    [InlineData("begun, gunwale, Gundam")]
    [InlineData("a marvel of light, iron bridge, spider on a wall")]
    [InlineData("U S A, a b c d e")]
    [InlineData("Утренний трамвай у моря")]
    [InlineData("Ένα ήσυχο λιμάνι το σούρουπο")]
    [InlineData("静かな港の夕暮れ")]
    [InlineData("ميناء هادئ عند الغسق")]
    [InlineData("A golden winner's ticket for customer 1488123, gate 14, seat 88 B")]
    public void Leaves_innocent_prompts_alone(string text) =>
        Assert.Empty(BrandSafe.Find(text));

    [Theory]
    [InlineData("what the fuck", "profanity")]
    [InlineData("fuuuuuck this", "profanity")]
    [InlineData("f u c k this", "profanity")]
    [InlineData("FUCKING great", "profanity")]
    [InlineData("phück", "profanity")]
    [InlineData("sh1t, sh!t", "profanity")]
    [InlineData("a$$hole", "profanity")]
    [InlineData("@sshole", "profanity")]
    [InlineData("du Arschloch", "profanity")]
    [InlineData("ENCULÉ", "profanity")]
    [InlineData("nаzi", "hate")]
    [InlineData("N4Z1", "hate")]
    [InlineData("white-power poster", "hate")]
    [InlineData("ku  klux\tklan", "hate")]
    [InlineData("1488", "hate")]
    [InlineData("pr0n", "sexual")]
    [InlineData("a nude portrait", "sexual")]
    [InlineData("s3xy", "sexual")]
    [InlineData("beheading", "violence")]
    [InlineData("underage girls", "minors")]
    [InlineData("l0licon", "minors")]
    [InlineData("happy children with balloons", "minors-depicted")]
    [InlineData("a gun on a table", "violence-implied")]
    [InlineData("in the style of Greg Rutkowski", "living-artist")]
    [InlineData("Simon Stalenhag", "living-artist")]
    [InlineData("Disney's castle", "trademark")]
    [InlineData("Pokémon", "trademark")]
    [InlineData("McDonald’s", "trademark")]
    [InlineData("BEYONCE", "public-figure")]
    [InlineData("сука", "profanity")]
    public void Brand_safe_names_the_rule(string text, string code) =>
        Assert.Contains($"prompt.{code}", BrandSafe.Find(text).Select(finding => finding.Code));

    [Fact]
    public void A_star_stands_for_any_ending()
    {
        var matcher = Matcher("stab*");

        Assert.Single(matcher.Find("stabbing"));
        Assert.Empty(matcher.Find("unstable"));
    }

    [Fact]
    public void Scripts_without_spaces_have_a_boundary_at_every_letter() =>
        Assert.Single(Matcher("毒").Find("これは毒です"));

    [Fact]
    public void Words_of_a_term_may_be_apart_by_anything_that_is_no_letter() =>
        Assert.Single(Matcher("white rabbit").Find("WHITE_–_rabbit"));

    [Fact]
    public void Says_each_rule_once_in_the_rules_order_and_with_its_severity()
    {
        var matcher = new TermMatcher([ARule("second", "review", "two", "deux"), ARule("first", "reject", "one")]);

        var found = matcher.Find("one two one deux two");

        Assert.Equal([new("prompt.second", Severity.Review), new("prompt.first", Severity.Reject)], found);
    }

    [Fact]
    public void A_term_within_a_term_is_found_too()
    {
        var matcher = new TermMatcher([ARule("long", "reject", "red white blue"), ARule("short", "reject", "white")]);

        Assert.Equal(["prompt.long", "prompt.short"], matcher.Find("red white blue").Select(finding => finding.Code));
        Assert.Equal(["prompt.short"], matcher.Find("red white green").Select(finding => finding.Code));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("*", false)]
    [InlineData("--", false)]
    [InlineData("a*b", false)]
    [InlineData("ab**", false)]
    [InlineData("ab*", true)]
    [InlineData("1488", true)]
    [InlineData("毒", true)]
    public void A_term_says_something(string term, bool isTerm) => Assert.Equal(isTerm, TermMatcher.IsTerm(term));

    private static TermMatcher Matcher(params string[] terms) => new([ARule("found", "reject", terms)]);

    private static TermRule ARule(string code, string severity, params string[] terms) =>
        new() { Code = code, Severity = severity, Terms = { terms } };
}
