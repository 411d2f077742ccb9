using System.Text.RegularExpressions;
using Platform.Grpc.Moderation;

namespace Platform.Moderation;

/// <summary>What is wrong with a policy, each by the field it is in.</summary>
internal static partial class PolicyRules
{
    private const int MostRules = 100;

    private const int MostTerms = 5_000;

    private const int LongestTerm = 100;

    /// <summary>
    /// Messages of the form <c>field: what to send</c>; empty when the policy may be published.
    /// </summary>
    public static IReadOnlyList<string> Check(Policy policy) =>
        [.. CheckName(policy), .. CheckTerms(policy), .. policy.Image is null ? [] : CheckImage(policy)];

    public static bool TryReadSeverity(string text, out Severity severity)
    {
        severity = text == "reject" ? Severity.Reject : Severity.Review;
        return text is "reject" or "review";
    }

    private static IEnumerable<string> CheckName(Policy policy)
    {
        if (!Code().IsMatch(policy.Name))
        {
            yield return "name: Use 1 to 64 lower-case letters, digits and hyphens.";
        }
    }

    private static IEnumerable<string> CheckTerms(Policy policy)
    {
        if (policy.Terms.Count > MostRules || policy.Terms.Sum(rule => rule.Terms.Count) > MostTerms)
        {
            yield return $"terms: At most {MostRules} rules and {MostTerms} terms fit a policy.";
            yield break;
        }

        if (policy.Terms.DistinctBy(rule => rule.Code).Count() < policy.Terms.Count)
        {
            yield return "terms: Two rules have the same code.";
        }

        for (var index = 0; index < policy.Terms.Count; index++)
        {
            var rule = policy.Terms[index];
            if (!Code().IsMatch(rule.Code))
            {
                yield return $"terms[{index}].code: Use 1 to 64 lower-case letters, digits and hyphens.";
            }

            if (!TryReadSeverity(rule.Severity, out _))
            {
                yield return $"terms[{index}].severity: Use reject or review.";
            }

            if (rule.Terms.Count == 0)
            {
                yield return $"terms[{index}].terms: A rule needs at least one term.";
            }

            for (var each = 0; each < rule.Terms.Count; each++)
            {
                if (rule.Terms[each].Length > LongestTerm || !TermMatcher.IsTerm(rule.Terms[each]))
                {
                    yield return $"terms[{index}].terms[{each}]: A term has 1 to {LongestTerm} characters, "
                        + "a letter or digit among them; a * stands for any ending, at the end only.";
                }
            }
        }
    }

    private static IEnumerable<string> CheckImage(Policy policy)
    {
        var image = policy.Image;
        if (image.DecodeOnly && (policy.Terms.Count > 0 || image.MaxPixelsASide != 0 || image.MinEntropy != 0
            || image.NearDuplicateDistance != 0 || image.NearDuplicateSeverity.Length > 0))
        {
            yield return "image.decode_only: Leave out every other rule: none would be applied.";
        }

        if (image.MaxPixelsASide is < 0 or > ImageReading.LargestSide)
        {
            yield return $"image.max_pixels_a_side: Use 1 to {ImageReading.LargestSide}, or 0 for that.";
        }

        if (!(image.MinEntropy is >= 0 and <= 8))
        {
            yield return "image.min_entropy: Use 0 to 8 bits.";
        }

        if (image.NearDuplicateDistance is < 0 or > Fingerprints.LargestDistance)
        {
            yield return $"image.near_duplicate_distance: Use 0 to {Fingerprints.LargestDistance}.";
        }

        if (image.NearDuplicateSeverity.Length > 0 && !TryReadSeverity(image.NearDuplicateSeverity, out _))
        {
            yield return "image.near_duplicate_severity: Use reject or review, or leave it out.";
        }

        if (image.NearDuplicateDistance > 0 && image.NearDuplicateSeverity.Length == 0)
        {
            yield return "image.near_duplicate_severity: Say what follows: reject or review.";
        }
    }

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9-]{0,63}\z")]
    private static partial Regex Code();
}
