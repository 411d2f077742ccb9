// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC4906} from "@openzeppelin/contracts/interfaces/IERC4906.sol";
import {IERC721} from "@openzeppelin/contracts/interfaces/IERC721.sol";
import {IERC721Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IERC721Receiver} from "@openzeppelin/contracts/token/ERC721/IERC721Receiver.sol";
import {CampaignCollection} from "../src/CampaignCollection.sol";
import {ICampaignCollection} from "../src/interfaces/ICampaignCollection.sol";
import {CollectionConfig} from "../src/interfaces/ICampaignCollectionFactory.sol";
import {Recipients, Situations} from "./Situations.sol";
import {Vm} from "./Base.sol";

contract CampaignCollectionTest is Situations {
    using Recipients for address[];

    address private constant ANNE = address(0xA11E00);
    address private constant BERT = address(0xBE2700);
    address private constant CARL = address(0xCA2100);

    // ---- minting

    function test_Mints_one_token_to_each_recipient() public {
        mintTo(list(ANNE, BERT));
        mintTo(list(ANNE, CARL));

        assertEq(collection.ownerOf(0), ANNE, "token 0");
        assertEq(collection.ownerOf(1), BERT, "token 1");
        assertEq(collection.ownerOf(10_000), ANNE, "token 10000");
        assertEq(collection.ownerOf(10_001), CARL, "token 10001");
        assertEq(collection.balanceOf(ANNE), 2, "Anne's");
        assertEq(collection.balanceOf(BERT), 1, "Bert's");
        assertEq(collection.balanceOf(CARL), 1, "Carl's");
        assertEq(collection.balanceOf(STRANGER), 0, "a stranger's");
        assertEq(collection.batchCount(), 2, "batches");
    }

    function test_Announces_each_token_and_the_batch() public {
        mintTo(list(CARL));

        vm.expectEmit(address(collection));
        emit IERC721.Transfer(address(0), ANNE, 10_000);
        vm.expectEmit(address(collection));
        emit IERC721.Transfer(address(0), BERT, 10_001);
        vm.expectEmit(address(collection));
        emit ICampaignCollection.BatchMinted("b", 1, 10_000, 2, digest(1), root(1));
        vm.expectEmit(address(collection));
        emit ICampaignCollection.ContractURIUpdated();
        collection.mintBatch("b", 1, digest(1), root(1), list(ANNE, BERT).pack());
    }

    function test_Announces_nothing_else() public {
        vm.recordLogs();
        collection.mintBatch("b", 0, digest(0), root(0), Recipients.some(5, 100).pack());

        Vm.Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs.length, 102, "logs");
        for (uint256 i = 0; i < 100; ++i) {
            assertEq(logs[i].topics.length, 4, "topics");
            assertEq(logs[i].topics[0], IERC721.Transfer.selector, "event");
            assertEq(logs[i].topics[1], 0, "from");
            assertEq(uint256(logs[i].topics[3]), i, "token");
            assertEq(logs[i].data.length, 0, "data");
        }
    }

    function test_Tells_of_a_batch() public {
        mintTo(list(CARL));
        collection.mintBatch("b", 1, digest(1), root(1), list(ANNE, BERT).pack());

        (bytes32 id, bytes32 metadata, bytes32 custody, uint256 count) = collection.batch(1);
        assertEq(id, "b", "batch id");
        assertEq(metadata, digest(1), "metadata");
        assertEq(custody, root(1), "custody");
        assertEq(count, 2, "count");
        (bool minted, uint256 number) = collection.batchOf("b");
        assertTrue(minted, "minted");
        assertEq(number, 1, "number");
        (minted, number) = collection.batchOf(batchId(0));
        assertTrue(minted, "minted");
        assertEq(number, 0, "number");
        (minted, number) = collection.batchOf("c");
        assertTrue(!minted, "not minted");
        assertEq(number, 0, "no number");

        vm.expectRevert(abi.encodeWithSelector(ICampaignCollection.NoSuchBatch.selector, 2, 2));
        collection.batch(2);
        vm.expectRevert(abi.encodeWithSelector(ICampaignCollection.NoSuchBatch.selector, type(uint256).max, 2));
        collection.batch(type(uint256).max);
    }

    function test_Uses_a_batch_id_once() public {
        mintTo(list(CARL));
        collection.mintBatch("b", 1, digest(1), root(1), list(ANNE).pack());

        vm.expectRevert(abi.encodeWithSelector(ICampaignCollection.BatchAlreadyMinted.selector, bytes32("b"), 1));
        collection.mintBatch("b", 1, digest(1), root(1), list(ANNE).pack());
        vm.expectRevert(abi.encodeWithSelector(ICampaignCollection.BatchAlreadyMinted.selector, bytes32("b"), 1));
        collection.mintBatch("b", 2, digest(2), root(2), list(BERT).pack());
        vm.expectRevert(abi.encodeWithSelector(ICampaignCollection.BatchAlreadyMinted.selector, batchId(0), 0));
        collection.mintBatch(batchId(0), 2, digest(2), root(2), list(BERT).pack());
    }

    function test_Mints_only_the_batch_that_was_expected() public {
        vm.expectRevert(abi.encodeWithSelector(ICampaignCollection.UnexpectedBatch.selector, 1, 0));
        collection.mintBatch("b", 1, digest(1), root(1), list(ANNE).pack());
        mintTo(list(ANNE));
        vm.expectRevert(abi.encodeWithSelector(ICampaignCollection.UnexpectedBatch.selector, 0, 1));
        collection.mintBatch("b", 0, digest(1), root(1), list(ANNE).pack());
    }

    function test_Refuses_bad_recipients_and_goes_on_undisturbed() public {
        expectRefusal("", abi.encodeWithSelector(ICampaignCollection.NoRecipients.selector));
        expectRefusal(hex"01", abi.encodeWithSelector(ICampaignCollection.RecipientsNotPacked.selector, 1));
        expectRefusal(
            abi.encodePacked(ANNE, uint8(1)),
            abi.encodeWithSelector(ICampaignCollection.RecipientsNotPacked.selector, 21)
        );
        expectRefusal(abi.encodePacked(address(0)), notAscending(0));
        expectRefusal(abi.encodePacked(address(0), ANNE), notAscending(0));
        expectRefusal(abi.encodePacked(ANNE, address(0)), notAscending(1));
        expectRefusal(abi.encodePacked(ANNE, ANNE), notAscending(1));
        expectRefusal(abi.encodePacked(ANNE, BERT, BERT), notAscending(2));
        expectRefusal(abi.encodePacked(ANNE, BERT, ANNE, CARL), notAscending(2));
        expectRefusal(abi.encodePacked(BERT, ANNE), notAscending(1));
        assertEq(vm.getNonce(address(collection)), 1, "no creation survived a refusal");

        mintTo(list(ANNE, BERT));
        expectRefusal(abi.encodePacked(ANNE, ANNE), notAscending(1));
        mintTo(list(BERT, CARL));

        assertEq(collection.ownerOf(1), BERT, "token 1");
        assertEq(collection.ownerOf(10_000), BERT, "token 10000");
        assertEq(collection.ownerOf(10_001), CARL, "token 10001");
        assertEq(collection.balanceOf(BERT), 2, "Bert's");
    }

    function test_Takes_the_greatest_and_the_least_address() public {
        mintTo(list(address(1), address(type(uint160).max)));

        assertEq(collection.ownerOf(0), address(1), "least");
        assertEq(collection.ownerOf(1), address(type(uint160).max), "greatest");
        assertEq(collection.balanceOf(address(1)), 1, "of the least");
        assertEq(collection.balanceOf(address(type(uint160).max)), 1, "of the greatest");
    }

    function test_Needs_metadata() public {
        vm.expectRevert(ICampaignCollection.MetadataDigestMissing.selector);
        collection.mintBatch("b", 0, 0, root(0), list(ANNE).pack());
    }

    function test_Fills_a_batch_to_the_limit_and_not_further() public {
        uint256 limit = collection.MAX_BATCH();
        assertEq(limit, 1_223, "what EIP-170 leaves");
        address[] memory recipients = Recipients.some(3, limit);

        mintTo(recipients);

        assertEq(dataOf(0).code.length, 97 + limit * 20, "bytes of code");
        assertEq(collection.ownerOf(0), recipients[0], "first");
        assertEq(collection.ownerOf(limit - 1), recipients[limit - 1], "last");
        for (uint256 i = 0; i < limit; i += 13) {
            assertEq(collection.balanceOf(recipients[i]), 1, "balance");
        }
        assertEq(collection.balanceOf(recipients[limit - 1]), 1, "last balance");
        expectNonexistent(limit);
        expectNonexistent(9_999);

        bytes memory tooMany = Recipients.some(3, limit + 1).pack();
        vm.expectRevert(abi.encodeWithSelector(ICampaignCollection.TooManyRecipients.selector, limit + 1, limit));
        collection.mintBatch("b", 1, digest(1), root(1), tooMany);
    }

    function test_Knows_no_token_it_did_not_mint() public {
        expectNonexistent(0);
        mintTo(list(ANNE, BERT));

        expectNonexistent(2);
        expectNonexistent(9_999);
        expectNonexistent(10_000);
        expectNonexistent(uint256(type(uint64).max) * 10_000);
        expectNonexistent(type(uint256).max);
    }

    function test_Says_so_when_gas_does_not_suffice_for_the_data_contract() public {
        bytes memory call =
            abi.encodeCall(collection.mintBatch, ("b", 0, digest(0), root(0), Recipients.some(1, 1_000).pack()));

        (bool done, bytes memory reason) = address(collection).call{gas: 3_000_000}(call);

        assertTrue(!done, "refused");
        assertEq(bytes32(reason), bytes32(ICampaignCollection.DeploymentFailed.selector), "reason");
        assertEq(collection.batchCount(), 0, "nothing was minted");
    }

    function test_Finds_its_data_contracts_by_nonce() public {
        for (uint256 number = 0; number < 300; ++number) {
            address[] memory recipients = Recipients.some(number, 2);
            assertEq(mintTo(recipients), number, "number");

            assertEq(
                keccak256(dataOf(number).code),
                keccak256(abi.encodePacked(hex"00", digest(number), root(number), batchId(number), recipients.pack())),
                "code"
            );
            assertEq(collection.ownerOf(number * 10_000 + 1), recipients[1], "owner");
            (bytes32 id,,, uint256 count) = collection.batch(number);
            assertEq(id, batchId(number), "batch id");
            assertEq(count, 2, "count");
        }
        assertEq(vm.getNonce(address(collection)), 301, "nonce");
    }

    function test_Finds_them_past_every_width_of_a_nonce() public {
        bytes32 slot = bytes32(uint256(6)); // _batchCount: after ERC721's six
        mintTo(list(ANNE));
        assertEq(uint256(vm.load(address(collection), slot)), 1, "the slot is the batch count's");

        uint256[3] memory numbers = [uint256(65_533), 16_777_213, 4_294_967_293];
        for (uint256 i = 0; i < numbers.length; ++i) {
            vm.store(address(collection), slot, bytes32(numbers[i]));
            vm.setNonce(address(collection), uint64(numbers[i] + 1));
            for (uint256 number = numbers[i]; number < numbers[i] + 4; ++number) {
                mintTo(list(ANNE, BERT));
                assertEq(collection.ownerOf(number * 10_000 + 1), BERT, "owner");
                assertEq(dataOf(number).code.length, 97 + 40, "bytes of code");
            }
        }
    }

    function test_Data_contracts_cannot_be_run() public {
        mintTo(list(ANNE));

        (bool done, bytes memory result) = dataOf(0).call(hex"ff");

        assertTrue(done, "stops at once");
        assertEq(result.length, 0, "and says nothing");
    }

    // ---- metadata

    function test_Spells_known_content_identifiers() public {
        collection.mintBatch("a", 0, EMPTY_DIRECTORY, 0, list(ANNE, BERT, CARL).pack());
        collection.mintBatch(
            "b", 1, 0xc878774794c2f8f6f36d6b9364aa88b3a8e48f30f0ab2971934c86c6ee195cfb, 0, list(ANNE).pack()
        );
        collection.mintBatch(
            "c",
            2,
            0xb0a6e8f31bd7eb2e3a0046b238ca01ee7f30f02303d6283413b47d0dbdc5fe43,
            0,
            Recipients.some(1, 1_001).pack()
        );

        assertEq(collection.tokenURI(0), string.concat(EMPTY_DIRECTORY_URI, "0.json"), "token 0");
        assertEq(collection.tokenURI(2), string.concat(EMPTY_DIRECTORY_URI, "2.json"), "token 2");
        assertEq(
            collection.tokenURI(10_000),
            "ipfs://bafybeigipb3upfgc7d3pg3llsnskvcftvdsi6mhqvmuxde2mq3do4gk47m/0.json",
            "the index, not the token id"
        );
        assertEq(
            collection.tokenURI(21_000),
            "ipfs://bafybeifqu3upgg6x5mxduacgwi4muapop4ypaiyd2yudie5upug33rp6im/1000.json",
            "token 21000"
        );
    }

    function testFuzz_Spells_content_identifiers_by_the_book(bytes32 value) public {
        vm.assume(value != 0);
        collection.mintBatch("a", 0, value, 0, list(ANNE).pack());

        // RFC 4648 by the letter: bits from the left in fives, zeros at the end.
        bytes memory raw = abi.encodePacked(hex"01701220", value);
        bytes memory text = new bytes(58);
        for (uint256 letter = 0; letter < 58; ++letter) {
            uint256 five = 0;
            for (uint256 bit = letter * 5; bit < letter * 5 + 5; ++bit) {
                five = five * 2 + (bit < 288 ? (uint8(raw[bit / 8]) >> (7 - bit % 8)) & 1 : 0);
            }
            text[letter] = bytes("abcdefghijklmnopqrstuvwxyz234567")[five];
        }
        assertEq(collection.tokenURI(0), string.concat("ipfs://b", string(text), "/0.json"), "uri");
    }

    function test_Describes_itself_by_the_newest_batch() public {
        assertEq(collection.contractURI(), "", "before the first batch");
        collection.mintBatch("b", 0, digest(0), 0, list(ANNE).pack());
        collection.mintBatch("a", 1, EMPTY_DIRECTORY, 0, list(ANNE).pack());

        assertEq(collection.contractURI(), string.concat(EMPTY_DIRECTORY_URI, "contract.json"), "newest");
    }

    function test_Revises_a_batch() public {
        mintTo(list(ANNE, BERT));
        mintTo(list(ANNE, BERT, CARL));
        string memory untouched = collection.tokenURI(0);

        vm.expectEmit(address(collection));
        emit ICampaignCollection.BatchRevised(1, EMPTY_DIRECTORY);
        vm.expectEmit(address(collection));
        emit IERC4906.BatchMetadataUpdate(10_000, 10_002);
        vm.expectEmit(address(collection));
        emit ICampaignCollection.ContractURIUpdated();
        collection.reviseBatch(1, EMPTY_DIRECTORY);

        assertEq(collection.tokenURI(10_001), string.concat(EMPTY_DIRECTORY_URI, "1.json"), "revised");
        assertEq(collection.tokenURI(0), untouched, "the other batch");
        assertEq(collection.contractURI(), string.concat(EMPTY_DIRECTORY_URI, "contract.json"), "contract");
        (bytes32 id, bytes32 metadata, bytes32 custody, uint256 count) = collection.batch(1);
        assertEq(metadata, EMPTY_DIRECTORY, "metadata");
        assertEq(id, batchId(1), "the id stays");
        assertEq(custody, root(1), "custody stays");
        assertEq(count, 3, "count stays");

        collection.reviseBatch(1, digest(1));
        (, metadata,,) = collection.batch(1);
        assertEq(metadata, digest(1), "revised again");
    }

    function test_Revising_an_older_batch_leaves_the_contract_document_alone() public {
        mintTo(list(ANNE));
        mintTo(list(ANNE));
        string memory before = collection.contractURI();

        vm.recordLogs();
        collection.reviseBatch(0, EMPTY_DIRECTORY);

        assertEq(vm.getRecordedLogs().length, 2, "no ContractURIUpdated");
        assertEq(collection.contractURI(), before, "contract");
    }

    function test_Refuses_impossible_revisions() public {
        vm.expectRevert(abi.encodeWithSelector(ICampaignCollection.NoSuchBatch.selector, 0, 0));
        collection.reviseBatch(0, EMPTY_DIRECTORY);
        mintTo(list(ANNE));
        vm.expectRevert(abi.encodeWithSelector(ICampaignCollection.NoSuchBatch.selector, 1, 1));
        collection.reviseBatch(1, EMPTY_DIRECTORY);
        vm.expectRevert(ICampaignCollection.MetadataDigestMissing.selector);
        collection.reviseBatch(0, 0);
    }

    // ---- custody

    /// @dev Root and proofs are @openzeppelin/merkle-tree 1.0.8's (StandardMerkleTree) over five leaves.
    function test_Verifies_custody_by_the_standard_tree() public {
        mintTo(list(ANNE));
        bytes32 id = 0x4bb24efc9641afc5ded1ca77eabb6e2fcf062d2112ccd61bd8bd6acd89180bae;
        collection.mintBatch(
            id,
            1,
            digest(1),
            0xe27c308a86f90ac4c72ebb9d43fd5169ca9aac010adc4d471f8af827f2378e50,
            Recipients.some(1, 5).pack()
        );
        bytes32 record0 = 0xaad4f3ab7defd30b8a2e90a944b942545283a63f0617db3bbf038d9bce8eed28;
        bytes32[] memory proof0 = new bytes32[](3);
        proof0[0] = 0x72a737c38b2ae2a2637ab7c7ab5554cf36b219844ada1b501a5d6674a17b1fe3;
        proof0[1] = 0xcf00776e9a2c42d9d359bfe7642164aed0a57662cfce57e52244168376f77dda;
        proof0[2] = 0x2303fbaf5c050bc9cd9f18d4d02ac9db342610845504d30d823806a8da5800c3;
        bytes32 record3 = 0x09022310a4e78586c8fa52204ee915e69088de1c43d7ba5c2424fddff7b477c2;
        bytes32[] memory proof3 = new bytes32[](2);
        proof3[0] = 0xa9435b11d1d6bdb2395e4daa4a35d926b7800243cde8cd9b63d43fb4df406acf;
        proof3[1] = 0x4fbcc8754d7d9a9de66e6ecf8c6b58f0cb5a73e668cef0da4e973214091e0b27;

        assertTrue(collection.verifyCustody(10_000, record0, proof0), "token 10000");
        assertTrue(collection.verifyCustody(10_003, record3, proof3), "token 10003");
        assertTrue(!collection.verifyCustody(10_001, record0, proof0), "another index");
        assertTrue(!collection.verifyCustody(0, record0, proof0), "another batch");
        assertTrue(!collection.verifyCustody(10_000, record3, proof0), "another record");
        assertTrue(!collection.verifyCustody(10_000, record0, proof3), "another proof");
        assertTrue(!collection.verifyCustody(10_000, record0, new bytes32[](0)), "no proof");

        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721NonexistentToken.selector, 10_005));
        collection.verifyCustody(10_005, record0, proof0);
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721NonexistentToken.selector, 20_000));
        collection.verifyCustody(20_000, record0, proof0);
    }

    function test_Custody_belongs_to_one_batch_id() public {
        bytes32 record = keccak256("record");
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(bytes32("a"), uint256(0), record))));
        collection.mintBatch("a", 0, digest(0), leaf, list(ANNE).pack());
        collection.mintBatch("b", 1, digest(1), leaf, list(ANNE).pack());

        assertTrue(collection.verifyCustody(0, record, new bytes32[](0)), "a tree of one leaf");
        assertTrue(!collection.verifyCustody(10_000, record, new bytes32[](0)), "the same root under another id");
    }

    function test_Custody_outlives_the_token() public {
        bytes32 record = keccak256("record");
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(bytes32("a"), uint256(0), record))));
        collection.mintBatch("a", 0, digest(0), leaf, list(ANNE).pack());
        vm.prank(ANNE);
        collection.burn(0);

        assertTrue(collection.verifyCustody(0, record, new bytes32[](0)), "burned");
    }

    // ---- tokens

    function test_Transfers() public {
        mintTo(list(ANNE, BERT));

        vm.expectEmit(address(collection));
        emit IERC721.Transfer(ANNE, CARL, 0);
        vm.prank(ANNE);
        collection.transferFrom(ANNE, CARL, 0);

        assertEq(collection.ownerOf(0), CARL, "owner");
        assertEq(collection.balanceOf(ANNE), 0, "Anne's");
        assertEq(collection.balanceOf(CARL), 1, "Carl's");
        assertEq(collection.initialOwnerOf(0), ANNE, "to whom it was minted");

        vm.prank(CARL);
        collection.transferFrom(CARL, ANNE, 0);
        assertEq(collection.ownerOf(0), ANNE, "back");
        assertEq(collection.balanceOf(ANNE), 1, "Anne's again");
        assertEq(collection.balanceOf(CARL), 0, "no longer Carl's");
    }

    function test_Transfers_to_oneself_change_nothing() public {
        mintTo(list(ANNE, BERT));

        vm.prank(ANNE);
        collection.transferFrom(ANNE, ANNE, 0);

        assertEq(collection.ownerOf(0), ANNE, "owner");
        assertEq(collection.balanceOf(ANNE), 1, "balance");
    }

    function test_Transfers_only_for_those_allowed() public {
        mintTo(list(ANNE, BERT));

        vm.prank(BERT);
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721InsufficientApproval.selector, BERT, 0));
        collection.transferFrom(ANNE, BERT, 0);

        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721InsufficientApproval.selector, address(this), 0));
        collection.transferFrom(ANNE, BERT, 0); // neither owner nor minter of the collection may

        vm.prank(ANNE);
        collection.approve(BERT, 0);
        assertEq(collection.getApproved(0), BERT, "approved");
        vm.prank(BERT);
        collection.transferFrom(ANNE, CARL, 0);
        assertEq(collection.getApproved(0), address(0), "used up");
        vm.prank(BERT);
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721InsufficientApproval.selector, BERT, 0));
        collection.transferFrom(CARL, BERT, 0);

        vm.prank(CARL);
        collection.setApprovalForAll(STRANGER, true);
        assertTrue(collection.isApprovedForAll(CARL, STRANGER), "operator");
        vm.prank(STRANGER);
        collection.transferFrom(CARL, ANNE, 0);
        assertEq(collection.ownerOf(0), ANNE, "moved by an operator");
    }

    function test_Refuses_impossible_transfers() public {
        mintTo(list(ANNE, BERT));

        vm.prank(ANNE);
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721IncorrectOwner.selector, BERT, 0, ANNE));
        collection.transferFrom(BERT, CARL, 0);
        vm.prank(ANNE);
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721InvalidReceiver.selector, address(0)));
        collection.transferFrom(ANNE, address(0), 0);
        vm.prank(ANNE);
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721NonexistentToken.selector, 2));
        collection.transferFrom(ANNE, CARL, 2);
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721InvalidOwner.selector, address(0)));
        collection.balanceOf(address(0));
        vm.prank(BERT);
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721InvalidApprover.selector, BERT));
        collection.approve(BERT, 0);
        vm.prank(ANNE);
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721InvalidOperator.selector, address(0)));
        collection.setApprovalForAll(address(0), true);
    }

    function test_Asks_contracts_whether_they_want_a_token() public {
        address[] memory recipients = Recipients.some(1, 4);
        mintTo(recipients);
        Receiver willing = new Receiver(IERC721Receiver.onERC721Received.selector);
        Receiver unwilling = new Receiver(0xdeadbeef);

        vm.prank(recipients[0]);
        collection.safeTransferFrom(recipients[0], address(willing), 0, "note");
        assertEq(collection.ownerOf(0), address(willing), "taken");
        assertEq(willing.from(), recipients[0], "from");
        assertEq(willing.tokenId(), 0, "token");
        assertEq(keccak256(willing.data()), keccak256("note"), "data");
        assertEq(willing.holderThen(), address(willing), "it was the holder when it was asked");

        vm.prank(recipients[1]);
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721InvalidReceiver.selector, address(unwilling)));
        collection.safeTransferFrom(recipients[1], address(unwilling), 1);
        vm.prank(recipients[2]);
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721InvalidReceiver.selector, address(factory)));
        collection.safeTransferFrom(recipients[2], address(factory), 2);
        vm.prank(recipients[3]);
        collection.safeTransferFrom(recipients[3], STRANGER, 3);
        assertEq(collection.ownerOf(3), STRANGER, "an account is not asked");
    }

    function test_A_receiver_that_calls_back_gains_nothing() public {
        Thief thief = new Thief(collection);
        mintTo(list(ANNE, BERT));

        vm.prank(ANNE);
        collection.safeTransferFrom(ANNE, address(thief), 0);

        assertEq(collection.ownerOf(0), BERT, "passed on while it was received");
        assertEq(collection.balanceOf(address(thief)), 0, "the thief's");
        assertEq(collection.balanceOf(BERT), 2, "Bert's");
        assertEq(thief.refusals(), 2, "a second transfer and a theft were refused");
    }

    function test_Burns() public {
        mintTo(list(ANNE, BERT));

        vm.expectEmit(address(collection));
        emit IERC721.Transfer(ANNE, address(0), 0);
        vm.prank(ANNE);
        collection.burn(0);

        expectNonexistent(0);
        assertEq(collection.balanceOf(ANNE), 0, "Anne's");
        assertEq(collection.ownerOf(1), BERT, "the neighbour");
        assertEq(collection.initialOwnerOf(0), ANNE, "to whom it was minted");
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721NonexistentToken.selector, 0));
        collection.tokenURI(0);
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721NonexistentToken.selector, 0));
        collection.getApproved(0);
        vm.prank(ANNE);
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721NonexistentToken.selector, 0));
        collection.transferFrom(ANNE, BERT, 0);
        vm.prank(ANNE);
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721NonexistentToken.selector, 0));
        collection.burn(0);
    }

    function test_Burns_what_has_moved() public {
        mintTo(list(ANNE, BERT));
        vm.prank(ANNE);
        collection.transferFrom(ANNE, BERT, 0);

        vm.prank(BERT);
        collection.burn(0);

        expectNonexistent(0);
        assertEq(collection.balanceOf(ANNE), 0, "Anne's");
        assertEq(collection.balanceOf(BERT), 1, "Bert's");
    }

    function test_Burns_only_for_those_allowed() public {
        mintTo(list(ANNE, BERT));

        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721InsufficientApproval.selector, address(this), 0));
        collection.burn(0);
        vm.prank(BERT);
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721InsufficientApproval.selector, BERT, 0));
        collection.burn(0);
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721NonexistentToken.selector, 2));
        collection.burn(2);

        vm.prank(ANNE);
        collection.approve(BERT, 0);
        vm.prank(BERT);
        collection.burn(0);
        expectNonexistent(0);
    }

    function test_Knows_to_whom_a_token_was_minted() public {
        mintTo(list(ANNE, BERT));

        assertEq(collection.initialOwnerOf(1), BERT, "token 1");
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721NonexistentToken.selector, 2));
        collection.initialOwnerOf(2);
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721NonexistentToken.selector, 10_000));
        collection.initialOwnerOf(10_000);
    }

    // ---- roles

    function test_Hands_ownership_over_in_two_steps() public {
        vm.expectEmit(address(collection));
        emit ICampaignCollection.OwnershipTransferStarted(address(this), ANNE);
        collection.transferOwnership(ANNE);
        assertEq(collection.owner(), address(this), "not yet");
        assertEq(collection.pendingOwner(), ANNE, "pending");

        vm.prank(BERT);
        vm.expectRevert(abi.encodeWithSelector(ICampaignCollection.NotPendingOwner.selector, BERT));
        collection.acceptOwnership();

        vm.expectEmit(address(collection));
        emit ICampaignCollection.OwnershipTransferred(address(this), ANNE);
        vm.prank(ANNE);
        collection.acceptOwnership();
        assertEq(collection.owner(), ANNE, "now");
        assertEq(collection.pendingOwner(), address(0), "nobody pending");
        vm.prank(ANNE);
        vm.expectRevert(abi.encodeWithSelector(ICampaignCollection.NotPendingOwner.selector, ANNE));
        collection.acceptOwnership();

        expectNotOwner(address(this));
        vm.prank(ANNE);
        collection.transferOwnership(BERT);
        vm.expectEmit(address(collection));
        emit ICampaignCollection.OwnershipTransferred(ANNE, BERT);
        vm.prank(BERT);
        collection.acceptOwnership();
        assertEq(collection.owner(), BERT, "the second successor");
    }

    function test_Takes_an_offer_of_ownership_back() public {
        collection.transferOwnership(ANNE);
        collection.transferOwnership(address(0));

        vm.prank(ANNE);
        vm.expectRevert(abi.encodeWithSelector(ICampaignCollection.NotPendingOwner.selector, ANNE));
        collection.acceptOwnership();
        assertEq(collection.owner(), address(this), "owner");
    }

    function test_Gives_ownership_up_for_ever() public {
        collection.transferOwnership(ANNE);
        vm.expectEmit(address(collection));
        emit ICampaignCollection.OwnershipTransferred(address(this), address(0));
        collection.renounceOwnership();

        assertEq(collection.owner(), address(0), "nobody");
        assertEq(collection.pendingOwner(), address(0), "and nobody pending");
        vm.prank(ANNE);
        vm.expectRevert(abi.encodeWithSelector(ICampaignCollection.NotPendingOwner.selector, ANNE));
        collection.acceptOwnership();
        expectNotOwner(address(this));
        assertTrue(collection.isMinter(address(this)), "minters stay");
        mintTo(list(ANNE));
    }

    function test_Lets_the_owner_alone_administer() public {
        mintTo(list(ANNE));
        expectNotOwner(STRANGER);
        collection.grantMinter(STRANGER);
        expectNotOwner(STRANGER); // a minter is no administrator
    }

    function test_Appoints_and_dismisses_minters() public {
        expectNotMinter(ANNE);

        vm.expectEmit(address(collection));
        emit ICampaignCollection.MinterGranted(ANNE);
        collection.grantMinter(ANNE);
        assertTrue(collection.isMinter(ANNE), "appointed");
        vm.prank(ANNE);
        collection.mintBatch("a", 0, digest(0), 0, list(BERT).pack());

        vm.expectEmit(address(collection));
        emit ICampaignCollection.MinterRevoked(ANNE);
        collection.revokeMinter(ANNE);
        expectNotMinter(ANNE);
    }

    function test_Dismisses_the_creator_as_any_other_minter() public {
        collection.revokeMinter(address(this));
        assertTrue(!collection.isMinter(address(this)), "dismissed");
        expectNotMinter(address(this));

        collection.grantMinter(address(this));
        assertTrue(collection.isMinter(address(this)), "appointed again");
        mintTo(list(ANNE));
    }

    function test_Appointing_twice_is_appointing_once() public {
        collection.grantMinter(ANNE);
        vm.recordLogs();
        collection.grantMinter(ANNE);
        collection.grantMinter(address(this));
        assertTrue(collection.isMinter(ANNE) && collection.isMinter(address(this)), "minters");

        collection.revokeMinter(BERT);
        assertTrue(!collection.isMinter(BERT), "no minter");
        assertEq(vm.getRecordedLogs().length, 0, "nothing happened");

        collection.revokeMinter(ANNE);
        collection.revokeMinter(ANNE);
        assertTrue(!collection.isMinter(ANNE), "dismissed");
    }

    function test_A_new_owner_is_no_minter() public {
        collection.transferOwnership(ANNE);
        vm.prank(ANNE);
        collection.acceptOwnership();

        assertTrue(!collection.isMinter(ANNE), "the owner");
        assertTrue(collection.isMinter(address(this)), "the creator");
    }

    function test_Collections_do_not_share_state() public {
        CampaignCollection other = CampaignCollection(factory.createCollection("other", aConfig()));
        mintTo(list(ANNE, BERT));
        collection.grantMinter(ANNE);
        collection.transferOwnership(BERT);

        assertEq(other.batchCount(), 0, "batches");
        assertEq(other.balanceOf(ANNE), 0, "balance");
        assertTrue(!other.isMinter(ANNE), "minter");
        assertEq(other.pendingOwner(), address(0), "pending owner");
        other.mintBatch(batchId(0), 0, digest(0), root(0), list(CARL).pack());
        assertEq(other.ownerOf(0), CARL, "its own token 0");
        assertEq(collection.ownerOf(0), ANNE, "the other's");
    }

    // ---- standards

    function test_Names_its_interfaces() public view {
        assertTrue(collection.supportsInterface(0x01ffc9a7), "ERC-165");
        assertTrue(collection.supportsInterface(0x80ac58cd), "ERC-721");
        assertTrue(collection.supportsInterface(0x5b5e139f), "ERC-721 metadata");
        assertTrue(collection.supportsInterface(0x2a55205a), "ERC-2981");
        assertTrue(collection.supportsInterface(0x49064906), "ERC-4906");
        assertTrue(!collection.supportsInterface(0xffffffff), "ERC-165's nothing");
        assertTrue(!collection.supportsInterface(0x780e9d63), "ERC-721 enumerable");
    }

    function testFuzz_Asks_royalties_rounded_down(uint16 basisPoints, uint256 price, uint256 tokenId) public {
        CollectionConfig memory config = aConfig();
        config.royaltyBasisPoints = uint96(bound(basisPoints, 0, 10_000));
        CampaignCollection other = CampaignCollection(factory.createCollection("royal", config));

        (address receiver, uint256 royalty) = other.royaltyInfo(tokenId, price);

        assertEq(receiver, RECEIVER, "receiver");
        uint256 expected =
            price / 10_000 * config.royaltyBasisPoints + price % 10_000 * config.royaltyBasisPoints / 10_000;
        assertEq(royalty, expected, "royalty");
    }

    // ---- what these tests say often

    function dataOf(uint256 number) private view returns (address) {
        return vm.computeCreateAddress(address(collection), number + 1);
    }

    function notAscending(uint256 index) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ICampaignCollection.RecipientsNotAscending.selector, index);
    }

    function expectRefusal(bytes memory recipients, bytes memory reason) private {
        uint256 number = collection.batchCount();
        vm.expectRevert(reason);
        collection.mintBatch("refused", number, digest(number), root(number), recipients);
        assertEq(collection.batchCount(), number, "batches");
        (bool minted,) = collection.batchOf("refused");
        assertTrue(!minted, "the batch id stays free");
    }

    function expectNonexistent(uint256 tokenId) private {
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721NonexistentToken.selector, tokenId));
        collection.ownerOf(tokenId);
    }

    function expectNotMinter(address account) private {
        vm.prank(account);
        vm.expectRevert(abi.encodeWithSelector(ICampaignCollection.NotMinter.selector, account));
        collection.mintBatch("not a minter's", 0, digest(0), 0, abi.encodePacked(account));
    }

    function expectNotOwner(address account) private {
        bytes memory reason = abi.encodeWithSelector(ICampaignCollection.NotOwner.selector, account);
        vm.prank(account);
        vm.expectRevert(reason);
        collection.reviseBatch(0, EMPTY_DIRECTORY);
        vm.prank(account);
        vm.expectRevert(reason);
        collection.grantMinter(account);
        vm.prank(account);
        vm.expectRevert(reason);
        collection.revokeMinter(account);
        vm.prank(account);
        vm.expectRevert(reason);
        collection.transferOwnership(account);
        vm.prank(account);
        vm.expectRevert(reason);
        collection.renounceOwnership();
    }
}

