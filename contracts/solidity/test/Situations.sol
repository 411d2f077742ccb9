// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {CampaignCollection} from "../src/CampaignCollection.sol";
import {CampaignCollectionFactory} from "../src/CampaignCollectionFactory.sol";
import {CollectionConfig} from "../src/interfaces/ICampaignCollectionFactory.sol";
import {Base} from "./Base.sol";

/// @notice Recipients of a batch, made and packed.
library Recipients {
    /// @dev Strictly ascending, spread over the address space as real ones are, the same for the same seed.
    function some(uint256 seed, uint256 count) internal pure returns (address[] memory list) {
        list = new address[](count);
        uint256 gap = type(uint160).max / (count + 1);
        uint256 current = 0;
        for (uint256 i = 0; i < count; ++i) {
            current += 1 + uint256(keccak256(abi.encode(seed, i))) % gap;
            list[i] = address(uint160(current));
        }
    }

    function pack(address[] memory list) internal pure returns (bytes memory packed) {
        packed = new bytes(list.length * 20);
        for (uint256 i = 0; i < list.length; ++i) {
            uint256 word = uint256(uint160(list[i])) << 96;
            assembly ("memory-safe") {
                // The last word reaches 12 bytes past the array, into free memory: `packed` is the newest allocation.
                mstore(add(add(packed, 0x20), mul(i, 20)), word)
            }
        }
    }
}

/// @notice A factory, and a collection that the test made: it is owner, creator and minter.
abstract contract Situations is Base {
    using Recipients for address[];

    bytes32 internal constant CAMPAIGN = "spring-2026";
    address internal constant RECEIVER = address(0xBEEF);
    address internal constant STRANGER = address(0x57A6);

    /// @dev The empty UnixFS directory's digest, and its CIDv1 as every IPFS implementation gives it.
    bytes32 internal constant EMPTY_DIRECTORY = 0x59948439065f29619ef41280cbb932be52c56d99c5966b65e0111239f098bbef;
    string internal constant EMPTY_DIRECTORY_URI =
        "ipfs://bafybeiczsscdsbs7ffqz55asqdf3smv6klcw3gofszvwlyarci47bgf354/";

    CampaignCollectionFactory internal factory;
    CampaignCollection internal collection;

    function setUp() public virtual {
        factory = new CampaignCollectionFactory();
        collection = CampaignCollection(factory.createCollection(CAMPAIGN, aConfig()));
    }

    /// @dev A name of 24 bytes, a symbol of 8.
    function aConfig() internal pure returns (CollectionConfig memory) {
        return CollectionConfig({
            name: "Imprimatur Spring Launch",
            symbol: "IMPSPRNG",
            owner: address(0),
            royaltyReceiver: RECEIVER,
            royaltyBasisPoints: 750
        });
    }

    function mintTo(address[] memory recipients) internal returns (uint256 number) {
        number = collection.batchCount();
        collection.mintBatch(batchId(number), number, digest(number), root(number), recipients.pack());
    }

    function batchId(uint256 number) internal pure returns (bytes32) {
        return keccak256(abi.encode("batch", number));
    }

    function digest(uint256 number) internal pure returns (bytes32) {
        return keccak256(abi.encode("metadata", number));
    }

    function root(uint256 number) internal pure returns (bytes32) {
        return keccak256(abi.encode("custody", number));
    }

    function list(address a) internal pure returns (address[] memory l) {
        l = new address[](1);
        l[0] = a;
    }

    function list(address a, address b) internal pure returns (address[] memory l) {
        l = new address[](2);
        (l[0], l[1]) = (a, b);
    }

    function list(address a, address b, address c) internal pure returns (address[] memory l) {
        l = new address[](3);
        (l[0], l[1], l[2]) = (a, b, c);
    }
}
