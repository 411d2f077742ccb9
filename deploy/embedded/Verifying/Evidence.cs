using Platform.Content;

namespace Platform.Embedded;

/// <summary>Content that has the right hash and still is not what it should be.</summary>
internal sealed class UnfitContentException(string message) : Exception(message);

/// <summary>What was looked for: had, found wanting, or not looked for because what leads to it is missing.</summary>
internal sealed record Evidence<T>
    where T : class
{
    public T? Value { get; private init; }

    /// <summary>Why it cannot be believed.</summary>
    public string? Fault { get; private init; }

    /// <summary>Why it was not looked for.</summary>
    public string? Lack { get; private init; }

    /// <remarks>Only what content can be guilty of is caught; a gateway that is away ends the whole verification.</remarks>
    public static async Task<Evidence<T>> SeekAsync(Func<Task<T>> seek)
    {
        try
        {
            return new Evidence<T> { Value = await seek() };
        }
        catch (Exception fault) when (fault is ContentNotFoundException or CorruptBlockException
            or UnixFsFormatException or UnfitContentException or NotSupportedException)
        {
            return new Evidence<T> { Fault = fault.Message.TrimEnd('.') };
        }
    }

    /// <summary>The same want, of what is inside.</summary>
    public Evidence<TInside> As<TInside>()
        where TInside : class => new() { Fault = Fault, Lack = Lack };

    /// <summary>Looks for what this leads to.</summary>
    public Task<Evidence<TNext>> ThenAsync<TNext>(string lack, Func<T, Task<TNext>> seek)
        where TNext : class =>
        Value is { } value
            ? Evidence<TNext>.SeekAsync(() => seek(value))
            : Task.FromResult(new Evidence<TNext> { Lack = lack });
}
