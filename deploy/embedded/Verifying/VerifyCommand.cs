using System.CommandLine;
using Platform.Chain;
using Platform.Chain.Contracts;

namespace Platform.Embedded;

/// <summary>What to verify, and where to ask.</summary>
internal sealed record VerifyOptions
{
    /// <summary>As <c>&lt;contract&gt;/&lt;tokenId&gt;</c>.</summary>
    public required string Token { get; init; }

    public string Rpc { get; init; } = "http://127.0.0.1:5082";

    public string Gateway { get; init; } = "http://127.0.0.1:5080";

    /// <summary>An address; null is the canonical one.</summary>
    public string? Factory { get; init; }

    public bool Deep { get; init; }

    public bool Json { get; init; }
}

/// <summary>Checks a token from chain and gateway alone: no data folder, no credential, no word of ours.</summary>
internal static class VerifyCommand
{
    /// <summary>Some line does not hold, or could not be checked.</summary>
    public const int DoesNotHold = 1;

    private const int LargestAnswer = 4 << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public static Command Create()
    {
        var defaults = new VerifyOptions { Token = "" };
        var token = new Argument<string>("token") { Description = "<contract>/<tokenId>" };
        var rpc = new Option<string>("--rpc")
        {
            Description = "JSON-RPC of the chain",
            DefaultValueFactory = _ => defaults.Rpc,
        };
        var gateway = new Option<string>("--gateway")
        {
            Description = "An IPFS trustless gateway; it need not be trusted",
            DefaultValueFactory = _ => defaults.Gateway,
        };
        var factory = new Option<string?>("--factory") { Description = "Trust this factory's code instead of the canonical one's" };
        var deep = new Option<bool>("--deep") { Description = "Fetch all custody records of the batch, and recompute its id" };
        var command = new Command("verify", "Check a token from chain and gateway alone, trusting neither us nor the data folder")
        {
            token, rpc, gateway, factory, deep, CommonOptions.Json,
        };
        command.SetAction((result, cancellation) => RunAsync(
            new VerifyOptions
            {
                Token = result.GetValue(token)!,
                Rpc = result.GetValue(rpc)!,
                Gateway = result.GetValue(gateway)!,
                Factory = result.GetValue(factory),
                Deep = result.GetValue(deep),
                Json = result.GetValue(CommonOptions.Json),
            },
            Console.Out,
            cancellation));
        return command;
    }

    /// <returns>The exit code: 0 when every line holds.</returns>
    /// <exception cref="UserErrorException">What was asked is unusable, or chain or gateway cannot be reached.</exception>
    public static async Task<int> RunAsync(VerifyOptions options, TextWriter output, CancellationToken cancellation)
    {
        var name = TokenName.Parse(options.Token);
        var rpc = UriOf("--rpc", options.Rpc);
        var gateway = UriOf("--gateway", options.Gateway);
        using var http = Loopback.CreateClient();
        var verifier = new TokenVerifier(
            new EthereumClient(new JsonRpcClient(http, rpc, new JsonRpcOptions { MaxResponseBytes = LargestAnswer })),
            new GatewayBlocks(http, gateway, TimeProvider.System))
        {
            Factory = options.Factory is null ? CanonicalFactory.Address : FactoryOf(options.Factory),
            IsDeep = options.Deep,
        };

        var verification = await VerifyAsync(verifier, name, rpc, gateway, cancellation);
        await output.WriteLineAsync(options.Json
            ? VerificationPrinter.ToJson(verification)
            : VerificationPrinter.ToText(verification));
        return verification.Holds ? 0 : DoesNotHold;
    }

    private static async Task<Verification> VerifyAsync(
        TokenVerifier verifier, TokenName name, Uri rpc, Uri gateway, CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(Patience, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, late.Token);
        try
        {
            return await verifier.VerifyAsync(name, either.Token);
        }
        catch (ChainUnavailableException exception)
        {
            throw new UserErrorException(
                $"The chain gives no answer: {Plain.Of(exception.Message)} Start the platform with 'run' and leave it running, "
                + "or name another JSON-RPC address with --rpc.");
        }
        catch (JsonRpcException exception)
        {
            throw new UserErrorException(
                $"The node at {rpc.Authority} refuses: {Plain.Of(exception.Message)}. Either {name.Contract} is no "
                + "collection of this platform, or the node needs to be another one: name it with --rpc.");
        }
        catch (GatewayUnavailableException exception)
        {
            throw new UserErrorException(
                $"The gateway at {gateway.Authority} {Plain.Of(exception.Message)}. Start the platform with 'run' and leave it "
                + "running, or name another IPFS gateway with --gateway.");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new UserErrorException($"Given up: chain and gateway took more than {Patience.TotalMinutes} minutes.");
        }
    }

    private static Uri UriOf(string option, string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme is "http" or "https")
            ? uri
            : throw new UserErrorException($"{option} '{Plain.Of(text)}' is no address; write one such as http://127.0.0.1:5082.");

    private static Address FactoryOf(string text) =>
        Address.TryParse(text, out var factory, out var error)
            ? factory
            : throw new UserErrorException($"--factory '{Plain.Of(text)}': {error}");
}
