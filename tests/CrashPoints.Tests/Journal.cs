using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Platform.CrashPoints.Tests;

/// <summary>Keeps the newest warnings and errors, to be shown where a fact does not hold.</summary>
internal sealed class Journal : ILoggerProvider, ILogger
{
    private const int Kept = 60;

    private readonly ConcurrentQueue<string> lines = new();

    public IReadOnlyList<string> Newest => [.. lines];

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        var problem = exception is null ? "" : $" {exception.GetType().Name}: {exception.Message}";
        lines.Enqueue($"{logLevel}: {formatter(state, null)}{problem}");
        while (lines.Count > Kept)
        {
            lines.TryDequeue(out _);
        }
    }

    public void Dispose()
    {
    }
}
