using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace Platform.Content.Tests;

/// <summary>
/// The fixtures by which Kubo and Helia hold themselves to IPIP-499 (kubo test/cli/cid_profiles_test.go).
/// </summary>
public sealed class ProfileTests
{
    [Fact]
    public void Hello_world_and_the_empty_directory_are_known_to_everybody()
    {
        Assert.Equal(
            "bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e", AFile("hello world"u8.ToArray()));
        Assert.Equal(
            "bafybeiczsscdsbs7ffqz55asqdf3smv6klcw3gofszvwlyarci47bgf354",
            UnixFsDirectory.Create([]).Root.Cid.ToString());
    }

    [Theory]
    [InlineData(1 << 20, "bafkreiacndfy443ter6qr2tmbbdhadvxxheowwf75s6zehscklu6ezxmta")]
    [InlineData((1 << 20) + 1, "bafybeigmix7t42i6jacydtquhet7srwvgpizfg7gjbq7627d35mjomtu64")]
    public void A_file_is_one_block_up_to_one_chunk(int size, string cid)
    {
        Assert.Equal(cid, AFile(KeyStream("chunk-v1-seed", size)));
    }

    [Theory]
    [InlineData(21, 1, "bafybeic3h7rwruealwxkacabdy45jivq2crwz6bufb5ljwupn36gicplx4")]
    [InlineData(22, 0, "bafybeiegvuterwurhdtkikfhbxcldohmxp566vpjdofhzmnhv6o4freidu")]
    public void A_directory_is_flat_up_to_256_KiB_and_sharded_one_byte_later(
        int lastName, int flatNodes, string cid)
    {
        var leaf = UnixFsFile.Import("x"u8.ToArray(), UnixFsProfile.V1_2025);
        var links = Names(lastName).Select(name => new UnixFsLink(name, leaf.Cid, leaf.DagSize));
        var nodes = 0;

        var root = UnixFsDirectory.CreateByProfile(links, _ => nodes++);

        Assert.Equal(cid, root.Cid.ToString());
        Assert.Equal((root.Blocks, flatNodes == 1), (nodes, nodes == 1));
    }

    [Theory(Explicit = true)] // a gibibyte each: a minute or more
    [InlineData(1024L << 20, "bafybeihmf37wcuvtx4hpu7he5zl5qaf2ineo2lqlfrapokkm5zzw7zyhvm")]
    [InlineData((1024L << 20) + 1, "bafybeibdsi225ugbkmpbdohnxioyab6jsqrmkts3twhpvfnzp77xtzpyhe")]
    public async Task A_file_gains_a_level_behind_1024_chunks(long size, string cid)
    {
        var root = await UnixFsFile.ImportAsync(
            new KeyStreamed("v1-2025-seed", size),
            UnixFsProfile.V1_2025,
            (_, _) => ValueTask.CompletedTask,
            TestContext.Current.CancellationToken);

        Assert.Equal(cid, root.Cid.ToString());
    }

    private static string AFile(byte[] bytes)
    {
        return UnixFsFile.Import(bytes, UnixFsProfile.V1_2025).Cid.ToString();
    }

    private static IEnumerable<string> Names(int lastLength)
    {
        const string Alphabet = "abcdefghijklmnopqrstuvwxyz01234567890-_";
        const int Count = 4766;
        var stream = KeyStream("hamt-unixfs-v1-2025", 1 << 20);

        for (var index = 0; index < Count; index++)
        {
            var bytes = stream.AsSpan(index * 11, index == Count - 1 ? lastLength : 11);
            var name = new StringBuilder();

            foreach (var next in bytes)
            {
                name.Append(Alphabet[next % Alphabet.Length]);
            }

            yield return name.ToString();
        }
    }

    private static byte[] KeyStream(string seed, int size)
    {
        var bytes = new byte[size];
        new KeyStreamed(seed, size).ReadExactly(bytes);
        return bytes;
    }

    /// <summary>
    /// ChaCha20's key stream (RFC 8439), the key being the seed's SHA-256, nonce and counter zero.
    /// </summary>
    private sealed class KeyStreamed(string seed, long size) : MemoryStream
    {
        private readonly byte[] _key = SHA256.HashData(Encoding.UTF8.GetBytes(seed));
        private readonly byte[] _block = new byte[64];
        private long _position;

        public override int Read(Span<byte> buffer)
        {
            var count = 0;

            for (; count < buffer.Length && _position < size; _position++)
            {
                if (_position % 64 == 0)
                {
                    Fill((uint)(_position / 64));
                }

                buffer[count++] = _block[_position % 64];
            }

            return count;
        }

        public override ValueTask<int> ReadAsync(
            Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            return ValueTask.FromResult(Read(buffer.Span));
        }

        private void Fill(uint counter)
        {
            Span<uint> start = stackalloc uint[16];
            Span<uint> state = stackalloc uint[16];
            ((uint[])[0x61707865, 0x3320646e, 0x79622d32, 0x6b206574]).CopyTo(start);

            for (var word = 0; word < 8; word++)
            {
                start[4 + word] = BinaryPrimitives.ReadUInt32LittleEndian(_key.AsSpan(4 * word));
            }

            start[12] = counter;
            start.CopyTo(state);

            for (var round = 0; round < 10; round++)
            {
                for (var column = 0; column < 4; column++)
                {
                    Quarter(state, column, 4 + column, 8 + column, 12 + column);
                }

                Quarter(state, 0, 5, 10, 15);
                Quarter(state, 1, 6, 11, 12);
                Quarter(state, 2, 7, 8, 13);
                Quarter(state, 3, 4, 9, 14);
            }

            for (var word = 0; word < 16; word++)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(_block.AsSpan(4 * word), state[word] + start[word]);
            }
        }

        private static void Quarter(Span<uint> state, int a, int b, int c, int d)
        {
            state[a] += state[b];
            state[d] = BitOperations.RotateLeft(state[d] ^ state[a], 16);
            state[c] += state[d];
            state[b] = BitOperations.RotateLeft(state[b] ^ state[c], 12);
            state[a] += state[b];
            state[d] = BitOperations.RotateLeft(state[d] ^ state[a], 8);
            state[c] += state[d];
            state[b] = BitOperations.RotateLeft(state[b] ^ state[c], 7);
        }
    }
}
