using Google.Protobuf;
using Platform.Grpc.Moderation;

namespace Platform.Moderation;

/// <summary>
/// Publishes the policies every installation has: brand-safe, human-review and decode-only.
/// </summary>
/// <remarks>
/// At every start: rules that are published are found again, changed ones become the next version.
/// </remarks>
internal sealed class PublishBuiltInPolicies(PublishedPolicies policies) : IHostedService
{
    public static IReadOnlyList<Policy> BuiltIn()
    {
        using var stream = typeof(PublishBuiltInPolicies).Assembly
            .GetManifestResourceStream("built-in-policies.json")
            ?? throw new InvalidOperationException("The built-in policies are not in the assembly.");
        using var text = new StreamReader(stream);
        return JsonParser.Default.Parse<ListPoliciesResponse>(text.ReadToEnd()).Policies
            .Select(published => published.Policy)
            .ToList();
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var policy in BuiltIn())
        {
            await policies.PublishAsync(policy, cancellationToken);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
