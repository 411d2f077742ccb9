using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Platform.EmbeddedMongo;

/// <summary>Makes the `_id` of documents that come without one.</summary>
internal sealed class ObjectIds(TimeProvider clock)
{
    private readonly byte[] _process = RandomNumberGenerator.GetBytes(5);
    private int _counter = RandomNumberGenerator.GetInt32(1 << 24);

    public RawValue Next()
    {
        var id = new byte[12];
        BinaryPrimitives.WriteUInt32BigEndian(id, (uint)clock.GetUtcNow().ToUnixTimeSeconds());
        BinaryPrimitives.WriteInt32BigEndian(id.AsSpan(8), Interlocked.Increment(ref _counter));
        _process.CopyTo(id, 4);
        return new RawValue(BsonType.ObjectId, id);
    }
}
