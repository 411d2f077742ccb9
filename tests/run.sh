#!/usr/bin/env bash
# Runs every test: C#, Solidity, end to end. Installs what they need from npm; the SDK, node and npm must be there.
#   tests/run.sh              everything that CI runs
#   tests/run.sh --long       also what takes long: soaks, fuzzing, peers' tools
#   tests/run.sh Content      only the projects whose name contains the word
set -uo pipefail
cd "$(dirname "$0")/.."

long=false
only=""
for argument in "$@"; do
  case "$argument" in
    --long) long=true ;;
    --help | -h) sed -n '2,5s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) only="$argument" ;;
  esac
done

for tool in dotnet node npm; do
  command -v "$tool" >/dev/null || { echo "tests/run.sh needs $tool on the PATH." >&2; exit 2; }
done

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 PLATFORM_TEST_LONG=$long
results=tests/results
rm -rf "$results" && mkdir -p "$results"
export PLATFORM_TEST_SERVERS="$PWD/$results/servers.txt"
passed=0 failed=0 skipped=0

# The broker that tests need: one that is named, Docker's, an installed one, or Debian's, in this order.
broker() {
  [ -n "${PLATFORM_TEST_RABBITMQ:-}" ] && return
  [ -x /usr/lib/rabbitmq/bin/rabbitmq-server ] || [ -x /opt/rabbitmq/sbin/rabbitmq-server ] && return
  timeout 5 docker info >/dev/null 2>&1 && return
  if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
    echo "Installing Debian's rabbitmq-server for the broker tests (nothing is started by it) ..."
    { apt-get update && DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 \
      apt-get install -y --no-install-recommends rabbitmq-server; } >"$results/rabbitmq.log" 2>&1 && return
    tail -n 5 "$results/rabbitmq.log"
  fi
  echo "There is no RabbitMQ: set PLATFORM_TEST_RABBITMQ, run Docker, or install rabbitmq-server. Its tests are skipped."
}

# Debian's pika, for the Python example; without it that example's tests are skipped with the reason.
pika() {
  if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null && ! /usr/bin/python3 -c 'import pika' 2>/dev/null; then
    { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends python3-pika; } \
      >"$results/pika.log" 2>&1 || tail -n 5 "$results/pika.log"
  fi
}

add() { # name passed failed skipped
  printf '%-24s %5d passed, %3d failed, %3d skipped   %4ds\n' "$1" "$2" "$3" "$4" "$5"
  passed=$((passed + $2)) failed=$((failed + $3)) skipped=$((skipped + $4))
}

solidity() {
  local started=$SECONDS line
  bash contracts/solidity/test.sh >"$results/solidity.log" 2>&1
  local code=$?
  line=$(grep -E '^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$' "$results/solidity.log" | tail -n 1)
  if [ -z "$line" ]; then
    tail -n 40 "$results/solidity.log"
    add Solidity 0 1 0 $((SECONDS - started))
    return
  fi
  read -r p _ f _ s _ <<<"$(tr -d ',' <<<"$line")"
  [ "$code" -ne 0 ] && [ "$f" -eq 0 ] && f=1
  [ "$f" -ne 0 ] && tail -n 60 "$results/solidity.log"
  add Solidity "$p" "$f" "$s" $((SECONDS - started))
}

csharp() { # project name
  local name=$1 started=$SECONDS log="$results/$1.log"
  "artifacts/bin/$name/release/Platform.$name" -noColor >"$log" 2>&1
  local code=$? total errors f s notrun
  read -r total errors f s notrun < <(sed -nE 's/.*Total: ([0-9]+), Errors: ([0-9]+), Failed: ([0-9]+), Skipped: ([0-9]+), Not Run: ([0-9]+).*/\1 \2 \3 \4 \5/p' "$log" | tail -n 1)
  if [ -z "${total:-}" ]; then
    tail -n 40 "$log"
    add "$name" 0 1 0 $((SECONDS - started))
    return
  fi
  f=$((f + errors))
  [ "$code" -ne 0 ] && [ "$f" -eq 0 ] && f=1
  [ "$f" -ne 0 ] && grep -vE 'Discover|Starting:|Finished:' "$log" | head -n 120
  # Each reason once, with how many tests it kept from running.
  grep -E '\[SKIP\]' -A 1 "$log" | grep -vE '\[SKIP\]|^--' | sed 's/^ */skipped: /' | sort | uniq -c | sed 's/^/    /'
  add "$name" $((total - f - s - notrun)) "$f" "$s" $((SECONDS - started))
}

broker
pika
if [ -z "$only" ] || [[ Solidity == *"$only"* ]]; then
  # First: it brings the chain that the other suites start.
  solidity
fi

started=$SECONDS
if ! dotnet build Platform.sln -c Release -v quiet -clp:NoSummary >"$results/build.log" 2>&1; then
  grep -E 'error|warn' "$results/build.log" | sort -u | head -n 40
  add Build 0 1 0 $((SECONDS - started))
else
  printf '%-24s built                                    %4ds\n' Build $((SECONDS - started))
  for project in tests/*.Tests; do
    name=$(basename "$project")
    [[ "$name" == *"$only"* ]] && csharp "$name"
  done
fi

[ -s "$PLATFORM_TEST_SERVERS" ] && { echo; sort -u "$PLATFORM_TEST_SERVERS" | sed -E 's/ on port [0-9]+//'; }
echo
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
