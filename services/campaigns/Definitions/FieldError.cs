namespace Platform.Campaigns;

/// <summary>What is wrong with one field, and what to do: never a personal fact's value.</summary>
/// <param name="Field">JSON path, such as <c>data.facts.age</c> or <c>prompt</c>.</param>
internal sealed record FieldError(string Field, string Message);
