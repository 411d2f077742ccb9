#!/usr/bin/python3
"""Publishes personalization events to the exchange imprimatur.events, in the three ways that it takes.

    python3 publish.py --amqp amqp://localhost --campaign harvest-2026 events.ndjson

The file has one CloudEvent (JSON) a line, as deploy/embedded/sample/events.ndjson. Without --mode, structured, binary and
plain take turns. One line of JSON is printed for each event that the broker has confirmed. Needs pika (Debian: python3-pika).
"""
import argparse
import json
import os

import pika

EXCHANGE = "imprimatur.events"


def structured(event, campaign):
    """The CloudEvent as it is, with the campaign as an extension of it."""
    return {**event, "campaign": campaign}, "application/cloudevents+json", None


def binary(event, campaign):
    """The CloudEvent's attributes as headers, its data as the body (CloudEvents AMQP binding)."""
    attributes = {**event, "campaign": campaign}
    headers = {f"cloudEvents:{name}": str(value) for name, value in attributes.items() if name not in ("data", "datacontenttype")}
    return event["data"], event.get("datacontenttype", "application/json"), headers


def plain(event, campaign):
    """No CloudEvent at all."""
    body = {"campaign": campaign, "source": event["source"], "eventId": event["id"], **event["data"]}
    if "time" in event:
        body["occurredAt"] = event["time"]
    return body, "application/json", None


MODES = {each.__name__: each for each in (structured, binary, plain)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--amqp", default=os.environ.get("AMQP_URL", "amqp://localhost"))
    parser.add_argument("--campaign", default=os.environ.get("CAMPAIGN"), required="CAMPAIGN" not in os.environ)
    parser.add_argument("--mode", choices=MODES)
    parser.add_argument("--count", type=int)
    parser.add_argument("events")
    arguments = parser.parse_args()
    modes = [arguments.mode] if arguments.mode else list(MODES)
    with open(arguments.events, encoding="utf-8") as lines:
        events = [json.loads(line) for line in lines if line.strip()][: arguments.count]

    connection = pika.BlockingConnection(pika.URLParameters(arguments.amqp))
    channel = connection.channel()
    channel.exchange_declare(EXCHANGE, passive=True)  # the platform declares it: a missing one is a wrong address
    channel.confirm_delivery()  # basic_publish then raises when nobody takes the message, or the broker refuses it
    for i, event in enumerate(events):
        mode = modes[i % len(modes)]
        body, content_type, headers = MODES[mode](event, arguments.campaign)
        channel.basic_publish(
            EXCHANGE,
            routing_key=arguments.campaign,  # names the campaign where the event itself does not
            body=json.dumps(body, ensure_ascii=False).encode(),
            properties=pika.BasicProperties(
                content_type=content_type, headers=headers, message_id=event["id"], delivery_mode=2
            ),
            mandatory=True,
        )
        print(json.dumps({"published": event["id"], "mode": mode}), flush=True)
    connection.close()


if __name__ == "__main__":
    main()
