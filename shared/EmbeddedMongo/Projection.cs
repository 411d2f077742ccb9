namespace Platform.EmbeddedMongo;

/// <summary>Which fields of a document a reader gets: some of them, or all but some.</summary>
internal sealed class Projection
{
    private readonly Branch _root = new();
    private bool _includes;
    private bool _keepsId = true;

    public static Projection? Parse(RawValue? specification)
    {
        if (specification is not { } value || !value.IsDocument || value.Fields.IsEmpty)
        {
            return null;
        }

        var projection = new Projection();
        bool? includes = null;
        projection.Read(value, "", ref includes);
        projection._includes = includes ?? projection._keepsId && value.Fields.TryFind("_id", out _);
        return projection;
    }

    public void Write(BsonWriter writer, ReadOnlySpan<byte> document)
    {
        var start = writer.Begin();
        foreach (var element in new ElementReader(document))
        {
            if (element.Name.SequenceEqual("_id"u8) && !_root.Has(element.Name))
            {
                if (_keepsId)
                {
                    writer.Value(element.Name, element.Type, element.Value);
                }
            }
            else
            {
                Field(writer, element, _root);
            }
        }

        writer.End(start);
    }

    private void Read(RawValue specification, string prefix, ref bool? includes)
    {
        foreach (var field in specification.Fields)
        {
            var path = prefix + field.Name;
            var value = field.Value;
            if (path.Contains('$', StringComparison.Ordinal))
            {
                throw MongoError.LeftOut($"the projection {path}");
            }

            if (value.IsDocument && !value.Fields.IsEmpty)
            {
                Read(value, path + ".", ref includes);
                continue;
            }

            if (!value.IsNumber && value.Type != BsonType.Boolean)
            {
                throw MongoError.LeftOut($"the computed projection of {path}");
            }

            if (path == "_id")
            {
                _keepsId = value.IsTrue;
                continue;
            }

            if (includes is { } before && before != value.IsTrue)
            {
                throw value.IsTrue
                    ? new MongoError(
                        ErrorCode.InclusionInExclusion,
                        $"Cannot do inclusion on field {path} in exclusion projection")
                    : new MongoError(
                        ErrorCode.ExclusionInInclusion,
                        $"Cannot do exclusion on field {path} in inclusion projection");
            }

            includes = value.IsTrue;
            _root.Add(new FieldPath(path));
        }
    }

    private void Field(BsonWriter writer, scoped Element element, Branch branch)
    {
        var child = branch.Find(element.Name);
        if (child is null ? !_includes : child.IsLeaf && _includes)
        {
            writer.Value(element.Name, element.Type, element.Value);
        }
        else if (child is { IsLeaf: false })
        {
            if (element.Type is BsonType.Document or BsonType.Array)
            {
                writer.Name(element.Type, element.Name);
                Inside(writer, element, child);
            }
            else if (!_includes)
            {
                writer.Value(element.Name, element.Type, element.Value);
            }
        }
    }

    private void Inside(BsonWriter writer, scoped Element container, Branch branch)
    {
        var start = writer.Begin();
        var index = 0;
        foreach (var element in new ElementReader(container.Value))
        {
            if (container.Type == BsonType.Document)
            {
                Field(writer, element, branch);
            }
            else if (element.Type is BsonType.Document or BsonType.Array)
            {
                writer.Name(element.Type, index++);
                Inside(writer, element, branch);
            }
            else if (!_includes)
            {
                writer.Name(element.Type, index++);
                writer.Raw(element.Value);
            }
        }

        writer.End(start);
    }

    private sealed class Branch
    {
        private readonly List<(byte[] Name, Branch Child)> _children = [];

        public bool IsLeaf => _children.Count == 0;

        public bool Has(ReadOnlySpan<byte> name) => Find(name) is not null;

        public Branch? Find(ReadOnlySpan<byte> name)
        {
            foreach (var (candidate, child) in _children)
            {
                if (name.SequenceEqual(candidate))
                {
                    return child;
                }
            }

            return null;
        }

        public void Add(FieldPath path)
        {
            var branch = this;
            for (var i = 0; i < path.Count; i++)
            {
                var child = branch.Find(path.Parts[i]);
                if (child is { IsLeaf: true } || (child is not null && i == path.Count - 1))
                {
                    throw new MongoError((ErrorCode)31250, $"Path collision at {path.Text}");
                }

                if (child is null)
                {
                    child = new Branch();
                    branch._children.Add((path.Parts[i], child));
                }

                branch = child;
            }
        }
    }
}
