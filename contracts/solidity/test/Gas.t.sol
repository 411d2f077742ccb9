// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Recipients, Situations} from "./Situations.sol";

/// @notice What things cost as whole transactions: intrinsic and calldata gas included, everything cold (isolation).
/// @dev snapshots/Collections.json keeps the figures; script/gas.mjs takes the same ones from a node's receipts.
contract GasTest is Situations {
    using Recipients for address[];

    string private constant _GROUP = "Collections";

    /// forge-config: default.isolate = true
    function test_A_collection_costs_at_most_250_000() public {
        factory.createCollection("another campaign", aConfig());
        uint256 used = vm.snapshotGasLastCall(_GROUP, "createCollection, name 24 bytes, symbol 8");

        assertTrue(used <= 250_000, "gas of a collection");
    }

    /// forge-config: default.isolate = true
    function test_A_token_costs_at_most_6_500_in_a_thousand() public {
        mintTo(Recipients.some(1, 1_000));
        uint256 used = vm.snapshotGasLastCall(_GROUP, "mintBatch of 1000, the first");
        vm.snapshotValue(_GROUP, "mintBatch of 1000, the first, per token", (used + 999) / 1_000);
        assertTrue(used <= 6_500 * 1_000, "gas of the first thousand");

        mintTo(Recipients.some(2, 1_000));
        used = vm.snapshotGasLastCall(_GROUP, "mintBatch of 1000, a later one");
        assertTrue(used <= 6_500 * 1_000, "gas of a later thousand");
    }

    /// forge-config: default.isolate = true
    function test_Other_batches() public {
        mintTo(Recipients.some(1, 1));
        vm.snapshotGasLastCall(_GROUP, "mintBatch of 1, the first");
        mintTo(Recipients.some(2, 100));
        vm.snapshotGasLastCall(_GROUP, "mintBatch of 100");
        mintTo(Recipients.some(3, collection.MAX_BATCH()));
        uint256 used = vm.snapshotGasLastCall(_GROUP, "mintBatch of MAX_BATCH");

        assertTrue(used <= 16_777_216, "a full batch fits the transaction gas cap (EIP-7825)");
    }

    /// forge-config: default.isolate = true
    function test_Life_after_the_mint() public {
        address[] memory recipients = Recipients.some(1, 1_000);
        mintTo(recipients);

        vm.prank(recipients[7]);
        collection.transferFrom(recipients[7], STRANGER, 7);
        vm.snapshotGasLastCall(_GROUP, "transferFrom, the first of a token, new holder");
        vm.prank(STRANGER);
        collection.transferFrom(STRANGER, RECEIVER, 7);
        vm.snapshotGasLastCall(_GROUP, "transferFrom, later");
        vm.prank(recipients[8]);
        collection.burn(8);
        vm.snapshotGasLastCall(_GROUP, "burn, never moved");
        collection.reviseBatch(0, digest(9));
        vm.snapshotGasLastCall(_GROUP, "reviseBatch, the first");
    }

    /// @dev Calls, not transactions: without intrinsic gas.
    /// forge-config: default.isolate = true
    function test_Questions() public {
        for (uint256 number = 0; number < 8; ++number) {
            mintTo(Recipients.some(number, 1_000));
        }

        collection.balanceOf(address(type(uint160).max / 2));
        vm.snapshotGasLastCall(_GROUP, "balanceOf, 8 batches of 1000");
        collection.ownerOf(7);
        vm.snapshotGasLastCall(_GROUP, "ownerOf, never moved");
        collection.tokenURI(7);
        vm.snapshotGasLastCall(_GROUP, "tokenURI");
    }
}
