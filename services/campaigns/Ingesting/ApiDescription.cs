using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;

namespace Platform.Campaigns;

/// <summary>The HTTP side described to machines: OpenAPI 3.1 at <c>/openapi/v1.json</c>, behind the token.</summary>
/// <remarks>Says nothing of the host it is asked from, and in one order: the published document is compared with it.</remarks>
internal static class ApiDescription
{
    public const string Document = "v1";

    private const string EventSchema = "PersonalizationEvent";
    private const string DataSchema = "PersonalizationData";

    public static void AddApiDescription(this IServiceCollection services) => services.AddOpenApi(Document, options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.AddDocumentTransformer(DescribeAsync);
    });

    public static void MapApiDescription(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapOpenApi("/openapi/{documentName}.json");

    /// <summary>The three ways of a CloudEvent over HTTP, which no parameter of the handler shows.</summary>
    public static Task DescribeEventsAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        operation.Description =
            """
            Sends events in CloudEvents 1.0: one in structured mode, up to 1,000 in batch mode, or one in binary mode, its
            attributes as ce- headers and its data as the body. A request is admitted whole or not at all. The same event
            again answers the same assets. A request may have 4 MiB, an event 64 KiB. What is answered is on disk; what is
            more than can be worked on waits its turn ('received'), and once as much waits as may, the answer is 429.
            """;
        var document = context.Document;
        var one = new OpenApiSchemaReference(EventSchema, document);
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/cloudevents+json"] = new() { Schema = one },
                ["application/cloudevents-batch+json"] = new()
                {
                    Schema = new OpenApiSchema
                    {
                        Type = JsonSchemaType.Array, MaxItems = CloudEventReader.MaxEvents, Items = one,
                    },
                },
                ["application/json"] = new() { Schema = new OpenApiSchemaReference(DataSchema, document) },
            },
        };
        foreach (var (name, meaning) in (ReadOnlySpan<(string, string)>)
        [
            ("ce-specversion", "1.0"),
            ("ce-type", CloudEventReader.Type),
            ("ce-source", $"Who sends: a URI reference of up to {EventRules.MaxSource} characters."),
            ("ce-id", $"Names the event for its source: up to {EventRules.MaxId} characters."),
            ("ce-priority", $"'{EventRules.Interactive}' where somebody waits for the artwork: it goes before the others."),
            ("ce-time", "When it happened (RFC 3339); the platform's time where it is absent."),
        ])
        {
            AddHeader(operation, name, $"Binary mode (with application/json): {meaning}");
        }

        AddHeader(operation, StandardWebhooks.Id, "Signed requests (Standard Webhooks): names the request; not again with another body.");
        AddHeader(operation, StandardWebhooks.Timestamp, "Signed requests: seconds since 1970, when it was signed.");
        AddHeader(operation, StandardWebhooks.Signature,
            "Signed requests: v1, a comma, and Base64 of HMAC-SHA256 over '<id>.<timestamp>.<body>'; several separated by spaces.");

        return Task.CompletedTask;
    }

    private static void AddHeader(OpenApiOperation operation, string name, string meaning) =>
        (operation.Parameters ??= []).Add(new OpenApiParameter
        {
            Name = name,
            In = ParameterLocation.Header,
            Description = meaning,
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        });

    private static Task DescribeAsync(
        OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellation)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Imprimatur",
            Version = Document,
            Description = "Events in, and how far their artworks are. Campaigns, reviews and royalties are gRPC's to manage "
                + "(contracts/grpc), most of it by JSON on the same port.",
            License = new OpenApiLicense { Name = "Apache-2.0", Identifier = "Apache-2.0" },
        };
        document.Servers = []; // wherever it is asked from
        AddSchemas(document);
        AddSecurity(document);
        Sort(document);
        return Task.CompletedTask;
    }

    private static void AddSchemas(OpenApiDocument document)
    {
        var components = document.Components ??= new OpenApiComponents();
        var schemas = components.Schemas ??= new Dictionary<string, IOpenApiSchema>();
        var schema = ReadEventSchema();
        schemas[EventSchema] = Parse(schema, document);
        schemas[DataSchema] = Parse((JsonObject)schema["properties"]!["data"]!, document);
        if (schemas.TryGetValue("ProblemDetails", out var problem) && problem is OpenApiSchema { Properties: { } members })
        {
            members["errors"] = new OpenApiSchema
            {
                Description = "What is wrong with which field, up to 100; "
                    + "in a batch a field begins with its event's index, as [3].data.facts.age.",
                Type = JsonSchemaType.Array,
                Items = new OpenApiSchema
                {
                    Type = JsonSchemaType.Object,
                    Properties = new Dictionary<string, IOpenApiSchema>
                    {
                        ["field"] = new OpenApiSchema { Type = JsonSchemaType.String },
                        ["message"] = new OpenApiSchema { Type = JsonSchemaType.String },
                    },
                },
            };
        }
    }

    private static void AddSecurity(OpenApiDocument document)
    {
        const string scheme = "installation";
        var schemes = document.Components!.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        schemes[scheme] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "The installation's token, the file 'token' of its data folder; or an API key, imp_<id>_<secret>.",
        };
        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(scheme, document)] = [] }];
    }

    private static void Sort(OpenApiDocument document)
    {
        var paths = new OpenApiPaths();
        foreach (var (path, item) in document.Paths.OrderBy(each => each.Key, StringComparer.Ordinal))
        {
            foreach (var (method, operation) in item.Operations ?? [])
            {
                if (path.StartsWith("/ipfs/", StringComparison.Ordinal))
                {
                    operation.Security = []; // a stranger verifies through the gateway
                    operation.OperationId += method == HttpMethod.Head ? "Head" : "";
                }
            }

            paths[path] = item;
        }

        document.Paths = paths;
        document.Components!.Schemas = document.Components.Schemas!
            .OrderBy(each => each.Key, StringComparer.Ordinal).ToDictionary(each => each.Key, each => each.Value);
    }

    private static JsonObject ReadEventSchema()
    {
        using var stream = typeof(ApiDescription).Assembly.GetManifestResourceStream("event.schema.json")!;
        var schema = (JsonObject)JsonNode.Parse(stream)!;
        schema.Remove("$schema");
        schema.Remove("$id");
        return schema;
    }

    private static OpenApiSchema Parse(JsonObject schema, OpenApiDocument document) =>
        new OpenApiJsonReader().ReadFragment<OpenApiSchema>(
            schema.DeepClone(), OpenApiSpecVersion.OpenApi3_1, document, out _)!;
}
