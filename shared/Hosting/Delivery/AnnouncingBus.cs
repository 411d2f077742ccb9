using MassTransit;

namespace Platform.Hosting;

/// <summary>The bus that announcements leave by: on RabbitMQ a connection of its own.</summary>
/// <remarks>
/// A broker that runs out of memory or disk stops reading from connections that publish. What ingest and the deciders
/// say must not stop the acknowledgements of what is consumed.
/// </remarks>
internal sealed record AnnouncingBus(IBus Bus);

/// <summary>Names the second bus of a process to MassTransit.</summary>
internal interface IAnnouncingBus : IBus;

/// <summary>The second bus of a process.</summary>
internal sealed class AnnouncingBusInstance(IBusControl bus) : BusInstance<IAnnouncingBus>(bus), IAnnouncingBus;
