using Platform.Chain;

namespace Platform.Embedded;

/// <summary>Whether the token was minted to the one it was made for.</summary>
internal static class RecipientLine
{
    public static Line Of(TokenOnChain token, TokenName name, Evidence<CustodyDocument> custody)
    {
        var recipient = custody.Value?.Record.Recipient;
        var written = token.Batch.Code is { } code && name.Index < code.Recipients.Count
            ? code.Recipients[name.Index]
            : default(Address?);
        return new Judgement("recipient")
            .Expect(
                written is null || written == token.FirstOwner,
                $"the collection names {token.FirstOwner} as first owner, but the batch's data contract has {written}")
            .Expect(
                recipient is null || recipient == token.FirstOwner.ToString(),
                $"the custody record is made out to {recipient}, but the first owner is {token.FirstOwner}")
            .Need(recipient is not null, "the custody record could not be read")
            .Conclude(() => $"{token.FirstOwner} is whom the custody record is made out to");
    }
}
