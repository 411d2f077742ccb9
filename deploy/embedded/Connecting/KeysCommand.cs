using System.CommandLine;
using Platform.Grpc.Access;
using static Platform.Embedded.RunningPlatformCommand;

namespace Platform.Embedded;

/// <summary>API keys of other systems: made, listed, rotated, revoked.</summary>
internal static class KeysCommand
{
    public static Command Create() => new("keys", "API keys of systems that publish or manage campaigns")
    {
        CreateCreate(), CreateList(), CreateRotate(), CreateRevoke(),
    };

    private static Command CreateCreate()
    {
        var name = new Option<string>("--name") { Description = "What the key is for", Required = true };
        var scopes = new Option<string[]>("--scope")
        {
            Description = "events:write, assets:read, campaigns:write, reviews:write or operations; once for each",
            Required = true,
        };
        var campaigns = new Option<string[]>("--campaign") { Description = "Only this campaign; once for each" };
        var days = new Option<int>("--expires-days") { Description = "Days until it expires; 0 is never" };
        var signed = new Option<bool>("--require-signature") { Description = "Take its events only with Standard Webhooks headers" };
        var command = new Command("create", "Make a key; it is shown once")
        {
            name, scopes, campaigns, days, signed, CommonOptions.Data, CommonOptions.Json,
        };
        command.SetAction((result, cancellation) => AskAsync(
            result,
            async api => await ShowAsync(result, await api.Keys.CreateKeyAsync(
                new CreateKeyRequest
                {
                    Name = result.GetValue(name)!,
                    Scopes = { result.GetValue(scopes)! },
                    Campaigns = { result.GetValue(campaigns) ?? [] },
                    ExpiresInDays = result.GetValue(days),
                    RequireSignature = result.GetValue(signed),
                },
                cancellationToken: cancellation)),
            cancellation));
        return command;
    }

    private static Command CreateList()
    {
        var command = new Command("list", "List the keys, without their secrets") { CommonOptions.Data, CommonOptions.Json };
        command.SetAction((result, cancellation) => AskAsync(
            result,
            async api =>
            {
                var keys = (await api.Keys.ListKeysAsync(new ListKeysRequest(), cancellationToken: cancellation)).Keys;
                await Console.Out.WriteLineAsync(
                    result.GetValue(CommonOptions.Json) ? ToJson(new { Keys = keys.Select(Describe) })
                    : keys.Count == 0 ? "There are no API keys; the installation's token is taken."
                    : ToText(
                        ["id", "name", "scopes", "campaigns", "signed", "status", "last used"],
                        keys.Select(each => (IReadOnlyList<string>)
                        [
                            each.Id, each.Name, string.Join(", ", each.Scopes), OrAll(each.Campaigns),
                            each.RequireSignature ? "always" : "may be", each.Status, At(each.LastUsedAt),
                        ])));
            },
            cancellation));
        return command;
    }

    private static Command CreateRotate()
    {
        var id = Id();
        var grace = new Option<double>("--grace-hours")
        {
            Description = "Hours for which the old key is taken yet",
            DefaultValueFactory = _ => 24,
        };
        var command = new Command("rotate", "Give a key a new secret; it is shown once")
        {
            id, grace, CommonOptions.Data, CommonOptions.Json,
        };
        command.SetAction((result, cancellation) => AskAsync(
            result,
            async api => await ShowAsync(result, await api.Keys.RotateKeyAsync(
                new RotateKeyRequest { KeyId = result.GetValue(id)!, GraceSeconds = (long)(result.GetValue(grace) * 3_600) },
                cancellationToken: cancellation)),
            cancellation));
        return command;
    }

    private static Command CreateRevoke()
    {
        var id = Id();
        var command = new Command("revoke", "Take a key for ever out of use, everywhere within 5 seconds")
        {
            id, CommonOptions.Data, CommonOptions.Json,
        };
        command.SetAction((result, cancellation) => AskAsync(
            result,
            async api =>
            {
                var key = await api.Keys.RevokeKeyAsync(
                    new RevokeKeyRequest { KeyId = result.GetValue(id)! }, cancellationToken: cancellation);
                await Console.Out.WriteLineAsync(result.GetValue(CommonOptions.Json)
                    ? ToJson(Describe(key))
                    : $"Revoked {key.Id} ({Plain.Of(key.Name)}) at {At(key.RevokedAt)}.");
            },
            cancellation));
        return command;
    }

    private static Argument<string> Id() => new("id") { Description = "The key's id, as 'keys list' shows it" };

    private static Task ShowAsync(ParseResult result, NewKey made) => Console.Out.WriteLineAsync(
        result.GetValue(CommonOptions.Json)
            ? ToJson(new { Key = Describe(made.Key), made.Credential, made.SigningSecret })
            : $"""
            Key {made.Key.Id} ({Plain.Of(made.Key.Name)}): {string.Join(", ", made.Key.Scopes)}; campaigns: {OrAll(made.Key.Campaigns)}
            Shown now and never again:
              Authorization: Bearer {made.Credential}
              signing secret {made.SigningSecret}
            """);

    private static object Describe(Key key) => new
    {
        key.Id,
        key.Name,
        key.Scopes,
        key.Campaigns,
        key.RequireSignature,
        key.Status,
        CreatedAt = Time(key.CreatedAt),
        ExpiresAt = Time(key.ExpiresAt),
        RevokedAt = Time(key.RevokedAt),
        LastUsedAt = Time(key.LastUsedAt),
        OldUntil = Time(key.OldUntil),
    };
}
