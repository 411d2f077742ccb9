using System.Security.Cryptography;

namespace Platform.Content.Tests;

/// <summary>What every content store promises.</summary>
public abstract class ContentStoreContract
{
    protected abstract IContentStore Store { get; }

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(200_000)]
    public async Task Gives_back_what_it_was_given_under_its_digest(int size)
    {
        var bytes = Samples.Generate(size);

        var digest = await Store.PutAsync(bytes, Cancellation);

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), digest);
        Assert.Equal(bytes, (await Store.FindAsync(digest, Cancellation))?.ToArray());
        Assert.True(await Store.ContainsAsync(digest, Cancellation));
        await using var stream = await Store.OpenAsync(digest, Cancellation);
        Assert.Equal(bytes, await Samples.ReadAllAsync(stream));
    }

    [Fact]
    public async Task Opens_a_stream_that_seeks()
    {
        var digest = await Store.PutAsync(Samples.Generate(1000), Cancellation);

        await using var stream = await Store.OpenAsync(digest, Cancellation);
        stream.Seek(900, SeekOrigin.Begin);

        Assert.Equal(1000, stream.Length);
        Assert.Equal(Samples.Generate(1000)[900..], await Samples.ReadAllAsync(stream));
    }

    [Fact]
    public async Task Putting_thrice_is_putting_once()
    {
        var bytes = Samples.Generate(100);

        var digests = new HashSet<string>
        {
            await Store.PutAsync(bytes, Cancellation),
            await Store.PutAsync(bytes, Cancellation),
            await Store.PutAsync(bytes, Cancellation),
        };
        await Store.DeleteAsync(digests.Single(), Cancellation);

        Assert.False(await Store.ContainsAsync(digests.Single(), Cancellation));
    }

    [Fact]
    public async Task Many_at_once_put_the_same_and_different_bytes()
    {
        var sizes = Enumerable.Range(0, 40).Select(index => 1000 + (index % 4));
        var puts = sizes.Select(size => Store.PutAsync(Samples.Generate(size), Cancellation));

        var digests = (await Task.WhenAll(puts)).Distinct().ToList();

        Assert.Equal(4, digests.Count);
        await Assert.AllAsync(
            digests, async digest => Assert.NotNull(await Store.FindAsync(digest, Cancellation)));
    }

    [Fact]
    public async Task Changing_the_bytes_after_the_put_changes_nothing_kept()
    {
        var bytes = Samples.Generate(100);
        var digest = await Store.PutAsync(bytes, Cancellation);

        bytes[0] ^= 1;

        Assert.Equal(Samples.Generate(100), (await Store.FindAsync(digest, Cancellation))?.ToArray());
    }

    [Fact]
    public async Task Knows_nothing_of_what_it_was_not_given()
    {
        var digest = ContentDigest.Of("never put"u8);

        Assert.Null(await Store.FindAsync(digest, Cancellation));
        Assert.False(await Store.ContainsAsync(digest, Cancellation));
        await Store.DeleteAsync(digest, Cancellation);
        var missing = await Assert.ThrowsAsync<ContentNotFoundException>(() =>
            Store.OpenAsync(digest, Cancellation));
        Assert.Equal(digest, missing.Key);
    }

    [Fact]
    public async Task Forgets_what_is_deleted_and_takes_it_again()
    {
        var digest = await Store.PutAsync("again"u8.ToArray(), Cancellation);

        await Store.DeleteAsync(digest, Cancellation);
        await Store.DeleteAsync(digest, Cancellation);
        Assert.Null(await Store.FindAsync(digest, Cancellation));

        Assert.Equal(digest, await Store.PutAsync("again"u8.ToArray(), Cancellation));
        Assert.True(await Store.ContainsAsync(digest, Cancellation));
    }

    [Theory]
    [InlineData("")]
    [InlineData("../../../../../../../../../../../../etc/passwd/xxxxxxxxxxxxxxxxx")]
    [InlineData("E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855")]
    [InlineData("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85")]
    [InlineData("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b8555")]
    public async Task Refuses_what_is_no_digest(string digest)
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Store.FindAsync(digest, Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.OpenAsync(digest, Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.ContainsAsync(digest, Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.DeleteAsync(digest, Cancellation));
    }

    [Fact]
    public async Task A_cancelled_put_keeps_nothing()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Store.PutAsync("cancelled"u8.ToArray(), new(canceled: true)));

        Assert.False(await Store.ContainsAsync(ContentDigest.Of("cancelled"u8), Cancellation));
    }
}

public sealed class MemoryContentStoreTests : ContentStoreContract
{
    protected override IContentStore Store { get; } = new MemoryContentStore();
}

public sealed class FolderContentStoreTests : ContentStoreContract, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("content-tests-").FullName;

    protected override IContentStore Store => new FolderContentStore(_folder);

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Fans_out_in_two_levels_and_leaves_nothing_else()
    {
        var digest = await Store.PutAsync("where"u8.ToArray(), Cancellation);

        Assert.Equal(
            [Path.Combine(_folder, digest[..2], digest[2..4], digest)],
            Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Damaged_bytes_are_not_handed_out_and_the_next_put_mends_them()
    {
        var digest = await Store.PutAsync("mend me"u8.ToArray(), Cancellation);
        await File.WriteAllTextAsync(
            Path.Combine(_folder, digest[..2], digest[2..4], digest), "mend mE", Cancellation);

        var corrupt = await Assert.ThrowsAsync<CorruptContentException>(() =>
            Store.FindAsync(digest, Cancellation));
        Assert.Equal(digest, corrupt.Digest);

        await Store.PutAsync("mend me"u8.ToArray(), Cancellation);
        Assert.Equal("mend me"u8.ToArray(), (await Store.FindAsync(digest, Cancellation))?.ToArray());
    }

    [Fact]
    public async Task What_is_open_stays_readable_when_it_is_deleted()
    {
        var digest = await Store.PutAsync("held open"u8.ToArray(), Cancellation);
        await using var stream = await Store.OpenAsync(digest, Cancellation);

        await Store.DeleteAsync(digest, Cancellation);

        Assert.Equal("held open"u8.ToArray(), await Samples.ReadAllAsync(stream));
    }
}
