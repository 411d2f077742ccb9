using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using MassTransit;
using Platform.Events;

namespace Platform.Contracts.Tests;

/// <summary>Writes one full and one lean message of each event, in the envelope that the bus itself makes of it.</summary>
internal static class WireFixtures
{
    public static async Task WriteAsync(string folder)
    {
        foreach (var type in Events())
        {
            await File.WriteAllTextAsync(Path.Combine(folder, $"{type.Name}.json"), await EnvelopeAsync(type, lean: false));
            await File.WriteAllTextAsync(Path.Combine(folder, $"{type.Name}.lean.json"), await EnvelopeAsync(type, lean: true));
        }
    }

    /// <summary>Records that are no part of another.</summary>
    private static IEnumerable<Type> Events()
    {
        var all = typeof(TokenMinted).Assembly.GetExportedTypes();
        var parts = all.SelectMany(type => type.GetProperties()).Select(property => Leaf(property.PropertyType)).ToHashSet();
        return all.Where(type => !parts.Contains(type));
    }

    private static async Task<string> EnvelopeAsync(Type type, bool lean)
    {
        var message = JsonSerializer.Deserialize(Sample(type, type.Name, lean)!.ToJsonString(), type, JsonSerializerOptions.Web)!;
        var written = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var bus = Bus.Factory.CreateUsingInMemory(factory => factory.ReceiveEndpoint("fixtures", endpoint =>
        {
            endpoint.ConfigureConsumeTopology = false;
            endpoint.UseExecute(_ => { });
            endpoint.Handler<JsonObject>(_ => Task.CompletedTask);
            endpoint.ConfigureReceive(receive => receive.UseExecute(context =>
                written.TrySetResult(System.Text.Encoding.UTF8.GetString(context.GetBody()))));
        }));
        await bus.StartAsync();
        var endpoint = await bus.GetSendEndpoint(new Uri("queue:fixtures"));
        await endpoint.Send(message, type);
        var envelope = JsonNode.Parse(await written.Task.WaitAsync(TimeSpan.FromSeconds(30)))!.AsObject();
        await bus.StopAsync();

        // Who wrote it and when is no part of what was agreed.
        envelope["host"] = new JsonObject { ["machineName"] = "released", ["processName"] = "imprimatur", ["processId"] = 1 };
        envelope["messageId"] = $"{Guid.Empty}";
        envelope["conversationId"] = $"{Guid.Empty}";
        envelope["sentTime"] = "2026-11-23T12:00:00Z";
        return envelope.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n";
    }

    private static JsonNode? Sample(Type type, string name, bool lean)
    {
        if (type == typeof(string) || type == typeof(JsonElement) || type == typeof(Uri))
        {
            return $"{name} é 0x0123";
        }

        if (type == typeof(Guid))
        {
            return "01a20ad0-94c5-7000-8000-0123456789ab";
        }

        if (type == typeof(DateTimeOffset))
        {
            return "2026-11-23T12:00:00.123+02:00";
        }

        if (type == typeof(int) || type == typeof(long))
        {
            return type == typeof(int) ? int.MaxValue : 9_007_199_254_740_993;
        }

        if (Nullable.GetUnderlyingType(type) is { } inner)
        {
            return Sample(inner, name, lean);
        }

        if (type.IsGenericType)
        {
            var sample = Sample(Leaf(type), name, lean);
            return type.Name.StartsWith("IReadOnlyDictionary", StringComparison.Ordinal)
                ? new JsonObject { ["text"] = sample, ["number"] = 1.5, ["truth"] = true }
                : lean ? new JsonArray() : new JsonArray(sample, Sample(Leaf(type), name, lean: true));
        }

        return new JsonObject(type.GetProperties()
            .Where(property => !lean || property.GetCustomAttribute<RequiredMemberAttribute>() is not null)
            .Select(property => KeyValuePair.Create(
                JsonNamingPolicy.CamelCase.ConvertName(property.Name), Sample(property.PropertyType, property.Name, lean))));
    }

    private static Type Leaf(Type type) => type.IsGenericType ? Leaf(type.GetGenericArguments()[^1]) : type;
}
