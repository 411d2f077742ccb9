#!/usr/bin/env bash
# Builds and tests the contracts; the last line is "N passed, N failed, N skipped". With --update it first writes what is
# checked in beside the sources: abi/ and snapshots/.
set -uo pipefail
cd "$(dirname "$0")"

forge=node_modules/@foundry-rs/forge-linux-amd64/bin/forge
passed=0 failed=0 skipped=0

finish() {
  echo "$passed passed, $failed failed, $skipped skipped"
  [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
  exit
}

# Runs a check that counts as one test.
check() {
  if "$@"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "FAILED: $*" >&2
  fi
}

# npm ci only where the lock is not what was installed from.
if ! cmp -s package-lock.json node_modules/.installed-from; then
  npm ci --loglevel=error && cp package-lock.json node_modules/.installed-from || { failed=1; finish; }
fi

if [ "${1:-}" = --update ]; then
  node script/abi.mjs || { failed=1; finish; }
  rm -f snapshots/*.json
  FORGE_SNAPSHOT_CHECK=false FORGE_SNAPSHOT_EMIT=true "$forge" test --match-contract GasTest --quiet || { failed=1; finish; }
  node script/gas.mjs || { failed=1; finish; }
fi

"$forge" build --quiet || { failed=1; finish; }
check node script/abi.mjs --check
check node script/gas.mjs --check

output=$(mktemp)
trap 'rm -f "$output"' EXIT
NO_COLOR=1 "$forge" test 2>&1 | tee "$output"
status=${PIPESTATUS[0]}

# "Ran 5 test suites in 5.85s (9.14s CPU time): 71 tests passed, 0 failed, 0 skipped (71 total tests)"
summary=$(sed -nE 's/^Ran [0-9]+ test suites? in .*: ([0-9]+) tests passed, ([0-9]+) failed, ([0-9]+) skipped .*/\1 \2 \3/p' "$output")
read -r tests broken left <<< "${summary:-0 0 0}"
passed=$((passed + tests)) failed=$((failed + broken)) skipped=$((skipped + left))
# A run that ended badly without saying which test it was (a build error, a gas snapshot that differs) is a failure too.
[ "$status" -ne 0 ] && [ "$broken" -eq 0 ] && failed=$((failed + 1))
finish
