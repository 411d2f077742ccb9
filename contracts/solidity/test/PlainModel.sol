// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice What a collection should say, kept the plain way: a mapping for each question, no cleverness.
contract PlainModel {
    mapping(uint256 tokenId => address) public ownerOf;
    mapping(uint256 tokenId => address) public approvedFor;
    mapping(address holder => uint256) public balanceOf;
    mapping(address holder => mapping(address operator => bool)) public isOperator;

    uint256[] private _tokens;
    address[] private _holders;
    mapping(address holder => bool) private _known;

    function mint(uint256 tokenId, address to) external {
        _tokens.push(tokenId);
        _give(to, tokenId);
    }

    function transfer(uint256 tokenId, address to) external {
        --balanceOf[ownerOf[tokenId]];
        delete approvedFor[tokenId];
        _give(to, tokenId);
    }

    function burn(uint256 tokenId) external {
        --balanceOf[ownerOf[tokenId]];
        delete approvedFor[tokenId];
        delete ownerOf[tokenId];
    }

    function approve(uint256 tokenId, address account) external {
        approvedFor[tokenId] = account;
    }

    function setOperator(address holder, address operator, bool allowed) external {
        isOperator[holder][operator] = allowed;
    }

    function mayMove(address account, uint256 tokenId) external view returns (bool) {
        address holder = ownerOf[tokenId];
        return
            holder != address(0)
                && (account == holder || approvedFor[tokenId] == account || isOperator[holder][account]);
    }

    function tokens() external view returns (uint256[] memory) {
        return _tokens;
    }

    /// @notice Everybody who ever held a token.
    function holders() external view returns (address[] memory) {
        return _holders;
    }

    function _give(address to, uint256 tokenId) private {
        ownerOf[tokenId] = to;
        ++balanceOf[to];
        if (!_known[to]) {
            _known[to] = true;
            _holders.push(to);
        }
    }
}
