namespace Platform.EmbeddedMongo;

/// <summary>A value under change: bytes until somebody asks for its inside, children from then on.</summary>
internal sealed class Node(RawValue value)
{
    private RawValue _value = value;
    private List<Child>? _children;

    /// <summary>What a modifier returns to remove the field.</summary>
    public static readonly Node Removed = new(new RawValue(BsonType.Undefined, default));

    public byte Type => _value.Type;

    public bool IsContainer => Type is BsonType.Document or BsonType.Array;

    public static Node EmptyDocument() => new(new RawValue(BsonType.Document, Bson.EmptyDocument));

    public static Node EmptyArray() => new(new RawValue(BsonType.Array, Bson.EmptyDocument));

    /// <summary>The fields or elements, to be changed in place.</summary>
    public List<Child> Children
    {
        get
        {
            if (_children is null)
            {
                _children = [];
                foreach (var inner in _value.Fields)
                {
                    _children.Add(new Child(inner.NameBytes, new Node(inner.Value)));
                }
            }

            return _children;
        }
    }

    public RawValue ToValue()
    {
        if (_children is not null)
        {
            var writer = new BsonWriter();
            Write(writer);
            _value = new RawValue(Type, writer.ToArray());
            _children = null;
        }

        return _value;
    }

    public int Find(byte[] name)
    {
        if (Type == BsonType.Array)
        {
            var index = Bson.ArrayIndex(name);
            return index < Children.Count ? index : -1;
        }

        var children = Children;
        for (var i = 0; i < children.Count; i++)
        {
            if (children[i].Name.Span.SequenceEqual(name))
            {
                return i;
            }
        }

        return -1;
    }

    public void Write(BsonWriter writer)
    {
        if (_children is null)
        {
            writer.Raw(_value.Span);
            return;
        }

        var start = writer.Begin();
        for (var i = 0; i < _children.Count; i++)
        {
            var (name, node) = _children[i];
            if (Type == BsonType.Array)
            {
                writer.Name(node.Type, i);
            }
            else
            {
                writer.Name(node.Type, name.Span);
            }

            node.Write(writer);
        }

        writer.End(start);
    }

    public readonly record struct Child(ReadOnlyMemory<byte> Name, Node Value);
}
