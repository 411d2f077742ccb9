using System.Buffers.Binary;
using System.Text;

namespace Platform.EmbeddedMongo;

/// <summary>A message cut into its command and its document sequences.</summary>
internal sealed class Request
{
    public required int Id { get; init; }

    /// <summary>The old OP_QUERY, in which a driver says hello before it knows better.</summary>
    public bool IsQuery { get; init; }

    /// <summary>The client does not wait for a reply.</summary>
    public bool MoreToCome { get; init; }

    public required RawFields Body { get; init; }

    public List<(string Name, List<ReadOnlyMemory<byte>> Documents)> Sequences { get; } = [];

    public string Command { get; private set; } = "";

    /// <summary>The command's own value, often a collection's name.</summary>
    public RawValue Target { get; private set; }

    public string Database { get; private set; } = "";

    public int ConnectionId { get; init; }

    public Request Named(string? database = null)
    {
        foreach (var field in Body)
        {
            (Command, Target) = (field.Name, field.Value);
            break;
        }

        Database = database ?? (Body.TryFind("$db", out var name) && name.Type == BsonType.String
            ? name.Text
            : throw new MongoError(ErrorCode.MissingField, "OP_MSG requests require a $db argument"));
        return Database.Length is > 0 and < 64 && Database.IndexOfAny(['/', '\\', '.', ' ', '"', '$', '\0']) < 0
            ? this
            : throw new MongoError(ErrorCode.InvalidNamespace, $"Invalid database name: '{Database}'");
    }

    public Namespace Namespace => Target.Type == BsonType.String
        ? Namespace.Of(Database, Target.Text)
        : throw new MongoError(ErrorCode.InvalidNamespace, $"collection name has invalid type {BsonType.Name(Target.Type)}");

    /// <summary>Documents that come beside the command, or inside it.</summary>
    public List<ReadOnlyMemory<byte>> Documents(string name)
    {
        foreach (var (sequence, documents) in Sequences)
        {
            if (sequence == name)
            {
                return documents;
            }
        }

        if (!Body.TryFind(name, out var array) || array.Type != BsonType.Array)
        {
            throw new MongoError(ErrorCode.MissingField, $"BSON field '{Command}.{name}' is missing but a required field");
        }

        var list = new List<ReadOnlyMemory<byte>>();
        foreach (var item in array.Fields)
        {
            list.Add(item.Value.IsDocument
                ? item.Value.Bytes
                : throw MongoError.WrongType($"BSON field '{Command}.{name}' is of a wrong type, expected objects"));
        }

        return list;
    }
}

/// <summary>Frames and headers of MongoDB's wire protocol.</summary>
internal static class Wire
{
    public const int HeaderLength = 16;
    public const int MaxMessageLength = 48_000_000;
    private const int OpReply = 1;
    private const int OpQuery = 2004;
    private const int OpMsg = 2013;
    private const int ChecksumPresent = 1;
    private const int MoreToCome = 2;

    /// <returns>Null for a message that cannot be answered: the connection is to be closed.</returns>
    public static Request? Parse(ReadOnlyMemory<byte> message, int connectionId) =>
        BinaryPrimitives.ReadInt32LittleEndian(message.Span[12..]) switch
        {
            OpMsg => ParseMessage(message, connectionId),
            OpQuery => ParseQuery(message, connectionId),
            _ => null,
        };

    /// <summary>Leaves room for what <see cref="EndReply"/> fills in.</summary>
    /// <returns>Where the reply's document starts.</returns>
    public static int BeginReply(BsonWriter reply, bool isQuery)
    {
        reply.Truncate(0);
        reply.Raw(stackalloc byte[isQuery ? 36 : 21]);
        if (isQuery)
        {
            reply.RawInt32At(16, 8); // AwaitCapable, as every server answers
            reply.RawInt32At(32, 1);
        }

        return reply.Begin();
    }

