using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Platform.Generation;

/// <summary>Section <c>Generation</c>.</summary>
internal sealed class GenerationOptions
{
    public const string Section = "Generation";

    /// <summary><c>house</c>, the parametric artist, or <c>null</c>, a 1 px image for load tests.</summary>
    [RegularExpression("^(house|null)$", ErrorMessage = "Generation:Generator must be 'house' or 'null'.")]
    public string Generator { get; set; } = HouseGenerator.GeneratorName;
}

[OptionsValidator]
internal sealed partial class GenerationOptionsValidator : IValidateOptions<GenerationOptions>;
