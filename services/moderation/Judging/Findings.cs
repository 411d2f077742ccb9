namespace Platform.Moderation;

/// <summary>What follows from a finding.</summary>
internal enum Severity
{
    /// <summary>A person looks at it.</summary>
    Review,

    /// <summary>The asset may not go on, unless the policy has a person look at everything.</summary>
    Reject,

    /// <summary>There is nothing a person could look at: the asset may not go on under any policy.</summary>
    Refuse,
}

/// <summary>Something a rule found, by its code; never the words or pixels themselves.</summary>
internal readonly record struct Finding(string Code, Severity Severity);
