namespace Platform.EmbeddedMongo;

/// <summary>The server could not start; the message says why and what to do.</summary>
public sealed class EmbeddedMongoException : Exception
{
    public EmbeddedMongoException()
    {
    }

    public EmbeddedMongoException(string message)
        : base(message)
    {
    }

    public EmbeddedMongoException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
