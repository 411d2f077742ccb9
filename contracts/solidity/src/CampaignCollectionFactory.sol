// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {Memory} from "@openzeppelin/contracts/utils/Memory.sol";
import {CampaignCollection} from "./CampaignCollection.sol";
import {CollectionTerms} from "./CollectionTerms.sol";
import {CollectionConfig, ICampaignCollectionFactory} from "./interfaces/ICampaignCollectionFactory.sol";

/// @title Makes one collection per creator and campaign, see {ICampaignCollectionFactory}.
contract CampaignCollectionFactory is ICampaignCollectionFactory {
    using CollectionTerms for Memory.Slice;

    uint256 private constant _TEXT_LIMIT = 255;
    uint256 private constant _BASIS_POINTS = 10_000;

    /// @inheritdoc ICampaignCollectionFactory
    address public immutable implementation;

    mapping(address creator => mapping(bytes32 campaignId => address collection)) private _collections;

    constructor() {
        implementation = address(new CampaignCollection());
    }

    /// @inheritdoc ICampaignCollectionFactory
    function createCollection(bytes32 campaignId, CollectionConfig calldata config)
        external
        returns (address collection)
    {
        bytes memory terms = _terms(msg.sender, campaignId, config);

        collection = _collections[msg.sender][campaignId];
        if (collection != address(0)) {
            if (collection != _predict(campaignId, terms)) {
                revert CollectionExists(collection);
            }
            return collection;
        }

        collection = Clones.cloneDeterministicWithImmutableArgs(implementation, terms, campaignId);
        _collections[msg.sender][campaignId] = collection;
        emit CollectionCreated(msg.sender, campaignId, collection, config.name, config.symbol);
    }

    /// @inheritdoc ICampaignCollectionFactory
    function predictCollection(address creator, bytes32 campaignId, CollectionConfig calldata config)
        external
        view
        returns (address collection)
    {
        return _predict(campaignId, _terms(creator, campaignId, config));
    }

    /// @inheritdoc ICampaignCollectionFactory
    function collectionOf(address creator, bytes32 campaignId) external view returns (address collection) {
        return _collections[creator][campaignId];
    }

    /// @inheritdoc ICampaignCollectionFactory
    /// @dev The candidate's code only says under which key to look; the answer is this factory's own record.
    function isCollection(address candidate) external view returns (bool) {
        if (!CollectionTerms.mayBeIn(candidate)) {
            return false;
        }
        Memory.Slice terms = CollectionTerms.read(candidate);
        return _collections[terms.creator()][terms.campaignId()] == candidate;
    }

    function _predict(bytes32 campaignId, bytes memory terms) private view returns (address) {
        return Clones.predictDeterministicAddressWithImmutableArgs(implementation, terms, campaignId);
    }

    function _terms(address creator, bytes32 campaignId, CollectionConfig calldata config)
        private
        pure
        returns (bytes memory)
    {
        uint256 nameLength = bytes(config.name).length;
        if (nameLength > _TEXT_LIMIT) {
            revert NameTooLong(nameLength, _TEXT_LIMIT);
        }
        uint256 symbolLength = bytes(config.symbol).length;
        if (symbolLength > _TEXT_LIMIT) {
            revert SymbolTooLong(symbolLength, _TEXT_LIMIT);
        }
        if (config.royaltyBasisPoints > _BASIS_POINTS) {
            revert RoyaltyTooHigh(config.royaltyBasisPoints, _BASIS_POINTS);
        }
        if (config.royaltyBasisPoints != 0 && config.royaltyReceiver == address(0)) {
            revert RoyaltyReceiverMissing();
        }
        return CollectionTerms.pack(creator, campaignId, config);
    }
}
