using System.Reflection;
using MongoDB.Bson;
using MongoDB.Bson.Serialization;
using MongoDB.Bson.Serialization.Conventions;
using MongoDB.Bson.Serialization.Serializers;
using MongoDB.Driver;

namespace Platform.Mongo;

/// <summary>How our records look as documents; set once a process, before the first collection is used.</summary>
public static class Conventions
{
    private static readonly Lazy<bool> Registered = new(Register);

    public static void Ensure() => _ = Registered.Value;

    /// <summary>Settings for one service's connection: majority and journal, so that an acknowledged write stays.</summary>
    public static MongoClientSettings Settings(string connectionString)
    {
        Ensure();
        var settings = MongoClientSettings.FromConnectionString(connectionString);
        settings.WriteConcern = new WriteConcern("majority", journal: true);
        settings.ApplicationName = "imprimatur";
        return settings;
    }

    /// <summary>Registers a closed hierarchy: an abstract record and the sealed records nested in it.</summary>
    public static void RegisterStates<TState>()
    {
        Ensure();
        if (BsonClassMap.IsClassMapRegistered(typeof(TState)))
        {
            return;
        }

        BsonClassMap.TryRegisterClassMap<TState>(map =>
        {
            map.AutoMap();
            map.SetIsRootClass(true);
        });
        foreach (var state in typeof(TState).GetNestedTypes(BindingFlags.Public | BindingFlags.NonPublic)
            .Where(type => type.IsSubclassOf(typeof(TState))))
        {
            BsonClassMap.LookupClassMap(state);
        }
    }

    private static bool Register()
    {
        BsonSerializer.TryRegisterSerializer(new GuidSerializer(GuidRepresentation.Standard));
        BsonSerializer.TryRegisterSerializer(new DateTimeOffsetSerializer(BsonType.DateTime));
        ConventionRegistry.Register(
            "imprimatur",
            new ConventionPack
            {
                new CamelCaseElementNameConvention(),
                new EnumRepresentationConvention(BsonType.String),
                new IgnoreIfNullConvention(true),
                new IgnoreExtraElementsConvention(true),
            },
            _ => true);
        return true;
    }
}
