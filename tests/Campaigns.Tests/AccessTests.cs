using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using MongoDB.Bson;
using MongoDB.Driver;
using Platform.Grpc.Access;
using Platform.Hosting;
using Platform.Mongo;

namespace Platform.Campaigns.Tests;

/// <summary>Keys of other systems, and the requests that they sign.</summary>
public sealed class AccessTests : IAsyncLifetime
{
    private AStore? store;
    private CampaignsHost host = null!;

    private Keys.KeysClient Keys => host.Get<Keys.KeysClient>();

    [Fact]
    public async Task A_key_reaches_as_far_as_its_scopes_and_campaigns()
    {
        var publisher = await ACallerAsync(key => key.Campaigns.Add("one"));
        var (status, body) = await publisher.PostAsync("one", CampaignsHost.AnEvent("e-1"));
        Assert.True(status == 202, body);
        var asset = System.Text.Json.JsonDocument.Parse(body).RootElement.GetProperty("assets")[0].GetProperty("assetId").GetString();

        (status, body) = await publisher.PostAsync("two", CampaignsHost.AnEvent("e-1"));
        Assert.Equal(403, status);
        Assert.Contains($"Key {publisher.KeyId} is not for campaign 'two'.", body);
        (status, body) = await publisher.GetAsync($"v1/assets/{asset}");
        Assert.Equal(403, status);
        Assert.Contains("lacks the scope 'assets:read'", body);
        (status, body) = await publisher.GetAsync("openapi/v1.json");
        Assert.Equal(403, status);
        Assert.Contains("lacks the scope 'operations'", body);

        var reader = await ACallerAsync(key =>
        {
            key.Scopes[0] = "assets:read";
            key.Campaigns.Add("two");
        });
        Assert.Equal(404, (await reader.GetAsync($"v1/assets/{asset}")).Status); // another campaign's
        Assert.Equal(403, (await reader.PostAsync("two", CampaignsHost.AnEvent("e-2"))).Status);
        Assert.Equal(403, (await reader.GetAsync("v1/campaigns/one")).Status);
        Assert.Equal(200, (await reader.GetAsync("v1/campaigns/two")).Status);
        var listed = (await reader.GetAsync("v1/campaigns")).Body;
        Assert.Contains("\"two\"", listed);
        Assert.DoesNotContain("\"one\"", listed);
    }

    [Fact]
    public async Task What_is_wrong_with_a_key_is_said_and_an_unknown_id_is_told_as_a_wrong_secret()
    {
        var caller = await ACallerAsync();
        var good = caller.Credential;
        async Task<string> RefusalAsync(string credential)
        {
            caller.Credential = credential;
            var (status, body) = await caller.PostAsync("one", CampaignsHost.AnEvent("e-1"));
            Assert.Equal(401, status);
            return System.Text.Json.JsonDocument.Parse(body).RootElement.GetProperty("detail").GetString()!;
        }

        var wrong = await RefusalAsync(good[..^1] + (good[^1] == '0' ? '1' : '0'));
        Assert.Equal("There is no such API key, or its secret is another.", wrong);
        Assert.Equal(wrong, await RefusalAsync($"imp_0000000000000000_{new string('0', 48)}"));
        Assert.Contains("cut or changed", await RefusalAsync("imp_abc"));
        Assert.Contains("An API key begins with 'imp_'", await RefusalAsync(new string('0', 64)));

        await Keys.RevokeKeyAsync(new RevokeKeyRequest { KeyId = caller.KeyId });
        Assert.StartsWith($"API key {caller.KeyId} was revoked at ", await RefusalAsync(good));
    }

