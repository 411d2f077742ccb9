// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title One campaign's tokens: an ERC-721 whose first owners lie in contract code.
/// @notice Tokens are minted in batches. A batch is one data contract: its code holds the digest of the IPFS directory
/// with the tokens' metadata, the Merkle root of their custody records, the batch id, and the packed recipients. Token
/// `number * 10_000 + index` is the index-th recipient's. Storage holds only what happened after the mint.
/// @dev Beside this interface: ERC-165, ERC-721 with metadata, ERC-2981, ERC-4906 and ERC-7572. Recipients are not asked
/// (`onERC721Received`) at the mint. Metadata may be revised by the owner, custody roots never.
interface ICampaignCollection {
    /// @notice A batch was minted, and `batchId` is used up.
    event BatchMinted(
        bytes32 indexed batchId,
        uint256 indexed batch,
        uint256 firstTokenId,
        uint256 count,
        bytes32 metadataDigest,
        bytes32 custodyRoot
    );

    /// @notice The batch's tokens have other metadata now. ERC-4906's `BatchMetadataUpdate` goes with it.
    event BatchRevised(uint256 indexed batch, bytes32 metadataDigest);

    /// @notice ERC-7572: {contractURI} names another document now.
    event ContractURIUpdated();

    /// @notice The account may mint from now on.
    event MinterGranted(address indexed account);

    /// @notice The account may no longer mint.
    event MinterRevoked(address indexed account);

    /// @notice The owner named a successor; zero takes the offer back.
    event OwnershipTransferStarted(address indexed previousOwner, address indexed newOwner);

    /// @notice The collection has another owner, or none. Not said for the first one.
    event OwnershipTransferred(address indexed previousOwner, address indexed newOwner);

    /// @notice The implementation itself was asked something only a clone can answer.
    error NotACollection();

    /// @notice Only the owner may do this.
    error NotOwner(address caller);

    /// @notice Only the successor whom the owner named may do this.
    error NotPendingOwner(address caller);

    /// @notice Only a minter may do this.
    error NotMinter(address caller);

    /// @notice The batch id was used before, for the batch with this number.
    error BatchAlreadyMinted(bytes32 batchId, uint256 batch);

    /// @notice The next batch is not the one the caller expected it to be.
    error UnexpectedBatch(uint256 expected, uint256 actual);

    /// @notice There is no batch with this number yet.
    error NoSuchBatch(uint256 batch, uint256 batchCount);

    /// @notice A batch needs metadata.
    error MetadataDigestMissing();

    /// @notice A batch needs recipients.
    error NoRecipients();

    /// @notice The recipients are not a whole number of 20-byte addresses.
    error RecipientsNotPacked(uint256 length);

    /// @notice More recipients than one data contract holds.
    error TooManyRecipients(uint256 count, uint256 limit);

    /// @notice The recipient at this index is not above the one before it (or, at index 0, is the zero address).
    error RecipientsNotAscending(uint256 index);

    /// @notice The data contract could not be created: out of gas. (Solady's SSTORE2 raises it.)
    error DeploymentFailed();

    /// @notice Mints one token to each recipient, in one data contract.
    /// @dev Only for minters. A repeat reverts with {BatchAlreadyMinted}: a caller that lost its memory asks {batchOf}
    /// first, and takes a minted batch for its success.
    /// @param batchId Usable once in this collection.
    /// @param expectedBatch Must be {batchCount}: token ids are known before the transaction is signed, or it reverts.
    /// @param metadataDigest SHA-256 of the dag-pb root of the metadata directory: `<index>.json` for each token, and
    /// `contract.json`. Not zero.
    /// @param custodyRoot Root of OpenZeppelin's standard Merkle tree over `(bytes32 batchId, uint256 index, bytes32
    /// sha256)`, the custody records' digests.
    /// @param recipients Addresses of 20 bytes each, one after the other, strictly ascending; at most {MAX_BATCH}.
    function mintBatch(
        bytes32 batchId,
        uint256 expectedBatch,
        bytes32 metadataDigest,
        bytes32 custodyRoot,
        bytes calldata recipients
    ) external;

    /// @notice Replaces the metadata of a batch. Only for the owner; a collection without one is immutable.
    /// @param metadataDigest As in {mintBatch}.
    function reviseBatch(uint256 number, bytes32 metadataDigest) external;

    /// @notice Ends a token. Only for its holder and those the holder approved. Its id never comes back.
    function burn(uint256 tokenId) external;

    /// @notice Lets the account mint. Only for the owner; repeating it does nothing.
    function grantMinter(address account) external;

    /// @notice Stops the account from minting, the creator included. Only for the owner; repeating it does nothing.
    function revokeMinter(address account) external;

    /// @notice Names a successor, who becomes owner by {acceptOwnership}. Only for the owner; zero takes it back.
    function transferOwnership(address newOwner) external;

    /// @notice Makes the successor the owner. Only for the successor.
    function acceptOwnership() external;

    /// @notice Leaves the collection without an owner for ever; minters stay. Only for the owner.
    function renounceOwnership() external;

    /// @notice The most recipients one batch can have: what EIP-170 leaves after the header.
    function MAX_BATCH() external view returns (uint256);

    /// @notice The batches minted so far; the next one has this number.
    function batchCount() external view returns (uint256);

    /// @notice What a batch says now: after a revision, `metadataDigest` is the revised one.
    function batch(uint256 number)
        external
        view
        returns (bytes32 batchId, bytes32 metadataDigest, bytes32 custodyRoot, uint256 count);

    /// @notice Whether the batch id was used, and for which batch.
    function batchOf(bytes32 batchId) external view returns (bool minted, uint256 number);

    /// @notice To whom the token was minted, whoever holds it now, burned or not.
    function initialOwnerOf(uint256 tokenId) external view returns (address);

    /// @notice Whether the digest is the token's custody record's, as its batch's root has it.
    /// @param sha256Digest SHA-256 of the custody record.
    /// @param proof As OpenZeppelin's standard Merkle tree gives it for the leaf.
    function verifyCustody(uint256 tokenId, bytes32 sha256Digest, bytes32[] calldata proof) external view returns (bool);

    /// @notice ERC-7572: `contract.json` in the newest batch's metadata directory; empty before the first batch.
    function contractURI() external view returns (string memory);

    /// @notice The campaign this collection belongs to.
    function campaignId() external view returns (bytes32);

    /// @notice Who had the collection made, and was its first minter.
    function creator() external view returns (address);

    /// @notice The factory of the implementation this collection runs.
    function factory() external view returns (address);

    /// @notice The administrator, or zero when renounced.
    function owner() external view returns (address);

    /// @notice The successor the owner named, or zero.
    function pendingOwner() external view returns (address);

    /// @notice Whether the account may mint.
    function isMinter(address account) external view returns (bool);
}
