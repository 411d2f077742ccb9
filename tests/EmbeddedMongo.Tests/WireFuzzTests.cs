using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using CsCheck;
using MongoDB.Bson;
using MongoDB.Bson.Serialization;
using MongoDB.Driver;

namespace Platform.EmbeddedMongo.Tests;

/// <summary>Whatever comes over the wire: error 22, another refusal or a closed connection, never the process.</summary>
public sealed class WireFuzzTests(AServer server) : IClassFixture<AServer>
{
    private static readonly byte[] Ping = new BsonDocument { ["ping"] = 1, ["$db"] = "tests" }.ToBson();

    public static TheoryData<string, byte[]> Broken() => new()
    {
        { "a document longer than its section", Message(Section(0, Patched(Ping, 0, 200))) },
        { "a document without its end", Message(Section(0, Patched(Ping, Ping.Length - 1, 7))) },
        { "an unknown type", Message(Section(0, Patched(Ping, 4, 0x55))) },
        { "a string longer than its document", Message(Section(0, Patched(Ping, Ping.Length - 11, 200))) },
        { "a string without its end", Message(Section(0, Patched(Ping, Ping.Length - 2, 65))) },
        { "a name without its end", Message(Section(0, [8, 0, 0, 0, 10, 65, 65, 0])) },
        { "a section of an unknown kind", Message(Section(7, Ping)) },
        { "two bodies", Message([.. Section(0, Ping), .. Section(0, Ping)]) },
        { "no body", Message([]) },
        { "a sequence without a name's end", Message([.. Section(0, Ping), 1, 8, 0, 0, 0, 65, 65, 65, 65]) },
        { "a sequence with half a document", Message([.. Section(0, Ping), 1, 10, 0, 0, 0, 65, 0, 9, 0, 0, 0]) },
        { "too deep", Message(Section(0, Deep(101))) },
        { "a boolean of 2", Message(Section(0, Patched(new BsonDocument("b", true).ToBson(), 7, 2))) },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task Refuses_what_is_broken_with_22(string what, byte[] message)
    {
        var reply = await SendAsync(message);

        Assert.True(reply is not null, what);
        Assert.Equal(22, reply["code"].AsInt32);
        await StillServesAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    [InlineData(48_000_001)]
    public async Task Closes_the_connection_on_an_impossible_length(int length)
    {
        var message = Message(Section(0, Ping));
        BinaryPrimitives.WriteInt32LittleEndian(message, length);

        Assert.Null(await SendAsync(message));
        await StillServesAsync();
    }

    [Fact]
    public async Task Takes_100_levels_and_not_101()
    {
        var insert = new BsonDocument { ["insert"] = "deep", ["$db"] = "tests" }.ToBson();

        var taken = await SendAsync(Message([.. Section(0, insert), .. Sequence("documents", Deep(100))]));
        var refused = await SendAsync(Message([.. Section(0, insert), .. Sequence("documents", Deep(101))]));

        Assert.Equal(1, taken!["n"].ToInt32());
        Assert.Equal(22, refused!["code"].ToInt32());
    }

    [Fact]
    public async Task Survives_any_change_of_a_message()
    {
        var insert = new BsonDocument
        {
            ["insert"] = "fuzz",
            ["documents"] = new BsonArray { new BsonDocument { ["a"] = new BsonArray { 1, "x" }, ["b"] = new BsonDocument("c", 1.5) } },
            ["$db"] = "tests",
        };
        var find = new BsonDocument
        {
            ["find"] = "fuzz",
            ["filter"] = BsonDocument.Parse("{$or: [{a: {$in: [1, 'x']}}, {'b.c': {$gt: 1, $not: {$size: 2}}}]}"),
            ["sort"] = new BsonDocument("a", 1),
            ["projection"] = new BsonDocument("a", 1),
            ["$db"] = "tests",
        };
        var update = new BsonDocument
        {
            ["update"] = "fuzz",
            ["updates"] = new BsonArray { BsonDocument.Parse("{q: {a: 1}, u: {$push: {a: {$each: [1], $slice: 3}}, $inc: {'b.c': 1}}}") },
            ["$db"] = "tests",
        };

        await Gen.Select(
            Gen.OneOfConst(insert, find, update),
            Gen.Select(Gen.Int[0, 1000], Gen.Byte).Array[1, 3])
            .SampleAsync(
                async (command, changes) =>
                {
                    var message = Message(Section(0, command.ToBson()));
                    foreach (var (place, value) in changes)
                    {
                        // The length stays: with another one the server waits for the rest, as it should.
                        message[4 + (place % (message.Length - 4))] = value;
                    }

                    await SendAsync(message);
                },
                iter: 1500,
                threads: 1);

        await StillServesAsync();
    }

    /// <summary>Closes its side behind the message, so that a server that waits for more sees the end.</summary>
    private async Task<BsonDocument?> SendAsync(byte[] message)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, server.Server.Port);
        try
        {
            await socket.SendAsync(message);
            socket.Shutdown(SocketShutdown.Send);
            var reply = new MemoryStream();
            var buffer = new byte[4096];
            while (await socket.ReceiveAsync(buffer) is > 0 and var received)
            {
                reply.Write(buffer, 0, received);
            }

            return reply.Length > 21 && BinaryPrimitives.ReadInt32LittleEndian(reply.GetBuffer().AsSpan(12)) == 2013
                ? BsonSerializer.Deserialize<BsonDocument>(reply.ToArray()[21..])
                : null;
        }
        catch (SocketException)
        {
            return null;
        }
    }

    private async Task StillServesAsync() => Assert.Equal(
        1, (await server.Database.RunCommandAsync<BsonDocument>("{ping: 1}"))["ok"].ToInt32());

    /// <summary>By hand: the driver itself writes no more than 100 levels.</summary>
    private static byte[] Deep(int levels)
    {
        byte[] document = [5, 0, 0, 0, 0];
        for (var level = 1; level < levels; level++)
        {
            document = [.. BitConverter.GetBytes(document.Length + 8), 3, 65, 0, .. document, 0];
        }

        return document;
    }

    private static byte[] Sequence(string name, byte[] document) =>
        [1, .. BitConverter.GetBytes(document.Length + name.Length + 5), .. Encoding.UTF8.GetBytes(name), 0, .. document];

    private static byte[] Patched(byte[] bytes, int position, byte value)
    {
        var patched = bytes.ToArray();
        patched[position] = value;
        return patched;
    }

    private static byte[] Section(byte kind, byte[] bytes) => [kind, .. bytes];

    private static byte[] Message(byte[] sections)
    {
        var message = new byte[20 + sections.Length];
        BinaryPrimitives.WriteInt32LittleEndian(message, message.Length);
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(4), 77);
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(12), 2013);
        sections.CopyTo(message, 20);
        return message;
    }
}
