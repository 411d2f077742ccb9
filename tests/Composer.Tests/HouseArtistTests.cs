namespace Platform.Composer.Tests;

/// <summary>The artist: repeatable, various, and never below the house's standard.</summary>
public sealed class HouseArtistTests
{
    public static TheoryData<string> EveryFamily => [.. HouseArtist.Families];

    [Fact]
    public void Has_at_least_ten_families_with_names_of_their_own()
    {
        Assert.True(HouseArtist.Families.Count >= 10);
        Assert.Equal(HouseArtist.Families.Count, HouseArtist.Families.Distinct().Count());
        Assert.All(HouseArtist.Families, name => Assert.Matches("^[a-z]+(-[a-z]+)*$", name));
        Assert.DoesNotContain("any", HouseArtist.Families);
    }

    [Theory]
    [MemberData(nameof(EveryFamily))]
    public void Draws_the_same_bytes_from_the_same_seed(string family)
    {
        var brief = Pictures.ABrief(family, 1, 0, 200);

        var first = Pictures.Draw("once", brief);
        var second = Pictures.Draw("once", Pictures.ABrief(family, 1, 0, 200));

        Assert.Equal(first, second);
    }

    [Fact]
    public void Draws_the_same_bytes_on_many_threads_at_once()
    {
        var brief = Pictures.ABrief("any", 3, 0, 160);
        var alone = Enumerable.Range(0, 12).Select(i => Pictures.Draw($"thread {i}", brief)).ToArray();

        var together = new byte[12][];
        Parallel.For(0, 12, i => together[i] = Pictures.Draw($"thread {i}", brief));

        Assert.Equal(alone, together);
    }

    [Theory]
    [MemberData(nameof(EveryFamily))]
    public void Draws_visibly_different_pictures_from_different_seeds(string family)
    {
        var brief = Pictures.ABrief(family, 0, 2, 128);

        var hashes = Enumerable.Range(0, 10)
            .Select(i => Quality.Measure(Pictures.Draw($"differs {i}", brief)).DHash).ToArray();

        var distances = (from i in Enumerable.Range(0, 10)
                         from j in Enumerable.Range(0, i)
                         select Quality.Distance(hashes[i], hashes[j])).ToArray();
        Assert.True(distances.Average() > 14, $"Average distance {distances.Average():F1}");
        Assert.True(distances.Count(distance => distance <= 6) <= 1, "Near duplicates among ten seeds");
    }

    [Theory]
    [MemberData(nameof(EveryFamily))]
    public void Keeps_the_standard_over_brands_and_words(string family)
    {
        for (var i = 0; i < 8; i++)
        {
            var brief = Pictures.ABrief(family, i + family.Length, i, 160);
            var report = Quality.Measure(Pictures.Draw($"standard {i}", brief));

            Assert.True(report.IsAcceptable, $"{family} {i}: {report}");
        }
    }

    [Theory]
    [MemberData(nameof(EveryFamily))]
    public void Leaves_no_part_of_a_pure_artwork_empty(string family)
    {
        var poor = 0;
        for (var i = 0; i < 8; i++)
        {
            var report = Quality.Measure(Pictures.Draw($"pure {i}", Pictures.ABrief(family, i, 2, 160)));
            Assert.True(report.Coverage > 0.15, $"{family} {i}: {report}");
            poor += report.EmptiestQuadrant < 0.006 ? 1 : 0;
        }

        Assert.True(poor <= 1, $"{family}: {poor} of 8 have an empty quarter");
    }

