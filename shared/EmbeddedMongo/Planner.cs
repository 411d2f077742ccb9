namespace Platform.EmbeddedMongo;

/// <summary>Chooses an index for a query.</summary>
/// <remarks>
/// Bounds may be wider than the query, never narrower: unless a plan is exact the whole filter is evaluated again
/// on each document. So the planner can stay small.
/// </remarks>
internal static class Planner
{
    /// <summary>More combinations of `$in` lists than this are not worth their ranges.</summary>
    private const int MaxRanges = 100_000;

    /// <summary>An equality on `_id` leaves one document: nothing can be better.</summary>
    private const int IdScore = 1000;

    public static Plan Choose(Collection collection, Filter filter, IReadOnlyList<KeyField>? sort)
    {
        var leaves = new List<PathFilter>();
        var pure = Flatten(filter, leaves);
        var best = new Plan { Exact = pure && leaves.Count == 0, Sorted = sort is null };
        foreach (var index in collection.Indexes)
        {
            var plan = Try(index, leaves, pure, sort);
            if (plan is not null && plan.Score > best.Score)
            {
                best = plan;
            }
        }

        return best;
    }

    /// <returns>Whether the leaves say everything the filter says.</returns>
    private static bool Flatten(Filter filter, List<PathFilter> leaves)
    {
        switch (filter)
        {
            case PathFilter leaf:
                leaves.Add(leaf);
                return true;
            case AllOf all:
                var pure = true;
                foreach (var one in all.Filters)
                {
                    pure &= Flatten(one, leaves);
                }

                return pure;
            default:
                return false;
        }
    }

    private static Plan? Try(Index index, List<PathFilter> leaves, bool pure, IReadOnlyList<KeyField>? sort)
    {
        var multikey = index.Multikey;
        var consumed = new HashSet<PathFilter>();
        if (index.Partial is not null && !Implied(index.Partial, leaves, consumed))
        {
            return null;
        }

        var bounds = new IndexBounds(index, multikey, leaves);
        bounds.Build(MaxRanges);
        if (index.Sparse && !bounds.Any)
        {
            return null;
        }

        consumed.UnionWith(bounds.Exact);
        var direction = multikey || bounds.Prefixes != 1 ? null : SortDirection(index, bounds.Equalities, sort);
        return new Plan
        {
            Index = index,
            Ranges = bounds.Ranges(),
            Exact = pure && consumed.Count == leaves.Count,
            Sorted = sort is null || direction is not null,
            Backwards = direction == false,
            Multikey = multikey,
            Score = (index.IsId && bounds.Equalities > 0 ? IdScore : bounds.Score)
                + (sort is not null && direction is not null ? 1 : 0)
                + (index.Partial is not null ? 1 : 0),
        };
    }

    /// <summary>A partial index serves a query that repeats each of its clauses, or says more.</summary>
    private static bool Implied(Filter partial, List<PathFilter> leaves, HashSet<PathFilter> consumed)
    {
        var clauses = new List<PathFilter>();
        if (!Flatten(partial, clauses))
        {
            return false;
        }

        foreach (var clause in clauses)
        {
            var implied = false;
            foreach (var leaf in leaves)
            {
                if (leaf.Path.Text != clause.Path.Text || !Implies(leaf.Predicate, clause.Predicate))
                {
                    continue;
                }

                implied = true;
                if (Implies(clause.Predicate, leaf.Predicate))
                {
                    consumed.Add(leaf);
                }
            }

            if (!implied)
            {
                return false;
            }
        }

        return true;
    }

    private static bool Implies(Predicate query, Predicate clause) => (query, clause) switch
    {
        (Exists, Exists) => true,
        (Compared or OneOf, Exists) => !query.MatchesMissing,
        (Compared { Relation: Relation.Equal } equal, Compared) when equal.Constant.Type != BsonType.Array =>
            clause.Matches(equal.Constant.Element) && !query.MatchesMissing,
        (Compared left, Compared right) =>
            left.Relation == right.Relation && left.Constant.IdenticalTo(right.Constant),
        _ => false,
    };

    /// <returns>True for forwards, false for backwards, null when the index does not sort.</returns>
    private static bool? SortDirection(Index index, int equalities, IReadOnlyList<KeyField>? sort)
    {
        if (sort is null)
        {
            return null;
        }

        var fields = index.Pattern.Fields;
        var next = equalities;
        bool? forwards = null;
        foreach (var wanted in sort)
        {
            if (fields.Take(equalities).Any(field => field.Path.Text == wanted.Path.Text))
            {
                continue;
            }

            if (next == fields.Count || fields[next].Path.Text != wanted.Path.Text)
            {
                return null;
            }

            var same = fields[next].Descending == wanted.Descending;
            if (forwards is not null && forwards != same)
            {
                return null;
            }

            forwards = same;
            next++;
        }

        return forwards ?? true;
    }
}
