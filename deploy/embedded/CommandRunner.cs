using System.CommandLine;
using Grpc.Core;

namespace Platform.Embedded;

/// <summary>Something the user can mend: told in one sentence, without a stack trace.</summary>
internal sealed class UserErrorException(string message) : Exception(message);

/// <summary>Runs the command line, and turns errors into a sentence and an exit code.</summary>
internal static class CommandRunner
{
    /// <summary>What the user can mend.</summary>
    public const int UserError = 2;

    /// <summary>What the program could not do.</summary>
    public const int Failure = 1;

    public static async Task<int> RunAsync(RootCommand root, string[] args)
    {
        try
        {
            Examples.AddTo(root);
            var line = root.Parse(args.Length == 0 ? ["--help"] : args);
            if (line.Errors.Count > 0 && line.Action is not { ClearsParseErrors: true })
            {
                throw new UserErrorException(CommandErrors.Describe(line));
            }

            return await line.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (UserErrorException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return UserError;
        }
        catch (RpcException exception) when (exception.StatusCode != StatusCode.Cancelled)
        {
            await Console.Error.WriteLineAsync(exception.ToSentence());
            return Failure;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("Stopped; what was admitted goes on at the next start.");
            return 130;
        }
        catch (Exception exception)
        {
            await Console.Error.WriteLineAsync($"Something went wrong that should not: {exception.Message}");
            await Console.Error.WriteLineAsync("The details are in the data folder's logs.");
            return Failure;
        }
    }
}
