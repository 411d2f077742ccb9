namespace Platform.Hosting;

/// <summary>The parked messages of every service in this process.</summary>
internal sealed class ParkingLots(IReadOnlyList<ParkingLot> lots)
{
    public IReadOnlyList<ParkingLot> All => lots;

    /// <summary>An endpoint's name begins with its service's.</summary>
    public ParkingLot Of(string endpoint) =>
        lots.FirstOrDefault(lot => endpoint.StartsWith($"{lot.Service}.", StringComparison.Ordinal)) ?? lots[0];
}
