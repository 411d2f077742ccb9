using System.Collections.Concurrent;
using System.Reflection;

namespace Platform.CrashPoints.Tests;

/// <summary>A deed that has an effect outside the process, with a step before and one after it.</summary>
/// <param name="What">Such as <c>insert storage.pins</c>.</param>
/// <param name="Transient">What its outage looks like.</param>
internal sealed record Deed(string What, Func<Exception> Transient);

/// <summary>Stands before a port and lets its deeds pass, or fail, at their steps.</summary>
public class Interposed : DispatchProxy
{
    private static readonly MethodInfo Answering =
        typeof(Interposed).GetMethod(nameof(RunAsync), BindingFlags.NonPublic | BindingFlags.Instance)!;

    private static readonly ConcurrentDictionary<Type, MethodInfo> Runs = new();

    private object target = null!;
    private Life life = null!;
    private Func<MethodInfo, object?[], Deed?> deedOf = null!;
    private Func<MethodInfo, object?, object?> answer = null!;

    /// <param name="deedOf">Null where nothing outside is changed; a dead process cannot ask either.</param>
    /// <param name="answer">What is handed out in place of an answer: a collection that is interposed as well.</param>
    internal static object Before(
        Type port,
        object target,
        Life life,
        Func<MethodInfo, object?[], Deed?> deedOf,
        Func<MethodInfo, object?, object?>? answer = null)
    {
        var proxy = (Interposed)Create(port, typeof(Interposed));
        proxy.target = target;
        proxy.life = life;
        proxy.deedOf = deedOf;
        proxy.answer = answer ?? ((_, value) => value);
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var method = targetMethod!;
        if (deedOf(method, args!) is { } deed)
        {
            var result = method.ReturnType;
            var kind = result.IsGenericType ? result.GetGenericArguments()[0] : typeof(bool);
            return Runs.GetOrAdd(kind, type => Answering.MakeGenericMethod(type)).Invoke(
                this, BindingFlags.DoNotWrapExceptions, null, [method, args, deed], null);
        }

        if (typeof(Task).IsAssignableFrom(method.ReturnType))
        {
            life.EnsureAlive();
        }

        return answer(method, Call(method, args!));
    }

    private object? Call(MethodInfo method, object?[] args) =>
        method.Invoke(target, BindingFlags.DoNotWrapExceptions, null, args, null);

    private async Task<T> RunAsync<T>(MethodInfo method, object?[] args, Deed deed)
    {
        life.Pass($"before {deed.What}", deed.Transient);
        var task = (Task)Call(method, args)!;
        await task;
        life.Pass($"after {deed.What}", deed.Transient);
        return task is Task<T> answered ? await answered : default!;
    }
}