    [Fact]
    public void Keeps_the_standard_for_brands_no_designer_would_send()
    {
        var poor = new List<string>();
        var runs = int.Parse(Environment.GetEnvironmentVariable("COMPOSER_RUNS") ?? "90");
        for (var i = 0; i < runs; i++)
        {
            var brief = Pictures.ABrief(HouseArtist.Families[i % HouseArtist.Families.Count], Pictures.Wild + i, i / 3, 128) with
            {
                Density = (i % 5) - 1,
                Energy = (i / 5 % 5) - 1,
            };
            var report = Quality.Measure(Pictures.Draw($"wild {i}", brief));
            if (!report.IsAcceptable)
            {
                poor.Add($"{i} {brief.Family}: {report}");
            }
        }

        Assert.True(poor.Count == 0, string.Join("\n", poor));
    }

    [Theory]
    [InlineData("tiles")]
    [InlineData("arches")]
    public void Grids_never_run_out_of_rows(string family)
    {
        for (var i = 0; i < 120; i++)
        {
            var brief = Pictures.ABrief(family, i, 2 + (i % 2), 64) with { Density = 3, Energy = i % 4 };
            var rows = HouseArtist.Compose(Pictures.Seed($"grid {i}"), brief).Rows;

            // The art's frame comes first, then its ground, then its tiles: they must reach its right foot.
            var frame = rows.Select((row, at) => (row, at))
                .First(one => one.row.Type == RowType.Frame && rows.Skip(one.at + 2).FirstOrDefault().Type == RowType.Tile);
            var tiles = rows.Skip(frame.at + 2).TakeWhile(row => row.Type == RowType.Tile).ToArray();
            Assert.True(tiles.Max(tile => tile.X + tile.W) >= frame.row.W, $"{family} {i}");
            Assert.True(tiles.Max(tile => tile.Y + tile.W) >= frame.row.H, $"{family} {i}");
            Assert.Equal(0, tiles.Length % tiles.Select(tile => tile.X).Distinct().Count());
        }
    }

    [Fact]
    public void Density_puts_more_into_the_picture()
    {
        foreach (var family in HouseArtist.Families)
        {
            double Edges(int density) => Enumerable.Range(0, 6).Average(i => Quality.Measure(Pictures.Draw(
                $"density {i}", Pictures.ABrief(family, i, 2, 128) with { Density = density, Energy = 1 })).EdgeDensity);

            Assert.True(Edges(3) > Edges(0), $"{family}: {Edges(0):F3} to {Edges(3):F3}");
        }
    }

    [Theory]
    [MemberData(nameof(EveryFamily))]
    public void Energy_changes_the_score(string family)
    {
        var calm = Pictures.ABrief(family, 0, 2) with { Density = 2, Energy = 0 };

        var changed = Enumerable.Range(0, 4).Count(i => !HouseArtist.Compose(Pictures.Seed($"energy {i}"), calm)
            .Equals(HouseArtist.Compose(Pictures.Seed($"energy {i}"), calm with { Energy = 3 })));

        Assert.True(changed >= 3);
    }

    [Fact]
    public void Chooses_among_all_families_where_none_is_named()
    {
        var chosen = Enumerable.Range(0, 200).Select(i => HouseArtist.FamilyOf(Pictures.Seed($"any {i}"))).ToHashSet();

        Assert.Equal(HouseArtist.Families.Count, chosen.Count);
    }

    [Fact]
    public void Refuses_a_seed_of_another_length_and_an_unknown_family()
    {
        Assert.Throws<ArgumentException>(() => HouseArtist.Compose(new byte[31], Pictures.ABrief("any", 0, 2)));
        var refused = Assert.Throws<ArgumentException>(
            () => HouseArtist.Compose(new byte[32], Pictures.ABrief("mandala", 0, 2)));
        Assert.Contains(nameof(Brief.Family), refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Draws_at_any_size_from_one_score()
    {
        var brief = Pictures.ABrief("tiles", 0, 0, 512);
        var score = HouseArtist.Compose(Pictures.Seed("sizes"), brief);

        var large = Quality.Measure(Renderer.RenderPng(score, brief));
        var small = Quality.Measure(Renderer.RenderPng(score, brief with { Size = 256 }));

        Assert.True(Quality.Distance(large.DHash, small.DHash) <= 4);
    }
}