    public static void EndReply(BsonWriter reply, int document, int responseTo, bool isQuery)
    {
        reply.End(document);
        reply.RawInt32At(0, reply.Length);
        reply.RawInt32At(4, 0);
        reply.RawInt32At(8, responseTo);
        reply.RawInt32At(12, isQuery ? OpReply : OpMsg);
    }

    private static Request? ParseMessage(ReadOnlyMemory<byte> message, int connectionId)
    {
        var span = message.Span;
        if (span.Length < 20)
        {
            return null;
        }

        var flags = BinaryPrimitives.ReadInt32LittleEndian(span[16..]);
        if ((flags & 0xFFFC) != 0)
        {
            return null;
        }

        var end = (flags & ChecksumPresent) != 0 ? span.Length - 4 : span.Length;
        var sequences = new List<(string, List<ReadOnlyMemory<byte>>)>();
        ReadOnlyMemory<byte>? body = null;
        var position = 20;
        while (position < end)
        {
            var kind = span[position++];
            var length = end - position >= 4 ? BinaryPrimitives.ReadInt32LittleEndian(span[position..]) : -1;
            if (length < 5 || length > end - position || kind > 1 || (kind == 0 && body is not null))
            {
                throw Invalid("a section does not fit its message");
            }

            var section = message.Slice(position, length);
            position += length;
            if (kind == 0)
            {
                BsonValidator.Check(section.Span);
                body = section;
            }
            else
            {
                sequences.Add(ParseSequence(section));
            }
        }

        var request = new Request
        {
            Id = Id(span),
            ConnectionId = connectionId,
            MoreToCome = (flags & MoreToCome) != 0,
            Body = new RawFields(body ?? throw Invalid("a message without a body")),
        };
        request.Sequences.AddRange(sequences);
        return request.Named();
    }

    private static (string, List<ReadOnlyMemory<byte>>) ParseSequence(ReadOnlyMemory<byte> section)
    {
        var zero = section.Span[4..].IndexOf((byte)0);
        if (zero < 0)
        {
            throw Invalid("a sequence's name does not end");
        }

        var name = Encoding.UTF8.GetString(section.Span.Slice(4, zero));
        var documents = new List<ReadOnlyMemory<byte>>();
        var rest = section[(zero + 5)..];
        while (!rest.IsEmpty)
        {
            var length = rest.Length >= 5 ? BinaryPrimitives.ReadInt32LittleEndian(rest.Span) : -1;
            if (length < 5 || length > rest.Length)
            {
                throw Invalid("a document does not fit its sequence");
            }

            BsonValidator.Check(rest.Span[..length]);
            documents.Add(rest[..length]);
            rest = rest[length..];
        }

        return (name, documents);
    }

    private static Request? ParseQuery(ReadOnlyMemory<byte> message, int connectionId)
    {
        var span = message.Span;
        var zero = span.Length > 20 ? span[20..].IndexOf((byte)0) : -1;
        var start = 20 + zero + 1 + 8;
        if (zero < 0 || span.Length < start + 5)
        {
            return null;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(span[start..]);
        if (length < 5 || length > span.Length - start)
        {
            return null;
        }

        BsonValidator.Check(span.Slice(start, length));
        return new Request
        {
            Id = Id(span),
            IsQuery = true,
            ConnectionId = connectionId,
            Body = new RawFields(message.Slice(start, length)),
        }.Named(Encoding.UTF8.GetString(span.Slice(20, zero)).Split('.')[0]);
    }

    public static bool IsQuery(ReadOnlySpan<byte> message) =>
        BinaryPrimitives.ReadInt32LittleEndian(message[12..]) == OpQuery;

    public static int Id(ReadOnlySpan<byte> message) => BinaryPrimitives.ReadInt32LittleEndian(message[4..]);

    private static MongoError Invalid(string why) => new(ErrorCode.InvalidBson, $"Invalid message: {why}");
}
