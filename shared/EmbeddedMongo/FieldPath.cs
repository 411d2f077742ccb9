using System.Text;

namespace Platform.EmbeddedMongo;

/// <summary>A dotted path, cut into its components.</summary>
internal sealed class FieldPath
{
    public FieldPath(string text)
    {
        Text = text;
        var parts = text.Split('.');
        Parts = new byte[parts.Length][];
        for (var i = 0; i < parts.Length; i++)
        {
            Parts[i] = Encoding.UTF8.GetBytes(parts[i]);
        }
    }

    public string Text { get; }

    public byte[][] Parts { get; }

    public int Count => Parts.Length;

    public bool HasArrayIndex => Parts.Any(static part => Bson.ArrayIndex(part) >= 0);

    /// <summary>One names what the other contains, or both name the same.</summary>
    public bool Overlaps(FieldPath other)
    {
        for (var i = 0; i < Math.Min(Count, other.Count); i++)
        {
            if (!Parts[i].AsSpan().SequenceEqual(other.Parts[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The order in which an update adds new fields: by component, numbers by value.</summary>
    public static int CompareOrder(FieldPath left, FieldPath right)
    {
        for (var i = 0; i < Math.Min(left.Count, right.Count); i++)
        {
            var (first, second) = (Bson.ArrayIndex(left.Parts[i]), Bson.ArrayIndex(right.Parts[i]));
            var order = first >= 0 && second >= 0
                ? first.CompareTo(second)
                : left.Parts[i].AsSpan().SequenceCompareTo(right.Parts[i]);
            if (order != 0)
            {
                return order;
            }
        }

        return left.Count.CompareTo(right.Count);
    }
}
