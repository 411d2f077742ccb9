using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Grpc.Core;
using MassTransit;
using MongoDB.Bson;
using Platform.Events;
using Platform.Grpc.Moderation;

namespace Platform.CrashPoints.Tests;

/// <summary>How an asset of a scenario ends.</summary>
internal enum Ending
{
    Minted,
    Rejected,
}

/// <summary>Events of one campaign: a publisher sends them until they are accepted, a person approves what waits.</summary>
internal sealed class AssetScenario(string policy, Ending ending, int count = 1, bool overBus = false, string? campaign = null)
    : Scenario
{
    private readonly Facts facts = new();
    private bool accepted;

    public string Campaign { get; } = campaign ?? Situations.AName();

    public Ending Ending => ending;

    public IReadOnlyList<string> Recipients { get; } = [.. Enumerable.Range(0, count).Select(_ => Situations.ARecipient())];

    public override async Task PrepareAsync(World world)
    {
        if (policy == Situations.Careful)
        {
            await Situations.PublishPolicyAsync(world);
        }

        await Situations.PublishCampaignAsync(world, Campaign, policy);
    }

    public override async Task DriveAsync(World world)
    {
        try
        {
            if (!accepted)
            {
                await (overBus ? PublishAsync(world) : PostAsync(world));
            }

            if (policy == Situations.Careful)
            {
                await ApproveAsync(world);
            }
        }
        catch (Exception problem) when (problem is HttpRequestException or RpcException or OperationCanceledException
            or ObjectDisposedException or ProcessDiedException or TimeoutException)
        {
            // Whoever is not answered tries again.
        }
    }

    public override async Task<string?> LackAsync(World world)
    {
        foreach (var recipient in Recipients)
        {
            var lack = await facts.LackAsync(world, recipient, ending);
            if (lack is not null)
            {
                return lack;
            }
        }

        return null;
    }

    private async Task PostAsync(World world)
    {
        using var content = new StringContent(
            $"[{string.Join(',', Recipients.Select(recipient => AnEvent(recipient).ToJsonString()))}]");
        content.Headers.ContentType = new MediaTypeHeaderValue("application/cloudevents-batch+json");
        using var answer = await world.Process.Http.PostAsync(
            new Uri($"v1/campaigns/{Campaign}/events", UriKind.Relative), content);
        accepted = answer.StatusCode == HttpStatusCode.Accepted;
        if ((int)answer.StatusCode is >= 400 and < 500)
        {
            throw new InvalidOperationException($"Refused: {await answer.Content.ReadAsStringAsync()}");
        }
    }

    /// <summary>The bus answers nobody: sent again while nothing is heard of the asset.</summary>
    private async Task PublishAsync(World world)
    {
        var isKnown = await Facts.AdmissionOfAsync(world, Recipients[0]) is not null;
        if (isKnown || (sent && world.Clock.QuietFor < TimeSpan.FromMilliseconds(300)))
        {
            accepted = isKnown;
            return;
        }

        await world.Process.Get<IBus>().Publish(new PersonalizationRequested
        {
            Campaign = Campaign,
            Source = "/crash-points",
            EventId = Recipients[0],
            Recipient = Recipients[0],
            Subject = Recipients[0],
            Facts = new Dictionary<string, System.Text.Json.JsonElement>
            {
                ["motif"] = System.Text.Json.JsonSerializer.SerializeToElement("tiles"),
            },
        });
        sent = true;
    }

    private bool sent;

    private async Task ApproveAsync(World world)
    {
        foreach (var recipient in Recipients)
        {
            if (await Facts.AdmissionOfAsync(world, recipient) is { } admission
                && await Facts.IsWaitingAsync(world, Facts.IdOf(admission)))
            {
                await new Grpc.Moderation.Moderation.ModerationClient(world.Process.Grpc)
                    .ApproveCaseAsync(new ApproveCaseRequest { AssetId = $"{Facts.IdOf(admission)}", Note = "seen" });
            }
        }
    }

    private static JsonObject AnEvent(string recipient) => new()
    {
        ["specversion"] = "1.0",
        ["type"] = "imprimatur.personalization.requested.v1",
        ["source"] = "/crash-points",
        ["id"] = recipient,
        ["time"] = "2026-05-04T12:00:00Z",
        ["datacontenttype"] = "application/json",
        ["data"] = new JsonObject
        {
            ["recipient"] = recipient,
            ["subject"] = recipient,
            ["facts"] = new JsonObject { ["motif"] = "tiles" },
        },
    };
}
