#!/usr/bin/env node
// Takes the gas figures from the receipts of real transactions on anvil, into snapshots/Receipts.json; with --check
// insists that the checked-in ones still hold. Recipients are derived, so the figures come out the same every time.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const path = join(root, 'snapshots/Receipts.json');
const artifact = name => JSON.parse(readFileSync(join(root, `out/${name}.sol/${name}.json`), 'utf8'));
const word = value => BigInt(value).toString(16).padStart(64, '0');
const padded = hex => hex.padEnd(Math.ceil(hex.length / 64) * 64, '0');
const bytes = hex => word(hex.length / 2) + padded(hex);
const sha256 = text => createHash('sha256').update(text).digest('hex');

const { url, node } = await startAnvil();
try {
  const figures = await measure();
  const text = `${JSON.stringify(figures, null, 2)}\n`;
  if (process.argv.includes('--check')) {
    if (readFileSync(path, 'utf8') !== text) {
      console.error(`snapshots/Receipts.json: not what a node's receipts say now:\n${text}Run: ./test.sh --update`);
      process.exitCode = 1;
    }
  } else {
    writeFileSync(path, text);
  }
  if (figures.createCollection > 250_000 || figures['mintBatch of 1000, per token'] > 6_500) {
    console.error('A collection costs more than 250,000 gas, or a token more than 6,500.');
    process.exitCode = 1;
  }
} finally {
  node.kill();
}

async function measure() {
  const [account] = await rpc('eth_accounts');
  const selectors = { ...artifact('CampaignCollectionFactory').methodIdentifiers,
    ...artifact('CampaignCollection').methodIdentifiers };
  const selector = name => Object.entries(selectors).find(([signature]) => signature.startsWith(`${name}(`))[1];

  const send = async (to, data) => {
    const hash = await rpc('eth_sendTransaction', [{ from: account, to, data: `0x${data}`, gas: '0x1000000' }]);
    const receipt = await receiptOf(hash);
    if (receipt.status !== '0x1') {
      throw new Error(`A transaction failed: ${JSON.stringify(receipt)}`);
    }
    return { address: receipt.contractAddress, gas: Number(receipt.gasUsed), logs: receipt.logs.length };
  };

  const deployed = await send(undefined, artifact('CampaignCollectionFactory').bytecode.object.slice(2));
  const factory = deployed.address;

  const campaign = sha256('campaign');
  const name = Buffer.from('Imprimatur Spring Launch').toString('hex');
  const symbol = Buffer.from('IMPSPRNG').toString('hex');
  const receiver = sha256('receiver').slice(0, 40);
  const config = word(5 * 32) + word(5 * 32 + bytes(name).length / 2) + word(0) + word(`0x${receiver}`) + word(750)
    + bytes(name) + bytes(symbol);
  const creation = selector('createCollection') + campaign + word(64) + config;
  const created = await send(factory, creation);
  const again = await send(factory, creation);
  const found = await rpc('eth_call', [
    { to: factory, data: `0x${selector('collectionOf')}${word(account)}${campaign}` }, 'latest']);
  const collection = `0x${found.slice(-40)}`;

  let batch = 0;
  const mint = async count => {
    const recipients = Array.from({ length: count }, (_, i) => sha256(`${batch}/${i}`).slice(0, 40)).sort();
    const data = selector('mintBatch') + sha256(`batch ${batch}`) + word(batch) + sha256(`metadata ${batch}`)
      + sha256(`custody ${batch}`) + word(5 * 32) + bytes(recipients.join(''));
    batch += 1;
    const { gas, logs } = await send(collection, data);
    if (logs !== count + 2) {
      throw new Error(`${count} tokens, but ${logs} logs`);
    }
    return { gas, floor: floor(data) };
  };

  const first = await mint(1000);
  const later = await mint(1000);
  return {
    'deployment of the factory with its implementation': deployed.gas,
    createCollection: created.gas,
    'createCollection, again': again.gas,
    'mintBatch of 1000': first.gas,
    'mintBatch of 1000, per token': first.gas / 1000,
    'mintBatch of 1000, floor of EIP-7623': first.floor,
    'mintBatch of 1000, a later one': later.gas,
    'mintBatch of 100': (await mint(100)).gas,
    'mintBatch of 1': (await mint(1)).gas,
    'mintBatch of 1223': (await mint(1223)).gas,
  };
}

// anvil answers before it mines.
async function receiptOf(hash) {
  for (let attempt = 0; attempt < 1_000; attempt++) {
    const receipt = await rpc('eth_getTransactionReceipt', [hash]);
    if (receipt) {
      return receipt;
    }
    await new Promise(resolve => setTimeout(resolve, 10));
  }
  throw new Error(`Transaction ${hash} was not mined in ten seconds.`);
}

// EIP-7623: a transaction pays at least 21,000 and 10 for each token of its calldata (a zero byte is one, another four).
function floor(data) {
  const zeros = Buffer.from(data, 'hex').filter(byte => byte === 0).length;
  return 21_000 + 10 * (zeros + 4 * (data.length / 2 - zeros));
}

async function rpc(method, params = []) {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }) });
  const { result, error } = await response.json();
  if (error) {
    throw new Error(`${method}: ${error.message}`);
  }
  return result;
}

// Osaka with its transaction gas cap; port 0 lets the system choose one.
async function startAnvil() {
  const binary = join(root, 'node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil');
  const node = spawn(binary, ['--port', '0', '--hardfork', 'osaka', '--enable-tx-gas-limit'],
    { stdio: ['ignore', 'pipe', 'inherit'] });
  process.on('exit', () => node.kill());
  let output = '';
  for await (const chunk of node.stdout.iterator({ destroyOnReturn: false })) {
    output += chunk;
    const listening = /Listening on ([\d.]+:\d+)/.exec(output);
    if (listening) {
      node.stdout.resume();
      return { url: `http://${listening[1]}`, node };
    }
  }
  throw new Error(`anvil did not start:\n${output}`);
}
