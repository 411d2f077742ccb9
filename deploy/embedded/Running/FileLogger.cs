using System.Globalization;
using System.Threading.Channels;

namespace Platform.Embedded;

/// <summary>Writes log lines to a file of the data folder, off the caller's thread; lines go out at once, so a kill keeps them.</summary>
internal sealed class FileLoggerProvider : ILoggerProvider
{
    private readonly Channel<string> lines = Channel.CreateBounded<string>(
        new BoundedChannelOptions(10_000) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly Task writing;

    public FileLoggerProvider(string path) => writing = WriteAsync(path);

    public ILogger CreateLogger(string categoryName) => new FileLogger(categoryName, lines.Writer);

    public void Dispose()
    {
        lines.Writer.TryComplete();
        writing.ContinueWith(_ => { }, TaskScheduler.Default);
    }

    private async Task WriteAsync(string path)
    {
        await using var file = new StreamWriter(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite));
        while (await lines.Reader.WaitToReadAsync())
        {
            while (lines.Reader.TryRead(out var line))
            {
                await file.WriteLineAsync(line);
            }

            await file.FlushAsync();
        }
    }

    private sealed class FileLogger(string category, ChannelWriter<string> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var at = TimeProvider.System.GetUtcNow().ToString("O", CultureInfo.InvariantCulture);
            var problem = exception is null ? "" : $"\n{exception}";
            lines.TryWrite($"{at} {logLevel,-11} {category}: {formatter(state, exception)}{problem}");
        }
    }
}
