using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Platform.Hosting;
using Platform.Mongo;

namespace Platform.Minting.Tests;

public sealed class MintingServiceTests
{
    [Theory]
    [InlineData("memory", true)]
    [InlineData("rabbitmq", false)]
    public async Task Runs_its_loops_under_leases_that_wait_for_nobody_only_where_it_is_alone(string bus, bool alone)
    {
        var folder = Directory.CreateTempSubdirectory("minting-service-").FullName;
        var keyFile = Path.Combine(folder, "key");
        await File.WriteAllTextAsync(keyFile, new string('1', 64), TestContext.Current.CancellationToken);
        await using var app = PlatformHost.Build(
            [],
            builder =>
            {
                builder.Logging.ClearProviders();
                builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
                {
                    ["Platform:Bus"] = bus,
                    ["Platform:Data"] = folder,
                    ["Minting:KeyFile"] = keyFile,
                });
            },
            new MintingService());

        var loops = app.Services.GetServices<IHostedService>().OfType<Leased>();

        Assert.Equal([typeof(SealBatches), typeof(SignAndSend)], loops.Select(loop => loop.GetType()));
        Assert.Equal(alone, app.Services.GetRequiredService<Leases<MintingService>>().Terms.Alone);
        Directory.Delete(folder, recursive: true);
    }
}
