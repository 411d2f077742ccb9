namespace Platform.Hosting;

/// <summary>Marks an exception as an outage outside: its message is delivered again, later and without end.</summary>
/// <remarks>Nothing is wrong with the message. Whatever is not an outage is parked with its reason instead.</remarks>
public interface IOutage;
