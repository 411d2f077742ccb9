using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Platform.Embedded;

/// <summary>What <c>tye.yaml</c> says: every service, what it listens on and what it is told.</summary>
internal sealed record Blueprint(IReadOnlyList<BlueprintService> Services)
{
    /// <summary>The HTTP port of the first service that a publisher meets; all ports are shifted by what the user's is off it.</summary>
    public int FirstPort => Find("campaigns").Port("http");

    /// <exception cref="UserErrorException">Not there, not YAML, or not of tye's shape.</exception>
    public static Blueprint Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new UserErrorException($"There is no {path}; it names the services to start. Name another with --tye.");
        }

        try
        {
            var file = new DeserializerBuilder()
                .WithNamingConvention(CamelCaseNamingConvention.Instance)
                .Build()
                .Deserialize<File_>(File.ReadAllText(path));
            return new Blueprint([.. file.Services.Select(each => each.Check(path))]);
        }
        catch (YamlException exception)
        {
            throw new UserErrorException(
                $"{path}, line {exception.Start.Line}, column {exception.Start.Column}: {exception.InnerException?.Message ?? exception.Message}");
        }
    }

    public BlueprintService Find(string name) => Services.FirstOrDefault(each => each.Name == name)
        ?? throw new UserErrorException($"tye.yaml names no service '{name}'.");

    // YamlDotNet fills these; a property that tye knows and we do not use is there so that no other is let through.
    private sealed class File_
    {
        public string Name { get; set; } = "";

        public List<Service> Services { get; set; } = [];
    }

    private sealed class Service
    {
        public string Name { get; set; } = "";

        public string? Project { get; set; }

        public string? Image { get; set; }

        public bool External { get; set; }

        public int Replicas { get; set; } = 1;

        public List<Binding> Bindings { get; set; } = [];

        public List<Variable> Env { get; set; } = [];

        public BlueprintService Check(string path)
        {
            var sources = (Project is null ? 0 : 1) + (Image is null ? 0 : 1) + (External ? 1 : 0);
            return Name.Length == 0 || sources != 1
                ? throw new UserErrorException(
                    $"{path}: service '{Name}' must have a name and one of project, image and external.")
                : new BlueprintService
                {
                    Name = Name,
                    Project = Project,
                    Replicas = Replicas,
                    Ports = Bindings.ToDictionary(binding => binding.Name, binding => binding.Port),
                    Environment = Env.ToDictionary(variable => variable.Name, variable => variable.Value),
                };
        }
    }

    private sealed class Binding
    {
        public string Name { get; set; } = "";

        public int Port { get; set; }

        public int? ContainerPort { get; set; }

        public string? Protocol { get; set; }
    }

    private sealed class Variable
    {
        public string Name { get; set; } = "";

        public string Value { get; set; } = "";
    }
}

/// <summary>One service of the blueprint.</summary>
internal sealed record BlueprintService
{
    public required string Name { get; init; }

    /// <summary>Path of the project, from the folder of <c>tye.yaml</c>; null for what is not ours.</summary>
    public required string? Project { get; init; }

    public required int Replicas { get; init; }

    public required IReadOnlyDictionary<string, int> Ports { get; init; }

    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    public int Port(string binding) => Ports.TryGetValue(binding, out var port)
        ? port
        : throw new UserErrorException($"tye.yaml: service '{Name}' has no binding '{binding}'.");
}
