using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MongoDB.Driver;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Platform.Content;
using Platform.Mongo;

namespace Platform.Hosting;

/// <summary>Builds the process that one service runs in, or several together: the same either way.</summary>
public static partial class PlatformHost
{
    /// <summary>Bytes of one request body: a batch of events, or a gRPC message.</summary>
    public const long MaxRequestBytes = 4 * 1024 * 1024;

    public static WebApplication Build(string[] args, params IReadOnlyList<IPlatformService> services) =>
        Build(args, _ => { }, services);

    public static WebApplication Build(
        string[] args, Action<WebApplicationBuilder> configure, params IReadOnlyList<IPlatformService> services)
    {
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
        CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.InvariantCulture;

        // Nothing is read from the folder that the process happens to be started in, and nothing there is watched.
        var builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        configure(builder);
        SecretFiles.ReadInto(builder.Configuration);
        var options = builder.Configuration.GetSection(PlatformOptions.Section).Get<PlatformOptions>() ?? new();

        LogFormat.Apply(builder.Logging, options);
        AddFoundations(builder, options);
        AddDatabases(builder.Services, options, services);
        foreach (var service in services)
        {
            service.Register(builder);
        }

        builder.Services.AddSingleton<Draining>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<Draining>());
        builder.Services.AddHostedService<IndexInitializer>();
        builder.Services.AddTransport(options, services);
        builder.Services.AddHostedService<RelayLoop>();
        builder.Services.AddHostedService<PullLoop>();

        var app = builder.Build();
        app.UseMiddleware<LastRequests>();
        app.UseMiddleware<AccessGate>();
        MapHealth(app);
        app.MapGrpcReflectionService();
        app.MapGrpcService<OperationsService>();
        foreach (var service in services)
        {
            service.Map(app);
        }

        return app;
    }

    internal static string DatabaseOf(string service) => "imprimatur_" + NotAWord().Replace(service, "_");

    private static void AddFoundations(WebApplicationBuilder builder, PlatformOptions options)
    {
        builder.Services.AddOptions<PlatformOptions>().BindConfiguration(PlatformOptions.Section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<PlatformOptions>, PlatformOptionsValidator>();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(_ => InstallationToken.ReadOrCreate(options.TokenPath));
        builder.Services.AddSingleton<Callers>();
        builder.Services.AddSingleton<IContentStore>(new FolderContentStore(Path.Combine(options.Data, "content")));
        builder.Services.AddSingleton<IAnnouncer, BusAnnouncer>();
        builder.Services.AddHttpClient();
        builder.Services.AddProblemDetails();
        builder.Services.AddGrpc(grpc => grpc.MaxReceiveMessageSize = (int)MaxRequestBytes).AddJsonTranscoding();
        builder.Services.AddGrpcReflection();
        builder.Services.AddHealthChecks()
            .AddCheck<MongoDbCheck>("mongodb", timeout: TimeSpan.FromSeconds(3)); // the bus brings its own

        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxRequestBytes;
            Listen(kestrel, options, options.Port, HttpProtocols.Http1);
            Listen(kestrel, options, options.Port + 1, HttpProtocols.Http2);
            ListenTogether(kestrel, options);
        });

        var telemetry = builder.Services.AddOpenTelemetry();
        if (builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is not null)
        {
            telemetry
                .WithTracing(tracing => tracing
                    .AddSource(PlatformTelemetry.Name).AddAspNetCoreInstrumentation().AddOtlpExporter())
                .WithMetrics(metrics => metrics.AddMeter(PlatformTelemetry.Name).AddOtlpExporter());
        }
    }

    private static void Listen(KestrelServerOptions kestrel, PlatformOptions options, int port, HttpProtocols protocols)
    {
        if (options.Listen == "any")
        {
            kestrel.ListenAnyIP(port, listen => listen.Protocols = protocols);
        }
        else
        {
            kestrel.ListenLocalhost(port, listen => listen.Protocols = protocols);
        }
    }

    /// <summary>Takes connections from sockets that other replicas on this machine take theirs from, too.</summary>
    private static void ListenTogether(KestrelServerOptions kestrel, PlatformOptions options)
    {
        if (options.SharedHttp is { } http)
        {
            kestrel.ListenHandle(http, listen => listen.Protocols = HttpProtocols.Http1);
        }

        if (options.SharedGrpc is { } grpc)
        {
            kestrel.ListenHandle(grpc, listen => listen.Protocols = HttpProtocols.Http2);
        }
    }

    private static void AddDatabases(
        IServiceCollection services, PlatformOptions options, IReadOnlyList<IPlatformService> platform)
    {
        // One process on an in-memory bus is alone: the data folder lets no second one in.
        services.AddSingleton(new LeaseTerms { Alone = options.Bus == "memory" });
        services.AddSingleton(typeof(Leases<>));
        services.AddSingleton<IMongoClient>(_ => new MongoClient(Conventions.Settings(options.MongoDb)));
        foreach (var service in platform)
        {
            var type = typeof(ServiceDatabase<>).MakeGenericType(service.GetType());
            services.AddSingleton(type, provider => Activator.CreateInstance(
                type, provider.GetRequiredService<IMongoClient>().GetDatabase(DatabaseOf(service.Name)))!);
        }
    }

    private static void MapHealth(WebApplication app)
    {
        app.MapHealthChecks("/health/live", new() { Predicate = _ => false });
        app.MapHealthChecks("/health/ready", new()
        {
            ResponseWriter = (context, report) => context.Response.WriteAsJsonAsync(
                new
                {
                    status = report.Status.ToString(),
                    checks = report.Entries.ToDictionary(each => each.Key, each => each.Value.Status.ToString()),
                },
                context.RequestAborted),
        });
    }

    [GeneratedRegex("[^a-z0-9]")]
    private static partial Regex NotAWord();
}