    [Fact]
    public async Task A_rotated_key_is_taken_under_both_secrets_for_its_grace()
    {
        var caller = await ACallerAsync(key => key.RequireSignature = true);
        var fresh = await Keys.RotateKeyAsync(new RotateKeyRequest { KeyId = caller.KeyId, GraceSeconds = 600 });
        var rotated = new Caller(host, fresh);

        Assert.Equal(202, (await caller.PostSignedAsync("one", CampaignsHost.AnEvent("e-1"), "m-1")).Status);
        Assert.Equal(202, (await rotated.PostSignedAsync("one", CampaignsHost.AnEvent("e-2"), "m-2")).Status);
        Assert.Equal(fresh.Key.Id, caller.KeyId);
        Assert.NotEqual(fresh.Credential, caller.Credential);

        var last = new Caller(host, await Keys.RotateKeyAsync(new RotateKeyRequest { KeyId = caller.KeyId }));
        Assert.Equal(401, (await caller.PostSignedAsync("one", CampaignsHost.AnEvent("e-3"), "m-3")).Status);
        Assert.Equal(401, (await rotated.PostSignedAsync("one", CampaignsHost.AnEvent("e-3"), "m-3")).Status);
        Assert.Equal(202, (await last.PostSignedAsync("one", CampaignsHost.AnEvent("e-3"), "m-3")).Status);
    }

    [Fact]
    public async Task A_key_made_or_revoked_by_one_replica_is_known_to_the_other()
    {
        await using var other = await CampaignsHost.StartAsync(
            store!, new Workshop(services => services.AddSingleton(new LeaseTerms { Duration = TimeSpan.FromSeconds(2) })));
        var made = await ACallerAsync();
        var elsewhere = new Caller(other, await Keys.RotateKeyAsync(new RotateKeyRequest { KeyId = made.KeyId }));

        Assert.Equal(202, (await elsewhere.PostAsync("one", CampaignsHost.AnEvent("e-1"))).Status);
        await Keys.RevokeKeyAsync(new RevokeKeyRequest { KeyId = made.KeyId });
        await Eventually.BecomesAsync(401, async () => (await elsewhere.PostAsync("one", CampaignsHost.AnEvent("e-1"))).Status);
    }

    [Fact]
    public async Task A_signed_request_is_taken_in_time_and_as_it_was_signed()
    {
        var caller = await ACallerAsync(key => key.RequireSignature = true);
        var one = CampaignsHost.AnEvent("e-1");

        Assert.Contains("takes signed requests only", await RefusedAsync(401, caller.PostAsync("one", one)));
        Assert.Contains("No signature in webhook-signature fits",
            await RefusedAsync(401, caller.PostSignedAsync("one", one, "m-1", signedBody: CampaignsHost.AnEvent("e-2"))));
        Assert.Contains("s old, and 300 s are taken",
            await RefusedAsync(401, caller.PostSignedAsync("one", one, "m-1", TimeSpan.FromMinutes(6))));
        Assert.Contains("s ahead, and 300 s are taken",
            await RefusedAsync(401, caller.PostSignedAsync("one", one, "m-1", TimeSpan.FromMinutes(-6))));
        Assert.Contains("webhook-timestamp must be", await RefusedAsync(401, caller.PostAsync("one", one, headers =>
            headers.Add("webhook-id", "m-1"))));
        Assert.Equal(202, (await caller.PostSignedAsync("one", one, "m-1", TimeSpan.FromMinutes(4))).Status);
    }

    [Fact]
    public async Task A_replayed_request_answers_as_before_and_one_with_another_body_or_campaign_is_a_conflict()
    {
        var caller = await ACallerAsync();
        var one = CampaignsHost.AnEvent("e-1");
        var first = await caller.PostSignedAsync("one", one, "m-1");
        var again = await caller.PostSignedAsync("one", one, "m-1");

        Assert.Equal((202, 202), (first.Status, again.Status));
        Assert.Equal(AssetOf(first.Body), AssetOf(again.Body));
        Assert.Contains("came before with another body", await RefusedAsync(409, caller.PostSignedAsync("one", CampaignsHost.AnEvent("e-2"), "m-1")));
        Assert.Contains("for another campaign", await RefusedAsync(409, caller.PostSignedAsync("two", one, "m-1")));
        Assert.Equal(202, (await (await ACallerAsync()).PostSignedAsync("one", CampaignsHost.AnEvent("e-2"), "m-1")).Status);
    }

