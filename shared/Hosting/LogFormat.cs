using System.Text.Encodings.Web;
using Microsoft.Extensions.Logging;

namespace Platform.Hosting;

/// <summary>What a line of the log looks like.</summary>
internal static class LogFormat
{
    public static void Apply(ILoggingBuilder logging, PlatformOptions options)
    {
        switch (options.Logs)
        {
            case "json":
                logging.Configure(factory =>
                    factory.ActivityTrackingOptions = ActivityTrackingOptions.TraceId | ActivityTrackingOptions.SpanId);
                logging.AddJsonConsole(console =>
                {
                    console.IncludeScopes = true; // the trace's id is a scope
                    console.UseUtcTimestamp = true;
                    console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
                    console.JsonWriterOptions = new() { Indented = false, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
                });
                break;
            case "text":
                logging.AddSimpleConsole(console => console.SingleLine = true);
                break;
        }
    }
}
