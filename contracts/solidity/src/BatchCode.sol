// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {LibRLP} from "solady/src/utils/LibRLP.sol";
import {SSTORE2} from "solady/src/utils/SSTORE2.sol";

/// @notice Writes a batch once as the code of a data contract, and reads it there.
/// @dev Code: STOP, metadata digest 32, custody root 32, batch id 32, recipients of 20 bytes each, strictly ascending.
/// Batch `number` is created by the collection's nonce `number + 1` (a contract's first nonce is 1, EIP-161), so its
/// address is computed and never stored. That holds as long as a collection creates nothing else; a creation that fails
/// reverts its transaction, and the nonce with it.
library BatchCode {
    uint256 internal constant RECIPIENT_LENGTH = 20;

    /// @dev STOP and three words.
    uint256 private constant _HEADER = 97;

    /// @dev EIP-170 allows 24,576 bytes of code.
    uint256 internal constant CAPACITY = (24_576 - _HEADER) / RECIPIENT_LENGTH;

    function write(bytes32 metadataDigest, bytes32 custodyRoot, bytes32 batchId, bytes calldata recipients) internal {
        SSTORE2.write(abi.encodePacked(metadataDigest, custodyRoot, batchId, recipients));
    }

    /// @dev The data contract of the running collection's batch, whether it exists or not.
    function locate(uint256 number) internal view returns (address) {
        return LibRLP.computeAddress(address(this), number + 1);
    }

    function header(address data) internal view returns (bytes32 metadataDigest, bytes32 custodyRoot, bytes32 batchId) {
        return abi.decode(SSTORE2.read(data, 0, _HEADER - 1), (bytes32, bytes32, bytes32));
    }

    function count(address data) internal view returns (uint256) {
        return (data.code.length - _HEADER) / RECIPIENT_LENGTH;
    }

    /// @param index Below 10,000.
    /// @return recipient Zero when the batch has no such index.
    function recipientAt(address data, uint256 index) internal view returns (address recipient) {
        uint256 offset;
        // Unchecked: an index is too small to overflow anything.
        unchecked {
            offset = _HEADER + index * RECIPIENT_LENGTH;
        }
        // Assembly: EXTCODECOPY of one word, on the path of every first transfer. It looks at the address's lower 20 bytes
        // only (LibRLP leaves the others dirty). Past the end of the code it gives zeros, and the code ends with a whole
        // recipient, so an index past the batch reads as the zero address.
        assembly ("memory-safe") {
            extcodecopy(data, 0x00, offset, 0x20)
            recipient := shr(96, mload(0x00))
        }
    }

    /// @dev Binary search: recipients ascend. At most 11 probes.
    function contains(address data, address account) internal view returns (bool) {
        uint256 low = 0;
        uint256 high = count(data);
        // Unchecked: low <= middle < high <= CAPACITY throughout.
        unchecked {
            while (low < high) {
                uint256 middle = (low + high) / 2;
                address recipient = recipientAt(data, middle);
                if (recipient == account) {
                    return true;
                }
                if (recipient < account) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
        }
        return false;
    }
}
