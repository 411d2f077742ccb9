// Follows the token feed on the exchange imprimatur.feed and keeps who holds what:
//
//   node follow-feed.mjs --amqp amqp://localhost --queue analytics --count 10
//
// With --http http://127.0.0.1:5080 and --token-file it first reads over HTTP what came before the queue was there, and
// fills every hole in the sequence the same way. --after is the last sequence number that is known already. One line of JSON
// is printed for each entry; without --count it never ends.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import amqp from 'amqplib';

const { values } = parseArgs({
  options: {
    amqp: { type: 'string', default: process.env.AMQP_URL ?? 'amqp://localhost' },
    queue: { type: 'string', default: process.env.QUEUE ?? 'feed-example' },
    key: { type: 'string', default: '#' }, // or token.transferred.31337.# and so on; holes are only seen with '#'
    http: { type: 'string', default: process.env.IMPRIMATUR_HTTP },
    'token-file': { type: 'string', default: process.env.IMPRIMATUR_TOKEN_FILE },
    after: { type: 'string', default: '0' },
    count: { type: 'string', default: '0' },
  },
});
const token = values['token-file'] && readFileSync(values['token-file'], 'utf8').trim();
let last = Number(values.after); // keep it with what you make of the entries, in one transaction
let left = Number(values.count) || Infinity;
const owners = new Map();

function apply(event, via) {
  const sequence = Number(event.sequence);
  if (sequence <= last || left === 0) return; // at least once: a repeat

  // An entry that takes back has from and to exchanged, so 'to' holds the token either way.
  if (event.type === 'imprimatur.token.transferred.v1') owners.set(event.subject, event.data.to);
  last = sequence;
  left--;
  console.log(JSON.stringify({
    sequence, via, type: event.type, subject: event.subject, finality: event.finality, reverts: event.reverts, ...event.data,
  }));
}

async function readUpTo(sequence) {
  while (values.http && last < sequence - 1 && left > 0) {
    const response = await fetch(`${values.http}/v1/feed?after=${last}&limit=${Math.min(1000, sequence - 1 - last)}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
    const page = await response.json();
    page.events.forEach(event => apply(event, 'http'));
    if (page.events.length === 0) return; // all there is
  }
}

const connection = await amqp.connect(values.amqp);
const channel = await connection.createChannel();
await channel.assertExchange('imprimatur.feed', 'topic', { durable: true });
await channel.assertQueue(values.queue, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
await channel.bindQueue(values.queue, 'imprimatur.feed', values.key);
await readUpTo(Infinity); // after the binding: what comes from now on is in the queue

if (left > 0) {
  await channel.prefetch(1); // one at a time, in order
  await new Promise((resolve, reject) => {
    connection.on('error', reject);
    channel.on('close', () => reject(new Error('The broker closed the channel.')));
    channel.consume(values.queue, async message => {
      try {
        const event = JSON.parse(message.content);
        if (values.key === '#') await readUpTo(Number(event.sequence));
        apply(event, 'amqp');
        channel.ack(message);
        if (left === 0) resolve();
      } catch (error) {
        reject(error);
      }
    }).catch(reject);
  });
}

await channel.close();
await connection.close();
console.error(`${owners.size} tokens, last sequence ${last}`);
