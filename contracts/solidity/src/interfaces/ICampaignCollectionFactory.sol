// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice What a campaign's collection is called and what its sales owe: frozen once the collection exists.
/// @param name At most 255 bytes.
/// @param symbol At most 255 bytes.
/// @param owner First administrator; zero stands for the creator. Apart from the creator, who is the first minter, so
/// that the key that mints all day need not be the one that appoints minters.
/// @param royaltyReceiver May be zero only where no royalty is asked.
/// @param royaltyBasisPoints Over 10,000.
struct CollectionConfig {
    string name;
    string symbol;
    address owner;
    address royaltyReceiver;
    uint96 royaltyBasisPoints;
}

/// @title Makes one collection per creator and campaign.
/// @notice A collection is an ERC-1167 clone of one implementation; all that is frozen about it lies in the clone's code.
interface ICampaignCollectionFactory {
    /// @notice A campaign got its collection. Said once per creator and campaign.
    event CollectionCreated(
        address indexed creator, bytes32 indexed campaignId, address indexed collection, string name, string symbol
    );

    /// @notice The creator's campaign has a collection already, and it was configured otherwise.
    error CollectionExists(address collection);

    /// @notice The name has more bytes than a collection can carry.
    error NameTooLong(uint256 length, uint256 limit);

    /// @notice The symbol has more bytes than a collection can carry.
    error SymbolTooLong(uint256 length, uint256 limit);

    /// @notice The royalty asked is more than the whole price.
    error RoyaltyTooHigh(uint256 basisPoints, uint256 limit);

    /// @notice A royalty is asked, but nobody named who receives it.
    error RoyaltyReceiverMissing();

    /// @notice Makes the caller's collection for a campaign, or finds it.
    /// @dev Safe to repeat: the same caller, campaign and configuration give the same address, and nothing happens.
    /// Another configuration reverts with {CollectionExists}. The caller becomes the first minter.
    /// @param campaignId Chosen by the caller; other callers' campaigns never collide with it.
    function createCollection(bytes32 campaignId, CollectionConfig calldata config)
        external
        returns (address collection);

    /// @notice The address {createCollection} gives to this creator, campaign and configuration.
    function predictCollection(address creator, bytes32 campaignId, CollectionConfig calldata config)
        external
        view
        returns (address collection);

    /// @notice The collection of a creator's campaign, or zero while there is none.
    function collectionOf(address creator, bytes32 campaignId) external view returns (address collection);

    /// @notice Whether this factory made the address. A collection's own word ({ICampaignCollection-factory}) proves
    /// nothing: anybody may clone the implementation.
    function isCollection(address candidate) external view returns (bool);

    /// @notice The contract whose code all collections of this factory run.
    function implementation() external view returns (address);
}
