using System.Numerics;
using Platform.Chain.Bindings;
using Platform.Chain.Contracts;

namespace Platform.Chain.Tests;

public class BindingTests
{
    private static readonly string Abis = Path.Combine(Vectors.Repository, "contracts", "solidity", "abi");
    private static readonly string Sample = Path.Combine(Vectors.Repository, "tests", "Chain.Tests", "bindings");
    private static readonly string Generated = Path.Combine(Vectors.Repository, "shared", "Chain", "Contracts");

    [Fact]
    public void Are_what_the_generator_makes_of_the_checked_in_ABIs()
    {
        Assert.SkipUnless(Directory.Exists(Abis), $"There are no ABIs in {Abis}.");

        Compare(Abis, Generated);
    }

    [Fact]
    public void Are_what_the_generator_makes_of_a_contract_that_has_everything() => Compare(Sample, Sample);

    [Fact]
    public void Bring_structs_arrays_and_nested_arrays_of_structs_back()
    {
        var shape = AShape("a");
        var grid = new Everything.Shape[][] { [shape, AShape("b")], [] };

        var call = Everything.Echo(shape, grid);
        var (back, backGrid) = call.Decode(call.Data[Abi.SelectorLength..]);

        AssertSame(shape, back);
        Assert.Equal(2, backGrid.Count);
        AssertSame(grid[0][1], backGrid[0][1]);
        Assert.Empty(backGrid[1]);
    }

    [Fact]
    public void Bring_the_smallest_and_the_largest_integers_back()
    {
        var least = Everything.Integers(
            0, 0, 0, 0, 0, sbyte.MinValue, short.MinValue, int.MinValue, -(1L << 55), -BigInteger.Pow(2, 255));
        var most = Everything.Integers(
            byte.MaxValue, ushort.MaxValue, 0xffffff, 0xffffffffff, BigInteger.Pow(2, 72) - 1,
            sbyte.MaxValue, short.MaxValue, int.MaxValue, (1L << 55) - 1, BigInteger.Pow(2, 255) - 1);

        Assert.Equal(sbyte.MinValue, least.Decode(least.Data[4..]).F);
        Assert.Equal(-BigInteger.Pow(2, 255), least.Decode(least.Data[4..]).J);
        Assert.Equal((byte.MaxValue, ushort.MaxValue, 0xffffffu, 0xfffffffffful), most.Decode(most.Data[4..]) is var m ? (m.A, m.B, m.C, m.D) : default);
        Assert.Throws<AbiException>(() => Everything.Integers(0, 0, 1 << 24, 0, 0, 0, 0, 0, 0, 0));
    }

    [Fact]
    public void Bring_lists_and_words_back()
    {
        var lists = Everything.Lists([[1, 2], []], ["x", ""], [new byte[] { 1 }], [[1, 2, 3]], [Address.Zero]);
        var words = Everything.Words(new byte[4], Keccak.Hash256("b"), true, Address.Parse("0xde709f2102306220921060314715629080e2fb77"), new byte[24]);

        var (a, b, c, d, e) = lists.Decode(lists.Data[4..]);

        Assert.Equal([1, 2], a[0]);
        Assert.Equal(["x", ""], b);
        Assert.Equal([1], c[0].ToArray());
        Assert.Equal([1, 2, 3], d[0]);
        Assert.Equal([Address.Zero], e);
        Assert.Equal(Keccak.Hash256("b"), words.Decode(words.Data[4..]).Arg1);
        Assert.Throws<AbiException>(() => Everything.Lists([], ["only one"], [], [], []));
    }

    [Fact]
    public void Read_events_with_hashed_topics_and_structs()
    {
        var who = Address.Parse("0xde709f2102306220921060314715629080e2fb77");
        var log = ALog(
            [Abi.Topic("Moved(address,string,(int64,int64),uint32)"), Word("address", who), Keccak.Hash256("note"), Word("uint32", 7u)],
            AbiEncoder.Encode(AbiType.ParseList("(int64,int64)"), [new object[] { -3, 4 }]));

        var moved = log.As<Everything.Events.Moved2>();

        Assert.Equal(new Everything.Events.Moved2(who, Keccak.Hash256("note"), new Everything.Point2(-3, 4), 7), moved);
        Assert.Null(log.As<Everything.Events.Moved>());
        Assert.Null((log with { Topics = log.Topics[..3] }).As<Everything.Events.Moved2>());
        Assert.Null((log with { Data = log.Data[..32] }).As<Everything.Events.Moved2>());
        Assert.Null((log with { Topics = [] }).As<Everything.Events.Moved2>());
    }

