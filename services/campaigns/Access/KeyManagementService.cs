using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Platform.Grpc.Access;

namespace Platform.Campaigns;

/// <summary>Makes, lists, rotates and revokes API keys, for whoever operates the installation.</summary>
internal sealed partial class KeyManagementService(
    ApiKeys keys, KeyRing ring, SecretSeal seal, TimeProvider clock, ILogger<KeyManagementService> logger) : Keys.KeysBase
{
    private const long LongestGrace = 30 * 86_400;

    public override async Task<NewKey> CreateKey(CreateKeyRequest request, ServerCallContext context)
    {
        var errors = KeyRules.Check(request);
        if (errors.Count > 0)
        {
            throw Invalid(errors);
        }

        var now = clock.GetUtcNow();
        var credential = Credential.New(Credential.NewId());
        var signing = StandardWebhooks.NewSecret();
        var key = new ApiKey
        {
            Id = credential.Id,
            Version = 1,
            Name = request.Name.Trim(),
            Scopes = [.. request.Scopes.Distinct()],
            Campaigns = [.. request.Campaigns.Distinct()],
            RequiresSignature = request.RequireSignature,
            Secrets = [SecretOf(credential, signing)],
            CreatedAt = now,
            ExpiresAt = request.ExpiresInDays == 0 ? null : now.AddDays(request.ExpiresInDays),
        };
        if (!await keys.TryAddAsync(key, context.CancellationToken))
        {
            throw new RpcException(new Status(
                StatusCode.ResourceExhausted, $"There are {ApiKeys.Most} keys; revoke some: they are forgotten after 90 days."));
        }

        ring.Forget();
        LogCreated(key.Id, string.Join(" ", key.Scopes));
        return ToNew(key, credential, signing);
    }

    public override async Task<ListKeysResponse> ListKeys(ListKeysRequest request, ServerCallContext context)
    {
        var response = new ListKeysResponse();
        response.Keys.AddRange((await keys.ListAsync(context.CancellationToken)).OrderBy(each => each.CreatedAt).Select(ToMessage));
        return response;
    }

    public override async Task<NewKey> RotateKey(RotateKeyRequest request, ServerCallContext context)
    {
        if (request.GraceSeconds is < 0 or > LongestGrace)
        {
            throw Invalid([new FieldError("grace_seconds", $"Send 0 to {LongestGrace}.")]);
        }

        var key = await FindAsync(request.KeyId, context);
        var now = clock.GetUtcNow();
        if (key.StatusAt(now) is var status and not "active")
        {
            throw new RpcException(new Status(StatusCode.FailedPrecondition, $"API key {key.Id} is {status}; create another."));
        }

        var credential = Credential.New(key.Id);
        var signing = StandardWebhooks.NewSecret();
        var rotated = key.Rotate(SecretOf(credential, signing), now, TimeSpan.FromSeconds(request.GraceSeconds));
        if (!await keys.TryRotateAsync(rotated, context.CancellationToken))
        {
            throw new RpcException(new Status(StatusCode.Aborted, $"API key {key.Id} was changed by somebody else just now; look again."));
        }

        ring.Forget();
        LogRotated(key.Id, request.GraceSeconds);
        return ToNew(rotated, credential, signing);
    }

    public override async Task<Key> RevokeKey(RevokeKeyRequest request, ServerCallContext context)
    {
        var key = await FindAsync(request.KeyId, context);
        await keys.RevokeAsync(key.Id, clock.GetUtcNow(), context.CancellationToken);
        ring.Forget();
        LogRevoked(key.Id);
        return ToMessage(await FindAsync(key.Id, context));
    }

    private async Task<ApiKey> FindAsync(string id, ServerCallContext context) =>
        await keys.FindAsync(id, context.CancellationToken)
        ?? throw new RpcException(new Status(StatusCode.NotFound, $"There is no API key '{id}'."));

    private KeySecret SecretOf(Credential credential, byte[] signing) => new()
    {
        Digest = keys.DigestOf(credential),
        SealedSigning = seal.Seal(signing, credential.Id),
    };

    private NewKey ToNew(ApiKey key, Credential credential, byte[] signing) => new()
    {
        Key = ToMessage(key),
        Credential = credential.Text,
        SigningSecret = StandardWebhooks.ToText(signing),
    };

    private Key ToMessage(ApiKey key)
    {
        var message = new Key
        {
            Id = key.Id,
            Name = key.Name,
            RequireSignature = key.RequiresSignature,
            Status = key.StatusAt(clock.GetUtcNow()),
            CreatedAt = key.CreatedAt.ToTimestamp(),
            ExpiresAt = key.ExpiresAt?.ToTimestamp(),
            RevokedAt = key.RevokedAt?.ToTimestamp(),
            LastUsedAt = key.LastUsedAt?.ToTimestamp(),
            OldUntil = key.Secrets.Max(each => each.Until)?.ToTimestamp(),
        };
        message.Scopes.AddRange(key.Scopes);
        message.Campaigns.AddRange(key.Campaigns);
        return message;
    }

    private static RpcException Invalid(IReadOnlyList<FieldError> errors) => new(new Status(
        StatusCode.InvalidArgument, string.Join("\n", errors.Select(error => $"{error.Field}: {error.Message}"))));

    [LoggerMessage(1, LogLevel.Information, "Created API key {KeyId} with {Scopes}")]
    private partial void LogCreated(string keyId, string scopes);

    [LoggerMessage(2, LogLevel.Information, "Rotated API key {KeyId}; what was before is taken for {Grace} s")]
    private partial void LogRotated(string keyId, long grace);

    [LoggerMessage(3, LogLevel.Information, "Revoked API key {KeyId}")]
    private partial void LogRevoked(string keyId);
}
