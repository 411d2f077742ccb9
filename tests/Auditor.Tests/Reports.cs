namespace Platform.Auditor.Tests;

/// <summary>What tests expect of a report.</summary>
internal static class Reports
{
    /// <summary>Nothing differs, or the differences are told.</summary>
    public static void AssertHolds(this AuditReport report) => Assert.True(report.Holds, AuditPrinter.ToText(report));

    /// <summary>The fault was found and named, in the report and in its text.</summary>
    public static void AssertNames(this AuditReport report, string kind, object subject)
    {
        Assert.False(report.Holds);
        Assert.True(
            report.Differences.Any(each => each.Kind == kind && each.Subject == subject.ToString()),
            $"Nothing tells of {kind} {subject}:\n{AuditPrinter.ToText(report)}");
        Assert.Contains(subject.ToString()!, AuditPrinter.ToText(report), StringComparison.Ordinal);
    }

    /// <summary>And nothing beside it was called wrong.</summary>
    public static void AssertNamesOnly(this AuditReport report, string kind, object subject)
    {
        report.AssertNames(kind, subject);
        Assert.True(report.Kinds is { Count: 1 } && report.Kinds[kind] == 1, AuditPrinter.ToText(report));
    }
}
