using System.CommandLine;
using Google.Protobuf.WellKnownTypes;
using Platform.Grpc.Webhooks;
using Endpoint = Platform.Grpc.Webhooks.Endpoint;
using static Platform.Embedded.RunningPlatformCommand;
using Range = Platform.Grpc.Webhooks.Range;

namespace Platform.Embedded;

/// <summary>Endpoints that are told what became of assets, and how the telling went.</summary>
internal static class WebhooksCommand
{
    public static Command Create() => new("webhooks", "Tell campaign systems what became of their events")
    {
        CreateAdd(), CreateList(), CreateRemove(), CreateDeliveries(), CreateReplay(),
    };

    private static Command CreateAdd()
    {
        var url = new Argument<string>("url") { Description = "https; or http to localhost" };
        var campaigns = new Option<string[]>("--campaign") { Description = "Only this campaign; once for each" };
        var statuses = new Option<string[]>("--status")
        {
            Description = "Only minted, rejected, failed, waiting or stalled; once for each",
        };
        var command = new Command("add", "Add an endpoint; its secret is shown once")
        {
            url, campaigns, statuses, CommonOptions.Data, CommonOptions.Json,
        };
        command.SetAction((result, cancellation) => AskAsync(
            result,
            async api =>
            {
                var made = await api.Webhooks.AddEndpointAsync(
                    new AddEndpointRequest
                    {
                        Url = result.GetValue(url)!,
                        Campaigns = { result.GetValue(campaigns) ?? [] },
                        Statuses = { result.GetValue(statuses) ?? [] },
                    },
                    cancellationToken: cancellation);
                await Console.Out.WriteLineAsync(result.GetValue(CommonOptions.Json)
                    ? ToJson(new { Endpoint = Describe(made.Endpoint), made.Secret })
                    : $"Endpoint {made.Endpoint.Id}: {Plain.Of(made.Endpoint.Url)}\nShown now and never again:\n  secret {made.Secret}");
            },
            cancellation));
        return command;
    }

    private static Command CreateList()
    {
        var command = new Command("list", "List the endpoints") { CommonOptions.Data, CommonOptions.Json };
        command.SetAction((result, cancellation) => AskAsync(
            result,
            async api =>
            {
                var all = (await api.Webhooks.ListEndpointsAsync(
                    new ListEndpointsRequest(), cancellationToken: cancellation)).Endpoints;
                await Console.Out.WriteLineAsync(
                    result.GetValue(CommonOptions.Json) ? ToJson(new { Endpoints = all.Select(Describe) })
                    : all.Count == 0 ? "Nobody is told; add an endpoint with: webhooks add https://…"
                    : ToText(
                        ["id", "url", "campaigns", "statuses", "due", "dead", "state"],
                        all.Select(each => (IReadOnlyList<string>)
                        [
                            each.Id, each.Url, OrAll(each.Campaigns), OrAll(each.Statuses), $"{each.Due}", $"{each.Dead}",
                            each.DisabledAt is null ? "active" : "gone (410)",
                        ])));
            },
            cancellation));
        return command;
    }

    private static Command CreateRemove()
    {
        var id = new Argument<string>("id") { Description = "The endpoint's id" };
        var command = new Command("remove", "Remove an endpoint and its deliveries") { id, CommonOptions.Data };
        command.SetAction((result, cancellation) => AskAsync(
            result,
            async api =>
            {
                await api.Webhooks.RemoveEndpointAsync(
                    new RemoveEndpointRequest { EndpointId = result.GetValue(id)! }, cancellationToken: cancellation);
                await Console.Out.WriteLineAsync($"Removed {Plain.Of(result.GetValue(id)!)}.");
            },
            cancellation));
        return command;
    }

