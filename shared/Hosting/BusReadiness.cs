using MassTransit;

namespace Platform.Hosting;

/// <summary>Tells when every endpoint of the bus listens.</summary>
/// <remarks>An in-memory exchange that nothing is bound to yet drops what is published to it, and says nothing.</remarks>
internal sealed class BusReadiness : IBusObserver
{
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task WaitAsync(CancellationToken cancellation) => ready.Task.WaitAsync(cancellation);

    public async Task PostStart(IBus bus, Task<BusReady> busReady)
    {
        await busReady;
        ready.TrySetResult();
    }

    public void PostCreate(IBus bus)
    {
    }

    public void CreateFaulted(Exception exception)
    {
    }

    public Task PreStart(IBus bus) => Task.CompletedTask;

    public Task StartFaulted(IBus bus, Exception exception) => Task.CompletedTask;

    public Task PreStop(IBus bus) => Task.CompletedTask;

    public Task PostStop(IBus bus) => Task.CompletedTask;

    public Task StopFaulted(IBus bus, Exception exception) => Task.CompletedTask;
}
