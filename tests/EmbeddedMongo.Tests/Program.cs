using Platform.EmbeddedMongo.Tests;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

if (args is [CrashingWriter.Argument, var path, var sync])
{
    await CrashingWriter.RunAsync(path, sync == "full");
    return 0;
}

return args.Contains("--server") || args.Contains("--internal-msbuild-node")
    ? await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
    : await ConsoleRunner.Run(args);
