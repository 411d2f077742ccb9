#!/usr/bin/python3
"""Follows the token feed on the exchange imprimatur.feed and keeps who holds what.

    python3 follow_feed.py --amqp amqp://localhost --queue analytics --count 10

With --http http://127.0.0.1:5080 and --token-file it first reads over HTTP what came before the queue was there, and fills
every hole in the sequence the same way. --after is the last sequence number that is known already. One line of JSON is printed
for each entry; without --count it never ends. Needs pika (Debian: python3-pika).
"""
import argparse
import json
import os
import sys
import urllib.request

import pika

EXCHANGE = "imprimatur.feed"


class Reader:
    """Takes entries once and in order, and fills holes over HTTP."""

    def __init__(self, http, token, after, count):
        self.http, self.token = http, token
        self.last = after  # keep it with what you make of the entries, in one transaction
        self.left = count or float("inf")
        self.owners = {}

    def apply(self, event, via):
        sequence = int(event["sequence"])
        if sequence <= self.last or self.left == 0:
            return  # at least once: a repeat
        if event["type"] == "imprimatur.token.transferred.v1":
            # An entry that takes back has from and to exchanged, so 'to' holds the token either way.
            self.owners[event["subject"]] = event["data"]["to"]
        self.last = sequence
        self.left -= 1
        told = {name: event.get(name) for name in ("type", "subject", "finality", "reverts")}
        print(json.dumps({"sequence": sequence, "via": via, **told, **event["data"]}), flush=True)

    def read_up_to(self, sequence):
        while self.http and self.last < sequence - 1 and self.left > 0:
            limit = int(min(1000, sequence - 1 - self.last))
            request = urllib.request.Request(
                f"{self.http}/v1/feed?after={self.last}&limit={limit}", headers={"Authorization": f"Bearer {self.token}"}
            )
            with urllib.request.urlopen(request, timeout=30) as response:
                events = json.load(response)["events"]
            for event in events:
                self.apply(event, "http")
            if not events:
                return  # all there is


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--amqp", default=os.environ.get("AMQP_URL", "amqp://localhost"))
    parser.add_argument("--queue", default=os.environ.get("QUEUE", "feed-example"))
    parser.add_argument("--key", default="#", help="or token.transferred.31337.# and so on; holes are only seen with '#'")
    parser.add_argument("--http", default=os.environ.get("IMPRIMATUR_HTTP"))
    parser.add_argument("--token-file", default=os.environ.get("IMPRIMATUR_TOKEN_FILE"))
    parser.add_argument("--after", type=int, default=0)
    parser.add_argument("--count", type=int, default=0)
    arguments = parser.parse_args()
    token = None
    if arguments.token_file:
        with open(arguments.token_file, encoding="ascii") as file:
            token = file.read().strip()

    reader = Reader(arguments.http, token, arguments.after, arguments.count)
    connection = pika.BlockingConnection(pika.URLParameters(arguments.amqp))
    channel = connection.channel()
    channel.exchange_declare(EXCHANGE, exchange_type="topic", durable=True)
    channel.queue_declare(arguments.queue, durable=True, arguments={"x-queue-type": "quorum"})
    channel.queue_bind(arguments.queue, EXCHANGE, arguments.key)
    reader.read_up_to(float("inf"))  # after the binding: what comes from now on is in the queue
    channel.basic_qos(prefetch_count=1)  # one at a time, in order
    if reader.left > 0:
        for delivery, _, body in channel.consume(arguments.queue):
            event = json.loads(body)
            if arguments.key == "#":
                reader.read_up_to(int(event["sequence"]))
            reader.apply(event, "amqp")
            channel.basic_ack(delivery.delivery_tag)
            if reader.left == 0:
                break
        channel.cancel()
    connection.close()
    print(f"{len(reader.owners)} tokens, last sequence {reader.last}", file=sys.stderr)


if __name__ == "__main__":
    main()
