using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using Platform.Events;

namespace Platform.Contracts.Tests;

/// <summary>The wire as it was last agreed: <c>events.lock</c> against what reflection finds.</summary>
public sealed class EventsLockTests
{
    private static readonly string Lock = Path.Combine(Repository.Root, "contracts", "events", "events.lock");

    [Fact]
    public void The_lock_is_what_the_records_are()
    {
        var now = Describe();
        if (Environment.GetEnvironmentVariable("PLATFORM_UPDATE_LOCK") == "1")
        {
            File.WriteAllText(Lock, now);
        }

        var agreed = File.ReadAllText(Lock);
        Assert.True(agreed == now, Explain(agreed, now));
    }

    [Fact]
    public void Nothing_that_was_agreed_is_taken_back()
    {
        var now = Describe().Split('\n').ToHashSet();

        var gone = File.ReadAllText(Lock).Split('\n').Where(line => line.Length > 0 && !now.Contains(line)).ToList();

        Assert.True(gone.Count == 0, "Breaking, add a new event instead:\n" + string.Join('\n', gone));
    }

    [Fact]
    public void Events_are_sealed_records_of_wire_types()
    {
        Type[] wire =
        [
            typeof(Guid), typeof(string), typeof(long), typeof(int), typeof(Uri), typeof(DateTimeOffset), typeof(System.Text.Json.JsonElement),
        ];

        foreach (var type in Types())
        {
            Assert.True(type.IsSealed, $"{type.Name} is not sealed");
            foreach (var property in Properties(type))
            {
                var leaf = Leaf(property.PropertyType);
                Assert.True(
                    wire.Contains(leaf) || leaf.Assembly == type.Assembly, $"{type.Name}.{property.Name} is a {leaf}");
            }
        }
    }

    private static string Describe()
    {
        var text = new StringBuilder();
        foreach (var type in Types())
        {
            foreach (var property in Properties(type))
            {
                var required = property.GetCustomAttribute<RequiredMemberAttribute>() is null ? "optional" : "required";
                text.Append($"urn:message:{type.Namespace}:{type.Name} {property.Name} {Name(property)} {required}\n");
            }
        }

        return text.ToString();
    }

    private static string Explain(string agreed, string now)
    {
        var before = agreed.Split('\n').ToHashSet();
        var added = now.Split('\n').Where(line => !before.Contains(line));
        return "The wire changed. Additive: update the lock (PLATFORM_UPDATE_LOCK=1). Breaking: add a new event.\n"
            + string.Join('\n', added);
    }

    private static IEnumerable<Type> Types() => typeof(TokenMinted).Assembly.GetExportedTypes().OrderBy(type => type.Name, StringComparer.Ordinal);

    private static IEnumerable<PropertyInfo> Properties(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).OrderBy(property => property.Name, StringComparer.Ordinal);

    private static string Name(PropertyInfo property)
    {
        var nullable = new NullabilityInfoContext().Create(property).ReadState == NullabilityState.Nullable ? "?" : "";
        return Name(Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) + nullable;
    }

    private static string Name(Type type) => type.IsGenericType
        ? $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(",", type.GetGenericArguments().Select(Name))}>"
        : type.Name;

    private static Type Leaf(Type type) => type.IsGenericType ? Leaf(type.GetGenericArguments()[^1]) : type;
}
