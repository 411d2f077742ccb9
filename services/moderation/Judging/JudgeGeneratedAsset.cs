using System.Diagnostics;
using MassTransit;
using Platform.Content;
using Platform.Events;

namespace Platform.Moderation;

/// <summary>Decides whether a generated asset may go on, must wait for a person, or is refused.</summary>
/// <remarks>
/// Judged once: a repeated delivery has the verdict announced again, an older iteration is ignored.
/// </remarks>
internal sealed partial class JudgeGeneratedAsset(
    Cases cases,
    PublishedPolicies policies,
    AssetInspector inspector,
    TimeProvider clock,
    ILogger<JudgeGeneratedAsset> logger) : IConsumer<GenerationCompleted>
{
    public async Task Consume(ConsumeContext<GenerationCompleted> context)
    {
        var generated = context.Message;
        var cancellation = context.CancellationToken;
        var known = await cases.FindAsync(generated.AssetId, cancellation);
        var isNew = known is null || known.Asset.Iteration < generated.Iteration;
        var policy = isNew ? await policies.FindAsync(generated.Policy, cancellation) : null;
        var findings = policy is null ? [] : await inspector.InspectAsync(generated, policy, cancellation);

        var trace = Activity.Current?.Id;
        var judged = await cases.JudgeAsync(
            generated.AssetId,
            known,
            current => Case.Judge(current, generated, findings, policy, clock.GetUtcNow()) with
            {
                TraceParent = trace,
            },
            cancellation);

        if (isNew && judged is not Case.Approved)
        {
            var reasons = string.Join(", ", judged.Reasons);
            LogHeld(generated.AssetId, judged.GetType().Name, generated.Policy, reasons);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Asset {AssetId} is {State} under {Policy}: {Reasons}")]
    private partial void LogHeld(Guid assetId, string state, string policy, string reasons);

    internal sealed class Endpoint : ConsumerDefinition<JudgeGeneratedAsset>
    {
        public Endpoint()
        {
            EndpointName = "moderation.judge-generated-asset";

            // Far more than cores: what waits for the database gathers into one command.
            // The inspector bounds the work.
            ConcurrentMessageLimit = 64;
        }

        protected override void ConfigureConsumer(
            IReceiveEndpointConfigurator endpoint,
            IConsumerConfigurator<JudgeGeneratedAsset> consumer,
            IRegistrationContext context)
        {
            endpoint.PrefetchCount = 128;
            endpoint.UseMessageRetry(retry =>
            {
                retry.Exponential(
                    3, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(2));
                retry.Handle<ContentNotFoundException>();
                retry.Handle<IOException>();
            });
        }
    }
}
