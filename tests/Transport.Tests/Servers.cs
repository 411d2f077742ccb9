using Platform.Testing;

[assembly: AssemblyFixture(typeof(RabbitMq))]
[assembly: AssemblyFixture(typeof(Mongo))]
[assembly: CollectionBehavior(CollectionBehavior.CollectionPerAssembly)]
