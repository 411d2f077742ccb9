// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {Memory} from "@openzeppelin/contracts/utils/Memory.sol";
import {CollectionConfig} from "./interfaces/ICampaignCollectionFactory.sol";

/// @notice What is frozen about a collection, packed into its clone's immutable arguments: 200 gas a byte, once.
/// @dev Layout: campaign id 32, creator 20, first owner 20, royalty receiver 20, royalty basis points 2, length of the
/// name 1, name, symbol.
library CollectionTerms {
    using Memory for bytes;
    using Memory for Memory.Slice;

    uint256 private constant _CREATOR = 32;
    uint256 private constant _OWNER = 52;
    uint256 private constant _ROYALTY_RECEIVER = 72;
    uint256 private constant _ROYALTY_BASIS_POINTS = 92;
    uint256 private constant _NAME_LENGTH = 94;
    uint256 private constant _NAME = 95;

    /// @dev The code of a clone before its arguments begin.
    uint256 private constant _CLONE_LENGTH = 0x2d;

    /// @dev The caller has checked that lengths and basis points fit.
    function pack(address creator_, bytes32 campaignId_, CollectionConfig calldata config)
        internal
        pure
        returns (bytes memory)
    {
        return abi.encodePacked(
            campaignId_,
            creator_,
            config.owner == address(0) ? creator_ : config.owner,
            config.royaltyReceiver,
            uint16(config.royaltyBasisPoints),
            uint8(bytes(config.name).length),
            config.name,
            config.symbol
        );
    }

    /// @dev Whether the code is long enough to be a collection's; says nothing about what it is.
    function mayBeIn(address candidate) internal view returns (bool) {
        return candidate.code.length >= _CLONE_LENGTH + _NAME;
    }

    function read(address collection) internal view returns (Memory.Slice) {
        return Clones.fetchCloneArgs(collection).asSlice();
    }

    function campaignId(Memory.Slice terms) internal pure returns (bytes32) {
        return terms.load(0);
    }

    function creator(Memory.Slice terms) internal pure returns (address) {
        return address(bytes20(terms.load(_CREATOR)));
    }

    function firstOwner(Memory.Slice terms) internal pure returns (address) {
        return address(bytes20(terms.load(_OWNER)));
    }

    function royaltyReceiver(Memory.Slice terms) internal pure returns (address) {
        return address(bytes20(terms.load(_ROYALTY_RECEIVER)));
    }

    function royaltyBasisPoints(Memory.Slice terms) internal pure returns (uint256) {
        return uint16(bytes2(terms.load(_ROYALTY_BASIS_POINTS)));
    }

    function name(Memory.Slice terms) internal pure returns (string memory) {
        return string(terms.slice(_NAME, _nameLength(terms)).toBytes());
    }

    function symbol(Memory.Slice terms) internal pure returns (string memory) {
        return string(terms.slice(_NAME + _nameLength(terms)).toBytes());
    }

    function _nameLength(Memory.Slice terms) private pure returns (uint256) {
        return uint8(bytes1(terms.load(_NAME_LENGTH)));
    }
}
