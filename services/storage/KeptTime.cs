namespace Platform.Storage;

internal static class KeptTime
{
    extension(DateTimeOffset time)
    {
        /// <summary>As the database keeps it, so that the first announcement says what every later one will.</summary>
        public DateTimeOffset WholeMilliseconds => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMillisecond));
    }
}
