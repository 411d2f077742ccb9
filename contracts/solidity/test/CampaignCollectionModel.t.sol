// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC721Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {CampaignCollection} from "../src/CampaignCollection.sol";
import {ICampaignCollection} from "../src/interfaces/ICampaignCollection.sol";
import {Base} from "./Base.sol";
import {PlainModel} from "./PlainModel.sol";
import {Recipients, Situations} from "./Situations.sol";

/// @notice Does what people do with a collection, and the same to the model; refuses nothing, so no call is wasted.
contract Handler is Base {
    using Recipients for address[];

    CampaignCollection public immutable collection;
    PlainModel public immutable model = new PlainModel();

    uint256 private constant _TOKENS_AT_MOST = 120;
    bytes32[] private _batchIds;

    constructor(CampaignCollection collection_) {
        collection = collection_;
    }

    /// @dev Five audiences only: the same people again and again, in batches of other sizes.
    function mint(uint256 audience, uint256 size) external {
        uint256 count = bound(size, 1, 12);
        if (model.tokens().length + count > _TOKENS_AT_MOST) {
            return;
        }
        address[] memory recipients = Recipients.some(audience % 5, 12);
        assembly ("memory-safe") {
            mstore(recipients, count) // the first of the audience only
        }
        uint256 number = _batchIds.length;
        bytes32 id = keccak256(abi.encode(number));

        collection.mintBatch(id, number, keccak256("metadata"), 0, recipients.pack());

        _batchIds.push(id);
        for (uint256 i = 0; i < count; ++i) {
            model.mint(number * 10_000 + i, recipients[i]);
        }
    }

    function transfer(uint256 token, uint256 person) external {
        (bool some, uint256 tokenId) = aLivingToken(token);
        if (some) {
            move(model.ownerOf(tokenId), tokenId, aPerson(person));
        }
    }

    /// @dev Anybody tries to move anything: it works for exactly those whom the model lets.
    function tryToTransfer(uint256 caller, uint256 token, uint256 person) external {
        (bool some, uint256 tokenId) = aLivingToken(token);
        if (some) {
            move(aPerson(caller), tokenId, aPerson(person));
        }
    }

    function approve(uint256 token, uint256 person) external {
        (bool some, uint256 tokenId) = aLivingToken(token);
        if (some) {
            address account = aPerson(person);
            vm.prank(model.ownerOf(tokenId));
            collection.approve(account, tokenId);
            model.approve(tokenId, account);
        }
    }

    function setOperator(uint256 token, uint256 person, bool allowed) external {
        (bool some, uint256 tokenId) = aLivingToken(token);
        if (some) {
            address holder = model.ownerOf(tokenId);
            address operator = aPerson(person);
            vm.prank(holder);
            collection.setApprovalForAll(operator, allowed);
            model.setOperator(holder, operator, allowed);
        }
    }

    /// @dev By its holder mostly, by anybody sometimes; one call in three, so that tokens live.
    function burn(uint256 token, uint256 person, uint256 dice) external {
        (bool some, uint256 tokenId) = aLivingToken(token);
        if (!some || dice % 3 != 0) {
            return;
        }
        address caller = dice % 2 == 0 ? model.ownerOf(tokenId) : aPerson(person);
        bool allowed = model.mayMove(caller, tokenId);

        vm.prank(caller);
        try collection.burn(tokenId) {
            assertTrue(allowed, "burned by one who may not");
            model.burn(tokenId);
        } catch {
            assertTrue(!allowed, "kept from one who may burn");
        }
    }

    function revise(uint256 number, bytes32 metadataDigest) external {
        if (_batchIds.length > 0 && metadataDigest != 0) {
            collection.reviseBatch(number % _batchIds.length, metadataDigest);
        }
    }

    function batchIds() external view returns (bytes32[] memory) {
        return _batchIds;
    }

    function move(address caller, uint256 tokenId, address to) private {
        address holder = model.ownerOf(tokenId);
        bool allowed = model.mayMove(caller, tokenId);
        vm.prank(caller);
        try collection.transferFrom(holder, to, tokenId) {
            assertTrue(allowed, "moved by one who may not");
            model.transfer(tokenId, to);
        } catch {
            assertTrue(!allowed, "kept from one who may move");
        }
    }

    /// @dev The first one alive from there on, round.
    function aLivingToken(uint256 from) private view returns (bool some, uint256 tokenId) {
        uint256[] memory tokens = model.tokens();
        for (uint256 i = 0; i < tokens.length; ++i) {
            tokenId = tokens[(from % tokens.length + i) % tokens.length];
            if (model.ownerOf(tokenId) != address(0)) {
                return (true, tokenId);
            }
        }
    }

    /// @dev One of those who are in the audiences (and so may own tokens already), or one of three who never are.
    function aPerson(uint256 person) private pure returns (address) {
        uint256 which = person % 63;
        return which < 60 ? Recipients.some(which / 12, 12)[which % 12] : address(uint160(0xA000 + which));
    }
}