    [Fact]
    public void Read_errors_by_type_and_by_table()
    {
        byte[] data = [.. Abi.EncodeCall("Bad((int64,int64),uint256[])", [new object[] { 1, -2 }, new object[] { 5 }])];
        var reverted = new ContractRevertedException(data, new InvalidOperationException());

        Assert.Equal(new Everything.Point2(1, -2), reverted.As<Everything.Errors.Bad>()!.Where);
        Assert.Null(reverted.As<Everything.Errors.Worse>());
        Assert.Equal("Bad([1, -2], [5])", reverted.Decode(Everything.Errors.All).ToString());
        Assert.Equal(new ContractError.Silent(), ContractError.Decode(default));
        Assert.Equal("no", ContractError.Decode(Abi.EncodeCall("Error(string)", ["no"])).ToString());
        Assert.Equal("arithmetic overflow", ContractError.Decode(Abi.EncodeCall("Panic(uint256)", [0x11])).ToString());
        Assert.IsType<ContractError.Unknown>(ContractError.Decode(data));
        Assert.IsType<ContractError.Unknown>(ContractError.Decode(data.AsMemory(0, 10), Everything.Errors.All));
    }

    [Fact]
    public void Deploy_with_the_constructors_arguments()
    {
        var data = Everything.Deploy("n", new Everything.Point2(1, 2), [3]);

        Assert.Equal("60006000f3", Convert.ToHexStringLower(data.Span[..5]));
        Assert.Equal("n", AbiDecoder.Decode(AbiType.ParseList("string,(int64,int64),uint256[]"), data[5..])[0]);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("nothing")]
    [InlineData("""{"contractName":"X","abi":[],"bytecode":"0x60__$library$__"}""")]
    [InlineData("""{"contractName":"X","abi":[{"type":"event","name":"E","inputs":[],"anonymous":true}]}""")]
    [InlineData("""{"contractName":"X","abi":[{"type":"function","name":"f","inputs":[{"name":"a","type":"fixed"}]}]}""")]
    public void Refuse_what_they_do_not_cover(string abi) => Assert.Throws<FormatException>(() => BindingGenerator.Generate(abi));

    private static Everything.Shape AShape(string label) => new(
        label, [new(1, -1), new(long.MaxValue, long.MinValue)], [new(0, 0), new(5, 6)], [Keccak.Hash256(label)], 9, new byte[] { 1, 2, 3 });

    private static void AssertSame(Everything.Shape expected, Everything.Shape actual)
    {
        Assert.Equal(expected.Label, actual.Label);
        Assert.Equal(expected.Corners, actual.Corners);
        Assert.Equal(expected.Box, actual.Box);
        Assert.Equal(expected.Tags, actual.Tags);
        Assert.Equal(expected.Kind, actual.Kind);
        Assert.Equal(expected.Shape2.ToArray(), actual.Shape2.ToArray());
    }

    private static Log ALog(Hash32[] topics, byte[] data) =>
        new(Address.Zero, [.. topics], data, 1, Hash32.Zero, Hash32.Zero, 0, 0, false);

    private static Hash32 Word(string type, object value) => new(AbiEncoder.Encode([AbiType.Parse(type)], [value]));

    private static void Compare(string abis, string generated)
    {
        var expected = Directory.GetFiles(abis, "*.json").ToDictionary(
            abi => Path.Combine(generated, Path.GetFileNameWithoutExtension(abi) + ".g.cs"),
            abi => BindingGenerator.Generate(File.ReadAllText(abi)));

        if (Environment.GetEnvironmentVariable("PLATFORM_UPDATE_BINDINGS") == "1")
        {
            Array.ForEach(Directory.GetFiles(generated, "*.g.cs"), File.Delete);

            foreach (var (path, source) in expected)
            {
                File.WriteAllText(path, source);
            }
        }

        Assert.Equal(expected.Keys.Order(), Directory.GetFiles(generated, "*.g.cs").Order());

        foreach (var (path, source) in expected)
        {
            Assert.True(
                source == File.ReadAllText(path),
                $"{Path.GetFileName(path)} is not what its ABI says: run these tests with PLATFORM_UPDATE_BINDINGS=1.");
        }
    }
}
