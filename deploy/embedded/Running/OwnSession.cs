using System.Diagnostics;

namespace Platform.Embedded;

/// <summary>Starts children in a session of their own, so that Ctrl-C reaches us first and they are ended in order.</summary>
/// <remarks>Without <c>setsid</c> (util-linux) they are started as they are: a terminal's Ctrl-C then reaches all at once.</remarks>
internal static class OwnSession
{
    private const string Setsid = "/usr/bin/setsid";

    public static ProcessStartInfo Start(string program, IReadOnlyList<string> arguments) => File.Exists(Setsid)
        ? new ProcessStartInfo(Setsid, [program, .. arguments])
        : new ProcessStartInfo(program, arguments);
}
