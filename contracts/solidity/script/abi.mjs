#!/usr/bin/env node
// Writes abi/<Contract>.json from the sources, or with --check insists that the checked-in files are what they give.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const contracts = ['CampaignCollection', 'CampaignCollectionFactory'];
const check = process.argv.includes('--check');

const forge = join(root, 'node_modules/@foundry-rs/forge-linux-amd64/bin/forge');
execFileSync(forge, ['build', 'src', '--quiet'], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });

const stale = contracts.filter(contract => {
  const path = join(root, 'abi', `${contract}.json`);
  const artifact = JSON.parse(readFileSync(join(root, `out/${contract}.sol/${contract}.json`), 'utf8'));
  const text = `${JSON.stringify(
    { contractName: contract, abi: artifact.abi, bytecode: artifact.bytecode.object }, null, 2)}\n`;

  if (existsSync(path) && readFileSync(path, 'utf8') === text) {
    return false;
  }
  if (!check) {
    writeFileSync(path, text);
  }
  return true;
}).map(contract => `abi/${contract}.json`);

if (check && stale.length > 0) {
  console.error(`${stale.join(', ')}: not what the sources give. Run: node script/abi.mjs`);
  process.exit(1);
}
console.log(stale.length === 0 ? 'abi: up to date' : `abi: wrote ${stale.join(', ')}`);
