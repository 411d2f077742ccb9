using Platform.Load;

try
{
    return await Scenarios.RunAsync(args);
}
catch (LoadInputException exception)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return 2;
}
