#!/usr/bin/env node
// Stands in for Prisma's native schema engine, which its CLI would download from a host of its own: the same JSON-RPC over
// standard input and output, answered by the engine's WebAssembly build from the registry, over pg. An install therefore needs
// the registry and nothing else. Named to the CLI by PRISMA_SCHEMA_ENGINE_BINARY (scripts/prisma.mjs sets it).
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { connectionTo, schemaAdapterFactory, withClient } from './schema-engine-adapter.mjs';

const require = createRequire(import.meta.url);
const args = process.argv.slice(2);
const valuesOf = (name) => args.flatMap((arg, i) => (arg === name ? [args[i + 1]] : []));
const datasourceUrl = JSON.parse(valuesOf('--datasource')[0] ?? '{}').url ?? 'postgresql://unset';

const send = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);
const log = (target, fields) =>
  process.stderr.write(`\n${JSON.stringify({ level: 'ERROR', target, fields })}\n`);

function printVersion() {
  const folder = require.resolve('@prisma/schema-engine-wasm').replace(/[^/]+$/, '');
  const { version } = JSON.parse(readFileSync(`${folder}package.json`, 'utf8'));
  // The CLI compares the engine's commit with its own; the package carries it after the last dot.
  process.stdout.write(`schema-engine-cli ${version.split('.').pop()}\n`);
}

/** The one-shot commands: they answer with an exit code, and with a Prisma error code on standard error. */
async function runCommand(command) {
  const database = connectionTo(datasourceUrl).database;
  const commands = {
    'can-connect-to-database': () => withClient(datasourceUrl, undefined, async () => {}),
    'create-database': () =>
      withClient(datasourceUrl, 'postgres', (c) =>
        c.query(`CREATE DATABASE ${c.escapeIdentifier(database)}`),
      ),
    'drop-database': () =>
      withClient(datasourceUrl, 'postgres', (c) =>
        c.query(`DROP DATABASE IF EXISTS ${c.escapeIdentifier(database)}`),
      ),
  };
  try {
    if (!commands[command])
      throw Object.assign(new Error(`unsupported: ${command}`), { prismaCode: 'P0000' });
    await commands[command]();
  } catch (error) {
    const known = error.code === '3D000' ? 'P1003' : String(error.code).startsWith('28') ? 'P1000' : 'P1001';
    log('schema_engine::logger', { error_code: error.prismaCode ?? known, message: error.message });
    process.exitCode = 1;
  }
}

async function loadEngine() {
  const glue = require.resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const bindings = await import('@prisma/schema-engine-wasm/schema_engine_bg');
  globalThis.PRISMA_WASM_PANIC_REGISTRY = {
    set_message: (message) => log('schema_engine', { message }),
  };
  const { instance } = await WebAssembly.instantiate(readFileSync(glue.replace(/\.js$/, '.wasm')), {
    './schema_engine_bg.js': bindings,
  });
  bindings.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  const models = valuesOf('--datamodels').map((path) => [path, readFileSync(path, 'utf8')]);
  return bindings.SchemaEngine.new(
    { datamodels: models.length > 0 ? models : undefined },
    () => {},
    schemaAdapterFactory(datasourceUrl),
  );
}

let printed = 0;
async function answer(engine, { id, method, params }) {
  try {
    const result = await engine[method === 'getDatabaseVersion' ? 'version' : method](params);
    if (method === 'diff' && typeof result.stdout === 'string') {
      // The native engine prints a diff by calling back, so the CLI waits for that and ignores the field.
      printed += 1;
      send({ jsonrpc: '2.0', id: 1_000_000 + printed, method: 'print', params: { content: result.stdout } });
      result.stdout = null;
    }
    send({ jsonrpc: '2.0', id, result: result ?? {} });
  } catch (error) {
    const data = {
      is_panic: false,
      message: error?.message || String(error),
      error_code: error?.code ?? error?.cause?.code ?? null,
      meta: error?.meta ?? null,
    };
    send({ jsonrpc: '2.0', id, error: { code: 4466, message: 'The schema engine failed.', data } });
  }
}

async function serve() {
  const engine = loadEngine();
  let queue = Promise.resolve();
  const requests = createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY });
  requests.on('line', (line) => {
    const message = line.trim() === '' ? {} : JSON.parse(line);
    if (message.method) queue = queue.then(async () => answer(await engine, message));
  });
  requests.on('close', () => queue.finally(() => process.exit(0)));
  process.on('SIGTERM', () => process.exit(0));
}

const cli = args.indexOf('cli');
if (args.includes('--version')) printVersion();
else if (cli >= 0) await runCommand(args[cli + 1]);
else await serve();