/// @notice Whatever people do, a collection says what the plain model says.
contract CampaignCollectionInvariants is Situations {
    Handler private _handler;
    CampaignCollection private _collection;
    PlainModel private _model;

    function setUp() public override {
        super.setUp();
        _handler = new Handler(collection);
        _collection = collection;
        _model = _handler.model();
        collection.grantMinter(address(_handler));
        collection.transferOwnership(address(_handler));
        vm.prank(address(_handler));
        collection.acceptOwnership();
    }

    function targetContracts() external view returns (address[] memory) {
        return list(address(_handler));
    }

    function invariant_Every_token_is_whose_the_model_says() public {
        uint256[] memory tokens = _model.tokens();
        for (uint256 i = 0; i < tokens.length; ++i) {
            address holder = _model.ownerOf(tokens[i]);
            if (holder == address(0)) {
                vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721NonexistentToken.selector, tokens[i]));
                _collection.ownerOf(tokens[i]);
            } else {
                assertEq(_collection.ownerOf(tokens[i]), holder, "owner");
                assertEq(_collection.getApproved(tokens[i]), _model.approvedFor(tokens[i]), "approved");
            }
        }
    }

    function invariant_Every_balance_is_what_the_model_says() public view {
        address[] memory holders = _model.holders();
        for (uint256 i = 0; i < holders.length; ++i) {
            assertEq(_collection.balanceOf(holders[i]), _model.balanceOf(holders[i]), "balance");
        }
        assertEq(_collection.balanceOf(address(this)), 0, "one who holds nothing");
    }

    function invariant_Balances_add_up_to_the_living_tokens() public view {
        uint256 living = 0;
        uint256[] memory tokens = _model.tokens();
        for (uint256 i = 0; i < tokens.length; ++i) {
            living += _model.ownerOf(tokens[i]) == address(0) ? 0 : 1;
        }
        uint256 held = 0;
        address[] memory holders = _model.holders();
        for (uint256 i = 0; i < holders.length; ++i) {
            held += _collection.balanceOf(holders[i]);
        }
        assertEq(held, living, "tokens");
    }

    function invariant_Every_batch_is_found_under_its_id() public view {
        bytes32[] memory ids = _handler.batchIds();
        assertEq(_collection.batchCount(), ids.length, "batches");
        for (uint256 number = 0; number < ids.length; ++number) {
            (bool minted, uint256 found) = _collection.batchOf(ids[number]);
            assertTrue(minted, "minted");
            assertEq(found, number, "number");
            (bytes32 id,,,) = _collection.batch(number);
            assertEq(id, ids[number], "batch id");
        }
    }
}

/// @notice The same model, against batches of every size.
contract CampaignCollectionFuzz is Situations {
    PlainModel private _model;

    function setUp() public override {
        super.setUp();
        _model = new PlainModel();
    }

    function testFuzz_A_batch_is_what_was_put_in(uint256 seed, uint256 size) public {
        address[] memory recipients = Recipients.some(seed, bound(size, 1, 400));
        uint256 first = mintTo(recipients) * 10_000;

        for (uint256 i = 0; i < recipients.length; ++i) {
            assertEq(collection.ownerOf(first + i), recipients[i], "owner");
            assertEq(collection.initialOwnerOf(first + i), recipients[i], "initial owner");
            assertEq(collection.balanceOf(recipients[i]), 1, "balance");
            assertEq(collection.balanceOf(address(uint160(recipients[i]) + 1)), 0, "the next address");
        }
        vm.expectRevert(
            abi.encodeWithSelector(IERC721Errors.ERC721NonexistentToken.selector, first + recipients.length)
        );
        collection.ownerOf(first + recipients.length);
    }

    function testFuzz_Moves_and_burns_as_the_model_does(uint256 seed, uint256 size, uint256[24] calldata moves) public {
        uint256 count = bound(size, 1, 60);
        for (uint256 number = 0; number < 3; ++number) {
            // The first batch's audience comes again in the third.
            address[] memory recipients = Recipients.some(seed ^ (number % 2), count);
            uint256 first = mintTo(recipients) * 10_000;
            for (uint256 i = 0; i < count; ++i) {
                _model.mint(first + i, recipients[i]);
            }
        }

        address[] memory people = _model.holders();
        for (uint256 i = 0; i < moves.length; ++i) {
            uint256 tokenId = moves[i] % 3 * 10_000 + (moves[i] >> 32) % count;
            address holder = _model.ownerOf(tokenId);
            if (holder == address(0)) {
                continue;
            }
            vm.prank(holder);
            if ((moves[i] >> 64) % 4 == 0) {
                collection.burn(tokenId);
                _model.burn(tokenId);
            } else {
                address to = people[(moves[i] >> 96) % people.length];
                collection.transferFrom(holder, to, tokenId);
                _model.transfer(tokenId, to);
            }
        }

        uint256[] memory tokens = _model.tokens();
        for (uint256 i = 0; i < tokens.length; ++i) {
            try collection.ownerOf(tokens[i]) returns (address holder) {
                assertEq(holder, _model.ownerOf(tokens[i]), "owner");
            } catch {
                assertEq(_model.ownerOf(tokens[i]), address(0), "a burned token's owner");
            }
        }
        for (uint256 i = 0; i < people.length; ++i) {
            assertEq(collection.balanceOf(people[i]), _model.balanceOf(people[i]), "balance");
        }
    }

    function testFuzz_Mints_exactly_the_ascending(address[6] calldata recipients, uint256 size) public {
        uint256 count = bound(size, 1, 6);
        bytes memory packed;
        uint256 disorder = count;
        for (uint256 i = 0; i < count; ++i) {
            packed = bytes.concat(packed, bytes20(recipients[i]));
            bool above = recipients[i] > (i == 0 ? address(0) : recipients[i - 1]);
            if (!above && disorder == count) {
                disorder = i;
            }
        }
        if (disorder < count) {
            vm.expectRevert(abi.encodeWithSelector(ICampaignCollection.RecipientsNotAscending.selector, disorder));
        }
        collection.mintBatch("b", 0, digest(0), root(0), packed);
        assertEq(collection.batchCount(), disorder < count ? 0 : 1, "batches");
    }
}
