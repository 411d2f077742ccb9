// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {CampaignCollection} from "../src/CampaignCollection.sol";
import {ICampaignCollection} from "../src/interfaces/ICampaignCollection.sol";
import {CollectionConfig, ICampaignCollectionFactory} from "../src/interfaces/ICampaignCollectionFactory.sol";
import {Situations} from "./Situations.sol";

contract CampaignCollectionFactoryTest is Situations {
    function test_Gives_the_collection_everything_it_was_asked_for() public view {
        assertEq(collection.name(), "Imprimatur Spring Launch", "name");
        assertEq(collection.symbol(), "IMPSPRNG", "symbol");
        assertEq(collection.campaignId(), CAMPAIGN, "campaign");
        assertEq(collection.creator(), address(this), "creator");
        assertEq(collection.owner(), address(this), "owner");
        assertEq(collection.pendingOwner(), address(0), "pending owner");
        assertTrue(collection.isMinter(address(this)), "the creator mints");
        assertTrue(!collection.isMinter(STRANGER), "a stranger does not mint");
        assertEq(collection.factory(), address(factory), "factory");
        (address receiver, uint256 royalty) = collection.royaltyInfo(0, 10_000);
        assertEq(receiver, RECEIVER, "royalty receiver");
        assertEq(royalty, 750, "royalty");
        assertEq(collection.batchCount(), 0, "batches");
        assertEq(address(collection).code.length, 45 + 95 + 24 + 8, "bytes of the clone");
    }

    function test_Announces_a_new_collection() public {
        address predicted = factory.predictCollection(address(this), "new", aConfig());

        vm.expectEmit(address(factory));
        emit ICampaignCollectionFactory.CollectionCreated(
            address(this), "new", predicted, "Imprimatur Spring Launch", "IMPSPRNG"
        );
        address created = factory.createCollection("new", aConfig());

        assertEq(created, predicted, "prediction");
        assertEq(factory.collectionOf(address(this), "new"), created, "record");
    }

    function test_Finds_the_first_collection_when_asked_again() public {
        vm.recordLogs();
        address again = factory.createCollection(CAMPAIGN, aConfig());

        assertEq(again, address(collection), "address");
        assertEq(vm.getRecordedLogs().length, 0, "nothing is announced twice");
    }

    function test_Finds_it_again_after_it_was_used() public {
        mintTo(list(STRANGER));
        collection.renounceOwnership();

        assertEq(factory.createCollection(CAMPAIGN, aConfig()), address(collection), "address");
    }

    function test_Takes_no_owner_for_the_creator_in_a_repeat_as_well() public {
        CollectionConfig memory config = aConfig();
        config.owner = address(this);

        assertEq(factory.createCollection(CAMPAIGN, config), address(collection), "the same configuration");
    }

    function test_Refuses_another_configuration_for_the_same_campaign() public {
        for (uint256 field = 0; field < 5; ++field) {
            CollectionConfig memory config = aConfig();
            if (field == 0) config.name = "Imprimatur Spring lLaunc";
            if (field == 1) config.symbol = "IMPSPRN";
            if (field == 2) config.owner = STRANGER;
            if (field == 3) config.royaltyReceiver = STRANGER;
            if (field == 4) config.royaltyBasisPoints = 751;

            vm.expectRevert(
                abi.encodeWithSelector(ICampaignCollectionFactory.CollectionExists.selector, address(collection))
            );
            factory.createCollection(CAMPAIGN, config);
        }
    }

    function test_Tells_name_and_symbol_apart() public {
        CollectionConfig memory config = aConfig();
        config.name = string.concat(config.name, "I");
        config.symbol = "MPSPRNG";

        vm.expectRevert(
            abi.encodeWithSelector(ICampaignCollectionFactory.CollectionExists.selector, address(collection))
        );
        factory.createCollection(CAMPAIGN, config);
    }

    function test_Keeps_callers_apart() public {
        vm.prank(STRANGER);
        address theirs = factory.createCollection(CAMPAIGN, aConfig());

        assertTrue(theirs != address(collection), "another address");
        assertEq(CampaignCollection(theirs).owner(), STRANGER, "their owner");
        assertEq(factory.collectionOf(STRANGER, CAMPAIGN), theirs, "their record");
        assertEq(factory.collectionOf(address(this), CAMPAIGN), address(collection), "our record");
    }

    function test_Lets_an_owner_be_named_who_does_not_mint() public {
        CollectionConfig memory config = aConfig();
        config.owner = STRANGER;

        CampaignCollection other = CampaignCollection(factory.createCollection("other", config));

        assertEq(other.owner(), STRANGER, "owner");
        assertTrue(!other.isMinter(STRANGER), "the owner does not mint");
        assertTrue(other.isMinter(address(this)), "the creator does");
    }

    function test_Knows_none_but_its_own() public {
        CampaignCollection foreign = new CampaignCollection();
        address forged =
            Clones.cloneWithImmutableArgs(factory.implementation(), Clones.fetchCloneArgs(address(collection)));

        assertTrue(factory.isCollection(address(collection)), "its own");
        assertTrue(!factory.isCollection(address(0)), "zero");
        assertTrue(!factory.isCollection(STRANGER), "no code");
        assertTrue(!factory.isCollection(address(factory)), "itself");
        assertTrue(!factory.isCollection(factory.implementation()), "the implementation");
        assertTrue(!factory.isCollection(address(foreign)), "an implementation that is not its own");
        assertTrue(!factory.isCollection(forged), "a clone with the very same terms that it did not make");
        assertEq(CampaignCollection(forged).factory(), address(factory), "the forgery's word, worth nothing");
        assertEq(factory.collectionOf(STRANGER, CAMPAIGN), address(0), "no record");
    }

    function test_Takes_names_up_to_255_bytes() public {
        CollectionConfig memory config = aConfig();
        config.name = string(new bytes(255));
        config.symbol = string(new bytes(255));
        CampaignCollection other = CampaignCollection(factory.createCollection("long", config));
        assertEq(other.name(), config.name, "name");
        assertEq(other.symbol(), config.symbol, "symbol");

        config.name = string(new bytes(256));
        vm.expectRevert(abi.encodeWithSelector(ICampaignCollectionFactory.NameTooLong.selector, 256, 255));
        factory.createCollection("longer", config);

        config.name = "";
        config.symbol = string(new bytes(256));
        vm.expectRevert(abi.encodeWithSelector(ICampaignCollectionFactory.SymbolTooLong.selector, 256, 255));
        factory.createCollection("longer", config);
    }

    function test_Takes_royalties_up_to_the_whole_price() public {
        CollectionConfig memory config = aConfig();
        config.royaltyBasisPoints = 10_000;
        CampaignCollection other = CampaignCollection(factory.createCollection("all", config));
        (, uint256 royalty) = other.royaltyInfo(0, type(uint256).max);
        assertEq(royalty, type(uint256).max, "no overflow at the greatest price");

        config.royaltyBasisPoints = 10_001;
        vm.expectRevert(abi.encodeWithSelector(ICampaignCollectionFactory.RoyaltyTooHigh.selector, 10_001, 10_000));
        factory.createCollection("more", config);

        config.royaltyBasisPoints = 65_536 + 750; // would be 750 again in the two bytes it is packed into
        vm.expectRevert(abi.encodeWithSelector(ICampaignCollectionFactory.RoyaltyTooHigh.selector, 66_286, 10_000));
        factory.createCollection("more", config);
    }

    function test_Wants_a_receiver_for_a_royalty_only() public {
        CollectionConfig memory config = aConfig();
        config.royaltyReceiver = address(0);
        vm.expectRevert(ICampaignCollectionFactory.RoyaltyReceiverMissing.selector);
        factory.createCollection("nobody", config);

        config.royaltyBasisPoints = 0;
        CampaignCollection other = CampaignCollection(factory.createCollection("nobody", config));
        (address receiver, uint256 royalty) = other.royaltyInfo(0, 1 ether);
        assertEq(receiver, address(0), "receiver");
        assertEq(royalty, 0, "royalty");
    }

    function test_Its_implementation_is_not_a_collection() public {
        CampaignCollection implementation = CampaignCollection(factory.implementation());

        vm.expectRevert(ICampaignCollection.NotACollection.selector);
        implementation.name();
        vm.expectRevert(ICampaignCollection.NotACollection.selector);
        implementation.owner();
        vm.expectRevert(ICampaignCollection.NotACollection.selector);
        implementation.mintBatch(batchId(0), 0, digest(0), root(0), abi.encodePacked(STRANGER));
        vm.expectRevert(ICampaignCollection.NotACollection.selector);
        implementation.transferOwnership(STRANGER);
    }

    function testFuzz_Reads_back_what_it_was_given(
        address caller,
        bytes32 campaignId,
        string memory name,
        string memory symbol,
        address owner,
        address receiver,
        uint256 basisPoints
    ) public {
        vm.assume(caller != address(0) && receiver != address(0));
        vm.assume(bytes(name).length < 256 && bytes(symbol).length < 256);
        CollectionConfig memory config = CollectionConfig(name, symbol, owner, receiver, uint96(basisPoints % 10_001));

        vm.prank(caller);
        CampaignCollection made = CampaignCollection(factory.createCollection(campaignId, config));

        assertEq(factory.predictCollection(caller, campaignId, config), address(made), "prediction");
        assertTrue(factory.isCollection(address(made)), "known");
        assertEq(made.name(), name, "name");
        assertEq(made.symbol(), symbol, "symbol");
        assertEq(made.campaignId(), campaignId, "campaign");
        assertEq(made.creator(), caller, "creator");
        assertEq(made.owner(), owner == address(0) ? caller : owner, "owner");
        (address to, uint256 royalty) = made.royaltyInfo(1, 10_000);
        assertEq(to, receiver, "receiver");
        assertEq(royalty, basisPoints % 10_001, "royalty");
    }
}
