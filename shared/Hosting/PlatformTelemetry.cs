using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Platform.Hosting;

/// <summary>Every name under which the platform is seen from outside, in one place.</summary>
public static class PlatformTelemetry
{
    public const string Name = "Imprimatur";

    public static readonly ActivitySource Source = new(Name);

    private static readonly Meter Meter = new(Name);

    /// <summary>Assets that reached a stage; tag <c>stage</c>.</summary>
    public static readonly Counter<long> Stage = Meter.CreateCounter<long>("imprimatur.assets", "{asset}");

    /// <summary>From a message's sending to its handling; tag <c>endpoint</c>.</summary>
    public static readonly Histogram<double> Lag = Meter.CreateHistogram<double>("imprimatur.message.lag", "s");

    /// <summary>From the arrival of the event to the final token.</summary>
    public static readonly Histogram<double> TimeToMarket = Meter.CreateHistogram<double>("imprimatur.time_to_market", "s");

    /// <summary>Gas of a mint transaction divided by its tokens.</summary>
    public static readonly Histogram<long> GasPerToken = Meter.CreateHistogram<long>("imprimatur.gas_per_token", "{gas}");

    /// <summary>Messages handled; tags <c>endpoint</c> and <c>outcome</c> (<c>done</c> or <c>failed</c>).</summary>
    public static readonly Counter<long> Messages = Meter.CreateCounter<long>("imprimatur.messages", "{message}");

    /// <summary>Continues a trace that was kept with a document, so that what fans in and out stays one story.</summary>
    public static Activity Continue(string name, string? traceParent)
    {
        var activity = new Activity(name);
        if (traceParent is not null)
        {
            activity.SetParentId(traceParent);
        }

        return activity.Start();
    }
}
