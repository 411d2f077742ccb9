using MassTransit;

namespace Platform.Hosting;

/// <summary>The bus by which strangers' events come in: on RabbitMQ a connection of its own.</summary>
/// <remarks>It publishes nothing, so a broker that blocks publishers goes on delivering to it.</remarks>
internal interface IIngestBus : IBus;

/// <summary>The third bus of a process that takes events.</summary>
internal sealed class IngestBusInstance(IBusControl bus) : BusInstance<IIngestBus>(bus), IIngestBus;
