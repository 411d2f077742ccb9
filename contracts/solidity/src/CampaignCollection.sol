// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC165} from "@openzeppelin/contracts/interfaces/IERC165.sol";
import {IERC2981} from "@openzeppelin/contracts/interfaces/IERC2981.sol";
import {IERC4906} from "@openzeppelin/contracts/interfaces/IERC4906.sol";
import {IERC721} from "@openzeppelin/contracts/interfaces/IERC721.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {Memory} from "@openzeppelin/contracts/utils/Memory.sol";
import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";
import {BatchCode} from "./BatchCode.sol";
import {CollectionTerms} from "./CollectionTerms.sol";
import {DirectoryUri} from "./DirectoryUri.sol";
import {ICampaignCollection} from "./interfaces/ICampaignCollection.sol";

/// @title One campaign's tokens, see {ICampaignCollection}.
/// @dev Ownership is read in three places, the first that answers wins: OpenZeppelin's `_owners` (the token moved), the
/// burn bitmap (it is gone), the batch's code (it never moved). `_balances` counts moves only and so may be negative: it
/// wraps, as OpenZeppelin's `_update` writes it unchecked, and {balanceOf} adds the batches that contain the holder.
/// No function calls foreign code but `safeTransferFrom`, which does so last.
contract CampaignCollection is ICampaignCollection, ERC721, IERC2981, IERC4906 {
    using BatchCode for address;
    using BitMaps for BitMaps.BitMap;
    using CollectionTerms for Memory.Slice;

    /// @inheritdoc ICampaignCollection
    uint256 public constant MAX_BATCH = BatchCode.CAPACITY;

    /// @dev Token ids from one batch to the next: round, and above {MAX_BATCH}.
    uint256 private constant _STRIDE = 10_000;
    uint256 private constant _BASIS_POINTS = 10_000;
    bytes4 private constant _ERC4906 = 0x49064906;

    /// @inheritdoc ICampaignCollection
    address public immutable factory;

    /// @dev The implementation has no terms: the bytes where a clone keeps them are code.
    address private immutable _implementation = address(this);

    uint256 private _batchCount;
    mapping(bytes32 batchId => uint256 numberPlusOne) private _numbers;
    mapping(uint256 number => bytes32 metadataDigest) private _revisions;
    BitMaps.BitMap private _burned;

    /// @dev Counts once the first owner has changed, and for ever.
    address private _owner;
    bool private _ownerChanged;
    address private _pendingOwner;

    /// @dev Whether the account's right to mint is other than at the beginning, when only the creator had it.
    mapping(address account => bool) private _minterChanged;

    modifier onlyOwner() {
        if (msg.sender != owner()) {
            revert NotOwner(msg.sender);
        }
        _;
    }

    /// @dev Runs for the implementation only. Its names stay empty: a clone's come from its terms.
    constructor() ERC721("", "") {
        factory = msg.sender;
    }

    /// @inheritdoc ICampaignCollection
    function mintBatch(
        bytes32 batchId,
        uint256 expectedBatch,
        bytes32 metadataDigest,
        bytes32 custodyRoot,
        bytes calldata recipients
    ) external {
        if (!isMinter(msg.sender)) {
            revert NotMinter(msg.sender);
        }
        uint256 numberPlusOne = _numbers[batchId];
        if (numberPlusOne != 0) {
            revert BatchAlreadyMinted(batchId, numberPlusOne - 1);
        }
        uint256 number = _batchCount;
        if (number != expectedBatch) {
            revert UnexpectedBatch(expectedBatch, number);
        }
        if (metadataDigest == 0) {
            revert MetadataDigestMissing();
        }
        uint256 count = _countOf(recipients);

        _numbers[batchId] = number + 1;
        _batchCount = number + 1;
        BatchCode.write(metadataDigest, custodyRoot, batchId, recipients);

        _announce(number * _STRIDE, recipients);
        emit BatchMinted(batchId, number, number * _STRIDE, count, metadataDigest, custodyRoot);
        emit ContractURIUpdated();
    }

    /// @inheritdoc ICampaignCollection
    function reviseBatch(uint256 number, bytes32 metadataDigest) external onlyOwner {
        address data = _dataOf(number);
        if (metadataDigest == 0) {
            revert MetadataDigestMissing();
        }

        _revisions[number] = metadataDigest;
        emit BatchRevised(number, metadataDigest);

        uint256 first = number * _STRIDE;
        emit BatchMetadataUpdate(first, first + data.count() - 1);
        if (number == _batchCount - 1) {
            emit ContractURIUpdated();
        }
    }

    /// @inheritdoc ICampaignCollection
    function burn(uint256 tokenId) external {
        _update(address(0), tokenId, msg.sender);
    }

    /// @inheritdoc ICampaignCollection
    function grantMinter(address account) external onlyOwner {
        if (!isMinter(account)) {
            _minterChanged[account] = !_minterChanged[account];
            emit MinterGranted(account);
        }
    }

    /// @inheritdoc ICampaignCollection
    function revokeMinter(address account) external onlyOwner {
        if (isMinter(account)) {
            _minterChanged[account] = !_minterChanged[account];
            emit MinterRevoked(account);
        }
    }

    /// @inheritdoc ICampaignCollection
    function transferOwnership(address newOwner) external onlyOwner {
        _pendingOwner = newOwner;
        emit OwnershipTransferStarted(msg.sender, newOwner);
    }

    /// @inheritdoc ICampaignCollection
    function acceptOwnership() external {
        if (msg.sender != _pendingOwner) {
            revert NotPendingOwner(msg.sender);
        }
        _changeOwner(msg.sender);
    }

    /// @inheritdoc ICampaignCollection
    function renounceOwnership() external onlyOwner {
        _changeOwner(address(0));
    }

    /// @inheritdoc ICampaignCollection
    function batchCount() external view returns (uint256) {
        return _batchCount;
    }

    /// @inheritdoc ICampaignCollection
    function batch(uint256 number)
        external
        view
        returns (bytes32 batchId, bytes32 metadataDigest, bytes32 custodyRoot, uint256 count)
    {
        address data = _dataOf(number);
        (, custodyRoot, batchId) = data.header();
        return (batchId, _metadataDigestOf(number), custodyRoot, data.count());
    }

    /// @inheritdoc ICampaignCollection
    function batchOf(bytes32 batchId) external view returns (bool minted, uint256 number) {
        uint256 numberPlusOne = _numbers[batchId];
        return numberPlusOne == 0 ? (false, 0) : (true, numberPlusOne - 1);
    }

    /// @inheritdoc ICampaignCollection
    function initialOwnerOf(uint256 tokenId) public view returns (address) {
        address initialOwner = _initialOwnerOf(tokenId);
        if (initialOwner == address(0)) {
            revert ERC721NonexistentToken(tokenId);
        }
        return initialOwner;
    }

    /// @inheritdoc ICampaignCollection
    function verifyCustody(uint256 tokenId, bytes32 sha256Digest, bytes32[] calldata proof)
        external
        view
        returns (bool)
    {
        initialOwnerOf(tokenId); // reverts for a token that was never minted

        (, bytes32 custodyRoot, bytes32 batchId) = BatchCode.locate(tokenId / _STRIDE).header();
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(batchId, tokenId % _STRIDE, sha256Digest))));
        return MerkleProof.verifyCalldata(proof, custodyRoot, leaf);
    }

    /// @inheritdoc ICampaignCollection
    function contractURI() external view returns (string memory) {
        uint256 count = _batchCount;
        return count == 0 ? "" : DirectoryUri.file(_metadataDigestOf(count - 1), "contract.json");
    }

    /// @inheritdoc ICampaignCollection
    function campaignId() external view returns (bytes32) {
        return _terms().campaignId();
    }

    /// @inheritdoc ICampaignCollection
    function creator() external view returns (address) {
        return _terms().creator();
    }

    /// @inheritdoc ICampaignCollection
    function owner() public view returns (address) {
        return _ownerChanged ? _owner : _terms().firstOwner();
    }

    /// @inheritdoc ICampaignCollection
    function pendingOwner() external view returns (address) {
        return _pendingOwner;
    }

    /// @inheritdoc ICampaignCollection
    function isMinter(address account) public view returns (bool) {
        return (account == _terms().creator()) != _minterChanged[account];
    }

    /// @inheritdoc IERC2981
    function royaltyInfo(uint256, uint256 salePrice) external view returns (address receiver, uint256 royaltyAmount) {
        Memory.Slice terms = _terms();
        return (terms.royaltyReceiver(), Math.mulDiv(salePrice, terms.royaltyBasisPoints(), _BASIS_POINTS));
    }

    /// @inheritdoc ERC721
    function name() public view override returns (string memory) {
        return _terms().name();
    }

    /// @inheritdoc ERC721
    function symbol() public view override returns (string memory) {
        return _terms().symbol();
    }

    /// @inheritdoc ERC721
    function tokenURI(uint256 tokenId) public view override returns (string memory) {
        _requireOwned(tokenId);

        string memory file = string.concat(Strings.toString(tokenId % _STRIDE), ".json");
        return DirectoryUri.file(_metadataDigestOf(tokenId / _STRIDE), file);
    }

    /// @inheritdoc ERC721
    /// @dev Searches every batch: about 7,200 gas each of 1,000 when cold. Meant for callers off chain; nothing here calls it.
    function balanceOf(address holder) public view override(ERC721, IERC721) returns (uint256 balance) {
        balance = super.balanceOf(holder);
        uint256 count = _batchCount;
        for (uint256 number = 0; number < count; ++number) {
            if (BatchCode.locate(number).contains(holder)) {
                // Unchecked: the moves alone may stand below zero, wrapped; with the batches added the sum is not.
                unchecked {
                    ++balance;
                }
            }
        }
    }

    /// @inheritdoc ERC721
    function supportsInterface(bytes4 interfaceId) public view override(ERC721, IERC165) returns (bool) {
        return
            interfaceId == type(IERC2981).interfaceId || interfaceId == _ERC4906 || super.supportsInterface(interfaceId);
    }

    function _update(address to, uint256 tokenId, address auth) internal override returns (address from) {
        from = super._update(to, tokenId, auth);
        if (to == address(0)) {
            _burned.set(tokenId);
        }
    }

    function _ownerOf(uint256 tokenId) internal view override returns (address holder) {
        holder = super._ownerOf(tokenId);
        if (holder == address(0) && !_burned.get(tokenId)) {
            holder = _initialOwnerOf(tokenId);
        }
    }

    function _changeOwner(address newOwner) private {
        address previousOwner = owner();
        _pendingOwner = address(0);
        _owner = newOwner;
        _ownerChanged = true;
        emit OwnershipTransferred(previousOwner, newOwner);
    }

    /// @dev Emits ERC-721's Transfer for each recipient, and insists on their order: no duplicate, no zero.
    function _announce(uint256 tokenId, bytes calldata recipients) private {
        bytes32 transfer = IERC721.Transfer.selector;
        uint256 stopped;
        // Assembly: this loop is what a token costs beside its log and its 20 bytes; `emit` in an unchecked loop was
        // measured at 59 gas more a token. The length is a multiple of 20, so each word's upper 20 bytes lie inside it,
        // and what follows is shifted out. Stops at the first recipient that is not above the one before.
        assembly ("memory-safe") {
            let previous := 0
            let end := add(recipients.offset, recipients.length)
            let cursor := recipients.offset
            for {} lt(cursor, end) { cursor := add(cursor, 20) } {
                let recipient := shr(96, calldataload(cursor))
                if iszero(gt(recipient, previous)) { break }
                log4(0x00, 0x00, transfer, 0, recipient, tokenId)
                previous := recipient
                tokenId := add(tokenId, 1)
            }
            stopped := sub(cursor, recipients.offset)
        }
        if (stopped != recipients.length) {
            revert RecipientsNotAscending(stopped / BatchCode.RECIPIENT_LENGTH);
        }
    }

    function _countOf(bytes calldata recipients) private pure returns (uint256 count) {
        if (recipients.length == 0) {
            revert NoRecipients();
        }
        if (recipients.length % BatchCode.RECIPIENT_LENGTH != 0) {
            revert RecipientsNotPacked(recipients.length);
        }
        count = recipients.length / BatchCode.RECIPIENT_LENGTH;
        if (count > MAX_BATCH) {
            revert TooManyRecipients(count, MAX_BATCH);
        }
    }

    function _terms() private view returns (Memory.Slice) {
        if (address(this) == _implementation) {
            revert NotACollection();
        }
        return CollectionTerms.read(address(this));
    }

    function _dataOf(uint256 number) private view returns (address) {
        if (number >= _batchCount) {
            revert NoSuchBatch(number, _batchCount);
        }
        return BatchCode.locate(number);
    }

    /// @dev Of a batch that exists.
    function _metadataDigestOf(uint256 number) private view returns (bytes32 metadataDigest) {
        metadataDigest = _revisions[number];
        if (metadataDigest == 0) {
            (metadataDigest,,) = BatchCode.locate(number).header();
        }
    }

    /// @dev Zero when the token was never minted.
    function _initialOwnerOf(uint256 tokenId) private view returns (address) {
        uint256 number = tokenId / _STRIDE;
        return number < _batchCount ? BatchCode.locate(number).recipientAt(tokenId % _STRIDE) : address(0);
    }
}
