namespace Platform.Campaigns;

/// <summary>A prompt's template breaks the rules; each error says where and what to write instead.</summary>
internal sealed class PromptTemplateException(IReadOnlyList<FieldError> errors)
    : Exception(string.Join(" ", errors.Select(error => error.Message)))
{
    public IReadOnlyList<FieldError> Errors { get; } = errors;
}

/// <summary>A prompt could not be rendered from these facts: the reason, never a value.</summary>
internal sealed class PromptRenderException(string reason) : Exception(reason);
