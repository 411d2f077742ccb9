namespace Platform.Auditor;

/// <summary>What the auditor was given cannot be read: it says where, and what to write instead.</summary>
public sealed class AuditInputException(string message) : Exception(message);

/// <summary>Something the audit needs gives no answer, so that nothing is said about the rest.</summary>
public sealed class AuditUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
