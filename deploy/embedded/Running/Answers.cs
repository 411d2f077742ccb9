using Grpc.Core;

namespace Platform.Embedded;

/// <summary>What a running platform answers, as a sentence for whoever asked.</summary>
internal static class Answers
{
    public static string ToSentence(this RpcException exception) => exception.StatusCode switch
    {
        StatusCode.Unavailable => "The platform does not answer; it may have just stopped. Try again.",
        StatusCode.Unauthenticated or StatusCode.PermissionDenied =>
            "The platform does not know this data folder's token: another installation listens on its port.",
        StatusCode.DeadlineExceeded => "The platform did not answer in time. Try again.",
        _ => exception.Status.Detail,
    };

    /// <summary>Says that it takes long, once it does.</summary>
    public static async Task<T> ToldAfterTwoSecondsAsync<T>(this Task<T> work, string message)
    {
        if (await Task.WhenAny(work, Task.Delay(TimeSpan.FromSeconds(2))) != work)
        {
            await Console.Error.WriteLineAsync(message);
        }

        return await work;
    }
}
