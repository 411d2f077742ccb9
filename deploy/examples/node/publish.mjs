// Publishes personalization events to the exchange imprimatur.events, in the three ways that it takes:
//
//   node publish.mjs --amqp amqp://localhost --campaign harvest-2026 events.ndjson
//
// The file has one CloudEvent (JSON) a line, as deploy/embedded/sample/events.ndjson. --mode is structured, binary or plain;
// without it the three take turns. One line of JSON is printed for each event that the broker has confirmed.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import amqp from 'amqplib';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    amqp: { type: 'string', default: process.env.AMQP_URL ?? 'amqp://localhost' },
    campaign: { type: 'string', default: process.env.CAMPAIGN },
    mode: { type: 'string' },
    count: { type: 'string' },
  },
});
const modes = values.mode ? [values.mode] : ['structured', 'binary', 'plain'];
if (!values.campaign || positionals.length !== 1 || modes.some(mode => !['structured', 'binary', 'plain'].includes(mode))) {
  console.error('usage: node publish.mjs --campaign NAME [--amqp URL] [--mode structured|binary|plain] [--count N] EVENTS.ndjson');
  process.exit(2);
}

const messages = {
  // The CloudEvent as it is, with the campaign as an extension of it.
  structured: event => ({
    body: { ...event, campaign: values.campaign },
    options: { contentType: 'application/cloudevents+json' },
  }),
  // The CloudEvent's attributes as headers, its data as the body (CloudEvents AMQP binding).
  binary: ({ data, datacontenttype, ...attributes }) => ({
    body: data,
    options: {
      contentType: datacontenttype ?? 'application/json',
      headers: Object.fromEntries(
        Object.entries({ ...attributes, campaign: values.campaign }).map(([name, value]) => [`cloudEvents:${name}`, String(value)])),
    },
  }),
  // No CloudEvent at all.
  plain: event => ({
    body: {
      campaign: values.campaign,
      source: event.source,
      eventId: event.id,
      recipient: event.data.recipient,
      subject: event.data.subject,
      facts: event.data.facts,
      occurredAt: event.time,
    },
    options: { contentType: 'application/json' },
  }),
};

const events = readFileSync(positionals[0], 'utf8').split('\n').filter(line => line.trim()).map(line => JSON.parse(line))
  .slice(0, values.count ? Number(values.count) : undefined);
const connection = await amqp.connect(values.amqp);
const channel = await connection.createConfirmChannel();
await channel.checkExchange('imprimatur.events'); // the platform declares it: a missing one is a wrong address

// A message that no queue takes comes back; without this it would be gone in silence.
const returned = new Set();
channel.on('return', message => returned.add(message.properties.messageId));

for (const [i, event] of events.entries()) {
  const mode = modes[i % modes.length];
  const { body, options } = messages[mode](event);
  // A topic exchange: the routing key names the campaign where the event itself does not.
  channel.publish('imprimatur.events', values.campaign, Buffer.from(JSON.stringify(body)), {
    ...options, messageId: event.id, persistent: true, mandatory: true,
  });
  await channel.waitForConfirms(); // many may be under way at once; one by one is simplest
  if (returned.has(event.id)) {
    throw new Error(`${event.id} came back: nobody hears imprimatur.events`);
  }

  console.log(JSON.stringify({ published: event.id, mode }));
}

await connection.close();