contract Receiver is IERC721Receiver {
    bytes4 private immutable _answer;
    address public from;
    uint256 public tokenId;
    bytes public data;
    address public holderThen;

    constructor(bytes4 answer) {
        _answer = answer;
    }

    function onERC721Received(address, address from_, uint256 tokenId_, bytes calldata data_)
        external
        returns (bytes4)
    {
        (from, tokenId, data) = (from_, tokenId_, data_);
        holderThen = IERC721(msg.sender).ownerOf(tokenId_);
        return _answer;
    }
}

/// @notice Passes a token on while it receives it, then tries to do so again, and to take another.
contract Thief is IERC721Receiver {
    CampaignCollection private immutable _collection;
    uint256 public refusals;

    constructor(CampaignCollection collection) {
        _collection = collection;
    }

    function onERC721Received(address, address, uint256 tokenId, bytes calldata) external returns (bytes4) {
        address bert = _collection.ownerOf(tokenId + 1);
        _collection.transferFrom(address(this), bert, tokenId);
        try _collection.transferFrom(address(this), bert, tokenId) {}
        catch {
            ++refusals;
        }
        try _collection.transferFrom(bert, address(this), tokenId + 1) {}
        catch {
            ++refusals;
        }
        return IERC721Receiver.onERC721Received.selector;
    }
}
