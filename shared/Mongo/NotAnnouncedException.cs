namespace Platform.Mongo;

/// <summary>The bus did not take a message now; what is kept with its document is announced later.</summary>
public sealed class NotAnnouncedException(string message, Exception? inner = null) : Exception(message, inner);
