namespace Platform.Embedded;

/// <summary>Who has the token, and who had it first.</summary>
internal static class TokenLine
{
    public static Line Of(TokenOnChain token) => new Judgement("token")
        .Expect(token.Holder is not null, $"burned: nobody has it any more; its first owner was {token.FirstOwner}")
        .Conclude(() => token.Holder == token.FirstOwner
            ? $"owned by {token.FirstOwner}, its first owner"
            : $"owned by {token.Holder}; its first owner was {token.FirstOwner}");
}
