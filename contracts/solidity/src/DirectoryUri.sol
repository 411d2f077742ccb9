// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice Spells the `ipfs://` address of a file in a directory known by its root's SHA-256.
library DirectoryUri {
    bytes32 private constant _BASE32 = "abcdefghijklmnopqrstuvwxyz234567";

    /// @param digest SHA-256 of the directory's dag-pb root.
    function file(bytes32 digest, string memory path) internal pure returns (string memory) {
        return string.concat("ipfs://", _cid(digest), "/", path);
    }

    /// @dev CIDv1 in base32: multibase "b", then the 36 bytes 0x01 (version) 0x70 (dag-pb) 0x12 (sha2-256) 0x20 (length)
    /// and the digest. The first 30 of these 288 bits are always the same six letters; then come the last two bits of
    /// 0x20, which are zero, the digest's 256 bits and two zero bits of padding: 52 letters of 5 bits each.
    function _cid(bytes32 digest) private pure returns (string memory) {
        bytes memory letters = "bafybei0000000000000000000000000000000000000000000000000000";
        uint256 value = uint256(digest);
        // Unchecked: 253 - 5 * 50 = 3, and 7 + 51 is the last of 59 letters.
        unchecked {
            for (uint256 i = 0; i < 51; ++i) {
                letters[7 + i] = _BASE32[(value >> (253 - 5 * i)) & 31];
            }
        }
        letters[58] = _BASE32[(value << 2) & 31];
        return string(letters);
    }
}
