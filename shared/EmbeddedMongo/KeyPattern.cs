using System.Text;

namespace Platform.EmbeddedMongo;

/// <summary>One field of an index or of a sort.</summary>
internal sealed record KeyField(FieldPath Path, bool Descending);

/// <summary>The keys of one document in one index, distinct and in order.</summary>
internal sealed class KeySet
{
    public List<byte[]> Keys { get; } = [];

    /// <summary>An array lay on one of the paths.</summary>
    public bool Multikey { get; set; }

    /// <summary>A key whose values are wanted, to say what was twice.</summary>
    public byte[]? Wanted { get; init; }

    public byte[]? WantedValues { get; set; }

    public bool Contains(ReadOnlySpan<byte> key)
    {
        foreach (var one in Keys)
        {
            if (key.SequenceEqual(one))
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>The fields of an index or a sort, and the keys they make of a document.</summary>
internal sealed class KeyPattern(IReadOnlyList<KeyField> fields)
{
    private struct Slot
    {
        public bool Fixed;
        public bool Missing;
        public bool InArray;
        public byte Type;
        public int Start;
        public int Length;
        public int Depth;
    }

    public IReadOnlyList<KeyField> Fields { get; } = fields;

    /// <summary>All keys; those whose fields are all missing may be left out, as sparse indexes want it.</summary>
    public KeySet Keys(ReadOnlySpan<byte> document, bool skipMissing)
    {
        var keys = new KeySet();
        Span<Slot> slots = stackalloc Slot[Fields.Count];
        slots.Clear();
        Expand(document, 0, slots, keys, skipMissing, new KeyBuffer());
        if (keys.Keys.Count > 1)
        {
            Distinct(keys.Keys);
        }

        return keys;
    }

    /// <summary>The values, one a field, from which a key of the document was made.</summary>
    public RawValue ValuesOf(byte[] key, ReadOnlySpan<byte> document)
    {
        var keys = new KeySet { Wanted = key };
        Span<Slot> slots = stackalloc Slot[Fields.Count];
        slots.Clear();
        Expand(document, 0, slots, keys, skipMissing: false, new KeyBuffer());
        return new RawValue(BsonType.Document, keys.WantedValues ?? Bson.EmptyDocument);
    }

    /// <summary>The key by which a document is sorted: an array counts as its first element in that direction.</summary>
    public byte[] SortKey(ReadOnlySpan<byte> document) => Keys(document, skipMissing: false).Keys[0];

    private void Expand(
        ReadOnlySpan<byte> root, int document, Span<Slot> slots, KeySet keys, bool skipMissing, KeyBuffer buffer)
    {
        var array = -1;
        for (var i = 0; i < slots.Length; i++)
        {
            if (slots[i].Fixed || Walk(root, document, Fields[i].Path, ref slots[i]) is not (>= 0 and var found))
            {
                continue;
            }

            if (array >= 0 && array != found)
            {
                throw new MongoError(
                    ErrorCode.CannotIndexParallelArrays, $"cannot index parallel arrays [{Fields[i].Path.Text}]");
            }

            array = found;
        }

        if (array < 0)
        {
            Emit(root, slots, keys, skipMissing, buffer);
            return;
        }

        keys.Multikey = true;
        ExpandArray(root, array, slots, keys, skipMissing, buffer);
    }

    private void ExpandArray(
        ReadOnlySpan<byte> root, int array, Span<Slot> slots, KeySet keys, bool skipMissing, KeyBuffer buffer)
    {
        Span<Slot> copy = stackalloc Slot[slots.Length];
        var any = false;
        foreach (var element in new ElementReader(root, array))
        {
            any = true;
            Fix(slots, copy, element.Type, element.Start, element.Value.Length);
            var inside = element.Type == BsonType.Document ? element.Start : -1;
            Expand(root, inside, copy, keys, skipMissing, buffer);
        }

        if (!any)
        {
            // An empty array has one entry, below null; what would lie inside it is missing.
            Fix(slots, copy, BsonType.Undefined, 0, 0);
            Expand(root, -1, copy, keys, skipMissing, buffer);
        }
    }

    private void Fix(Span<Slot> slots, Span<Slot> copy, byte type, int start, int length)
    {
        slots.CopyTo(copy);
        for (var i = 0; i < copy.Length; i++)
        {
            if (copy[i].InArray && copy[i].Depth == Fields[i].Path.Count)
            {
                copy[i] = copy[i] with { Fixed = true, Type = type, Start = start, Length = length };
            }

            copy[i].InArray = false;
        }
    }

    /// <summary>Follows a path to its value, or to the first array on it, whose start is returned.</summary>
    private static int Walk(ReadOnlySpan<byte> root, int document, FieldPath path, ref Slot slot)
    {
        while (document >= 0 && TryFind(root, document, path.Parts[slot.Depth], out var element))
        {
            slot.Depth++;
            if (element.Type == BsonType.Array)
            {
                slot.InArray = true;
                return element.Start;
            }

            if (slot.Depth == path.Count)
            {
                slot.Fixed = true;
                slot.Type = element.Type;
                slot.Start = element.Start;
                slot.Length = element.Value.Length;
                return -1;
            }

            document = element.Type == BsonType.Document ? element.Start : -1;
        }

        slot.Fixed = true;
        slot.Missing = true;
        slot.Type = BsonType.Null;
        return -1;
    }

    private static bool TryFind(ReadOnlySpan<byte> root, int document, byte[] name, out Element found)
    {
        foreach (var element in new ElementReader(root, document))
        {
            if (element.Name.SequenceEqual(name))
            {
                found = element;
                return true;
            }
        }

        found = default;
        return false;
    }

    private void Emit(
        ReadOnlySpan<byte> root, Span<Slot> slots, KeySet keys, bool skipMissing, KeyBuffer buffer)
    {
        buffer.Clear();
        var missing = true;
        for (var i = 0; i < slots.Length; i++)
        {
            missing &= slots[i].Missing;
            var value = root.Slice(slots[i].Start, slots[i].Length);
            buffer.Value(new Element(slots[i].Type, value), Fields[i].Descending);
        }

        if (!missing || !skipMissing)
        {
            keys.Keys.Add(buffer.ToArray());
        }

        if (keys.Wanted is { } wanted && buffer.Span.SequenceEqual(wanted))
        {
            keys.WantedValues = Values(root, slots);
        }
    }

    private byte[] Values(ReadOnlySpan<byte> root, Span<Slot> slots)
    {
        var writer = new BsonWriter();
        var start = writer.Begin();
        for (var i = 0; i < slots.Length; i++)
        {
            var name = Encoding.UTF8.GetBytes(Fields[i].Path.Text);
            writer.Value(name, slots[i].Type, root.Slice(slots[i].Start, slots[i].Length));
        }

        writer.End(start);
        return writer.ToArray();
    }

    private static void Distinct(List<byte[]> keys)
    {
        keys.Sort(static (left, right) => left.AsSpan().SequenceCompareTo(right));
        var kept = 1;
        for (var i = 1; i < keys.Count; i++)
        {
            if (!keys[i].AsSpan().SequenceEqual(keys[kept - 1]))
            {
                keys[kept++] = keys[i];
            }
        }

        keys.RemoveRange(kept, keys.Count - kept);
    }
}