    private static Command CreateDeliveries()
    {
        var endpoint = Endpoint();
        var asset = new Option<string>("--asset") { Description = "Only this asset's" };
        var state = new Option<string>("--state") { Description = "Only due, delivered or dead ones" };
        var command = new Command("deliveries", "List deliveries, newest first")
        {
            endpoint, asset, state, CommonOptions.Data, CommonOptions.Json,
        };
        command.SetAction((result, cancellation) => AskAsync(
            result,
            async api =>
            {
                var all = (await api.Webhooks.ListDeliveriesAsync(
                    new ListDeliveriesRequest
                    {
                        EndpointId = result.GetValue(endpoint) ?? "",
                        AssetId = result.GetValue(asset) ?? "",
                        State = result.GetValue(state) ?? "",
                    },
                    cancellationToken: cancellation)).Deliveries;
                await Console.Out.WriteLineAsync(
                    result.GetValue(CommonOptions.Json) ? ToJson(new { Deliveries = all.Select(Describe) })
                    : all.Count == 0 ? "No deliveries."
                    : ToText(
                        ["asset", "status", "endpoint", "state", "attempts", "last answer", "created"],
                        all.Select(each => (IReadOnlyList<string>)
                        [
                            each.AssetId, each.Status, each.EndpointId, each.State, $"{each.Attempts}", each.LastAnswer,
                            At(each.CreatedAt),
                        ])));
            },
            cancellation));
        return command;
    }

    private static Command CreateReplay()
    {
        var endpoint = Endpoint();
        var asset = new Option<string>("--asset") { Description = "What is known of this asset" };
        var from = new Option<DateTimeOffset?>("--from") { Description = "What came up from this time on, such as 2026-05-04T12:00:00Z" };
        var until = new Option<DateTimeOffset?>("--until") { Description = "What came up before this time; now where none is given" };
        var dead = new Option<bool>("--dead") { Description = "Everything that was given up" };
        var command = new Command("replay", "Send again, under the same webhook-id")
        {
            endpoint, asset, from, until, dead, CommonOptions.Data, CommonOptions.Json,
        };
        command.SetAction((result, cancellation) => AskAsync(
            result,
            async api =>
            {
                var request = new ReplayRequest { EndpointId = result.GetValue(endpoint) ?? "" };
                switch (result.GetValue(asset), result.GetValue(from), result.GetValue(dead))
                {
                    case ({ } id, null, false):
                        request.AssetId = id;
                        break;
                    case (null, { } start, false):
                        request.Range = new Range
                        {
                            From = start.ToTimestamp(),
                            Until = (result.GetValue(until) ?? TimeProvider.System.GetUtcNow()).ToTimestamp(),
                        };
                        break;
                    case (null, null, true):
                        request.Dead = true;
                        break;
                    default:
                        throw new UserErrorException("Say what to send again: one of --asset, --from and --dead.");
                }

                var replayed = (await api.Webhooks.ReplayAsync(request, cancellationToken: cancellation)).Deliveries;
                await Console.Out.WriteLineAsync(
                    result.GetValue(CommonOptions.Json) ? ToJson(new { Deliveries = replayed }) : $"{replayed} deliveries are due again.");
            },
            cancellation));
        return command;
    }

    private static Option<string> Endpoint() => new("--endpoint") { Description = "Only this endpoint's, by id" };

    private static object Describe(Endpoint each) => new
    {
        each.Id,
        each.Url,
        each.Campaigns,
        each.Statuses,
        CreatedAt = Time(each.CreatedAt),
        DisabledAt = Time(each.DisabledAt),
        each.Due,
        each.Dead,
    };

    private static object Describe(Delivery each) => new
    {
        each.Id,
        each.EndpointId,
        each.AssetId,
        each.Campaign,
        each.Status,
        each.State,
        each.Attempts,
        each.LastAnswer,
        each.WebhookId,
        CreatedAt = Time(each.CreatedAt),
        NextAt = Time(each.NextAt),
        DeliveredAt = Time(each.DeliveredAt),
    };
}
