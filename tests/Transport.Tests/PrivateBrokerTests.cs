using System.Text;
using Platform.Testing;
using RabbitMQ.Client;

namespace Platform.Transport.Tests;

public sealed class PrivateBrokerTests
{
    [Fact]
    public async Task Starts_again_in_its_folder_with_what_was_durable_after_a_stop_and_after_a_kill()
    {
        Assert.SkipUnless(PrivateBroker.IsInstalled, "no rabbitmq-server is installed");
        await using var broker = await PrivateBroker.StartAsync();
        await PublishAsync(broker.Address, "first");

        await broker.StopAsync();
        await broker.StartAgainAsync();
        await PublishAsync(broker.Address, "second");
        await broker.KillAsync();
        await broker.StartAgainAsync();

        Assert.Equal(["first", "second"], await GetAllAsync(broker.Address));
        Assert.Contains("kept", await broker.ControlAsync("list_queues", "name"), StringComparison.Ordinal);
    }

    private static async Task PublishAsync(Uri address, string text)
    {
        await using var connection = await new ConnectionFactory { Uri = address }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true));
        await channel.QueueDeclareAsync(
            "kept", true, false, false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" });
        await channel.BasicPublishAsync(
            "", "kept", true, new BasicProperties { Persistent = true }, Encoding.UTF8.GetBytes(text));
    }

    private static async Task<List<string>> GetAllAsync(Uri address)
    {
        await using var connection = await new ConnectionFactory { Uri = address }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        var all = new List<string>();
        while (await channel.BasicGetAsync("kept", autoAck: true) is { } got)
        {
            all.Add(Encoding.UTF8.GetString(got.Body.Span));
        }

        return all;
    }
}