    [Fact]
    public async Task The_installations_token_signs_nothing()
    {
        var operatorCall = new Caller(host, await Keys.CreateKeyAsync(AKey())) { Credential = host.Get<InstallationToken>().Value };

        Assert.Contains("has no signing secret", await RefusedAsync(401, operatorCall.PostSignedAsync("one", CampaignsHost.AnEvent("e-1"), "m-1")));
        Assert.Equal(202, (await operatorCall.PostAsync("one", CampaignsHost.AnEvent("e-1"))).Status);
    }

    [Theory]
    [InlineData("", "events:write", "name: ")]
    [InlineData("shop", "events:read", "scopes: Send one or more of events:write")]
    [InlineData("shop", "operations", "campaigns: The scope 'operations' reaches everything")]
    public async Task A_key_that_cannot_be_is_refused_by_field(string name, string scope, string why)
    {
        var refused = await Assert.ThrowsAsync<RpcException>(async () => await Keys.CreateKeyAsync(
            new CreateKeyRequest { Name = name, Scopes = { scope }, Campaigns = { "one" } }));

        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.StartsWith(why, refused.Status.Detail);
    }

    [Fact]
    public async Task No_secret_is_in_the_database_or_the_log()
    {
        var made = await Keys.CreateKeyAsync(AKey());
        var caller = new Caller(host, made);
        await caller.PostSignedAsync("one", CampaignsHost.AnEvent("e-1"), "m-1", TimeSpan.FromHours(1));
        caller.Credential += "0";
        await caller.PostAsync("one", CampaignsHost.AnEvent("e-1"));
        var wrong = made.Credential[..^1] + (made.Credential[^1] == '0' ? '1' : '0');
        caller.Credential = wrong;
        for (var attempt = 0; attempt < 30; attempt++)
        {
            await caller.PostAsync("one", CampaignsHost.AnEvent("e-1"));
        }

        var kept = await host.Get<ServiceDatabase<CampaignsService>>().Collection<BsonDocument>("apiKeys").Find(_ => true).ToListAsync();
        var told = string.Join('\n', host.Logged) + kept.ToJson();
        Assert.Contains(made.Key.Id, told);
        Assert.DoesNotContain(made.Credential.Split('_')[2], told);
        Assert.DoesNotContain(wrong.Split('_')[2], told);
        Assert.DoesNotContain(made.SigningSecret["whsec_".Length..], told);
        Assert.DoesNotContain(
            kept, each => each.ToBson().AsSpan().IndexOf(Convert.FromBase64String(made.SigningSecret["whsec_".Length..])) >= 0);
        Assert.InRange(host.Logged.Count(line => line.Contains("Refused a call", StringComparison.Ordinal)), 1, 10);
    }

    public async ValueTask InitializeAsync()
    {
        store = await AStore.OpenAsync();
        host = await CampaignsHost.StartAsync(
            store, new Workshop(services => services.AddSingleton(new LeaseTerms { Duration = TimeSpan.FromSeconds(2) })));
        await host.PublishAsync("one");
        await host.PublishAsync("two");
    }

    public async ValueTask DisposeAsync()
    {
        await host.DisposeAsync();
        await store!.DisposeAsync();
    }

    private static CreateKeyRequest AKey() => new() { Name = "the shop", Scopes = { "events:write" } };

    private static string AssetOf(string body) =>
        System.Text.Json.JsonDocument.Parse(body).RootElement.GetProperty("assets")[0].GetProperty("assetId").GetString()!;

    private static async Task<string> RefusedAsync(int status, Task<(int Status, string Body)> call)
    {
        var (seen, body) = await call;
        Assert.True(status == seen, $"{seen}: {body}");
        return body;
    }

    private async Task<Caller> ACallerAsync(Action<CreateKeyRequest>? change = null)
    {
        var request = AKey();
        change?.Invoke(request);
        return new Caller(host, await Keys.CreateKeyAsync(request));
    }
}
