using System.Reflection;
using MassTransit;
using Platform.Hosting;

namespace Platform.Architecture.Tests;

/// <summary>What holds for every service alike.</summary>
public sealed class ServiceTests
{
    private static readonly IPlatformService[] All =
    [
        new Campaigns.CampaignsService(),
        new Generation.GenerationService(),
        new Moderation.ModerationService(),
        new Storage.StorageService(),
        new Minting.MintingService(),
        new RoyaltyIndexer.RoyaltyIndexerService(),
    ];

    public static TheoryData<string> Names => [.. All.Select(service => service.Name)];

    [Fact]
    public void Each_folder_of_services_is_a_service_here() =>
        Assert.Equal(
            All.Select(service => service.Name).Order(),
            Directory.GetDirectories(Path.Combine(Repository.Root, "services"))
                .Where(folder => Directory.EnumerateFiles(folder, "*.csproj").Any())
                .Select(folder => Path.GetFileName(folder)!).Order());

    [Theory]
    [MemberData(nameof(Names))]
    public void References_only_contracts_and_shared_code(string name)
    {
        string[] services = [.. All.Where(service => service.Name != name).Select(service => service.GetType().Assembly.GetName().Name!)];

        var referenced = AssemblyOf(name).GetReferencedAssemblies().Select(assembly => assembly.Name);

        Assert.Empty(referenced.Intersect(services));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Shows_its_module_and_nothing_else(string name) =>
        Assert.Equal(
            [All.Single(service => service.Name == name).GetType()],
            AssemblyOf(name).GetExportedTypes().Where(type => type.Name != "Program"));

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_consumer_has_an_endpoint_of_its_own_under_the_services_name(string name)
    {
        var consumers = AssemblyOf(name).GetTypes().Where(type => type.IsAssignableTo(typeof(IConsumer)) && !type.IsAbstract).ToList();
        var endpoints = consumers.Select(consumer => EndpointOf(consumer)).ToList();

        Assert.All(endpoints, endpoint => Assert.StartsWith($"{name}.", endpoint, StringComparison.Ordinal));
        Assert.Equal(endpoints.Count, endpoints.Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void State_knows_neither_bus_nor_database(string name)
    {
        var records = AssemblyOf(name).GetTypes().Where(type => type.GetMethod("<Clone>$") is not null);

        var foreign = records
            .SelectMany(record => record.GetProperties().Select(property => (record, type: property.PropertyType)))
            .Where(each => each.type.FullName is { } full
                && (full.StartsWith("MassTransit.", StringComparison.Ordinal) || full.StartsWith("MongoDB.", StringComparison.Ordinal)))
            .Select(each => $"{each.record.Name}: {each.type}");

        Assert.Empty(foreign);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Says_in_its_readme_what_it_hears_does_says_keeps_and_answers(string name)
    {
        var readme = File.ReadAllText(Path.Combine(Repository.Root, "services", name, "README.md"));

        Assert.All(["hears", "does", "says", "keeps", "answers"], word => Assert.Contains(word, readme, StringComparison.OrdinalIgnoreCase));
    }

    private static Assembly AssemblyOf(string name) => All.Single(service => service.Name == name).GetType().Assembly;

    private static string EndpointOf(Type consumer)
    {
        var definition = consumer.Assembly.GetTypes().Single(type =>
            type.BaseType is { IsGenericType: true } parent
            && parent.GetGenericTypeDefinition() == typeof(ConsumerDefinition<>)
            && parent.GetGenericArguments()[0] == consumer);
        return ((IConsumerDefinition)Activator.CreateInstance(definition)!).GetEndpointName(DefaultEndpointNameFormatter.Instance);
    }
}
