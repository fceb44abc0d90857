// What the schema engine needs from pg that Prisma's own adapter does not give it.
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import pg from 'pg';
import PgResult from 'pg/lib/result.js';

const INTERNAL_CHAR = 18;
const BLANK_PADDED_CHAR = 1042;

/** Never as `connectionString`: in pg that wins over `database`, and a shadow run would hit the real database. */
export function connectionTo(urlString) {
  const url = new URL(urlString);
  const ssl = url.searchParams.get('sslmode');
  return {
    host: url.hostname,
    port: Number(url.port || 5432),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database: decodeURIComponent(url.pathname.slice(1)),
    ...(ssl && ssl !== 'disable' ? { ssl: { rejectUnauthorized: ssl.startsWith('verify') } } : {}),
  };
}

export async function withClient(url, database, work) {
  const config = connectionTo(url);
  const client = new pg.Client({ ...config, database: database ?? config.database });
  try {
    await client.connect();
    await work(client);
  } finally {
    await client.end().catch(() => {});
  }
}

// The engine's catalogue queries return PostgreSQL's one-byte "char", which the adapter does not know, and the engine insists on a
// Character column. So the adapter is shown bpchar, and those columns are marked again afterwards. Calls are strictly one after
// the other here, so one set is enough.
const charColumns = new Set();
const addFields = PgResult.prototype.addFields;
PgResult.prototype.addFields = function addFieldsKnowingChar(fields) {
  for (const field of fields) {
    if (field.dataTypeID !== INTERNAL_CHAR) continue;
    charColumns.add(field.name);
    field.dataTypeID = BLANK_PADDED_CHAR;
  }
  return addFields.call(this, fields);
};

function withEngineNeeds(adapter, overrides = {}) {
  const special = {
    async queryRaw(query) {
      charColumns.clear();
      const result = await adapter.queryRaw(query);
      const columnTypes = result.columnTypes.map((type, i) =>
        charColumns.has(result.columnNames[i]) ? ColumnTypeEnum.Character : type,
      );
      return { ...result, columnTypes };
    },
    // The adapter cuts scripts at every semicolon, function bodies included; the native engine sends the file whole.
    async executeScript(sql) {
      try {
        await adapter.underlyingDriver().query(sql);
      } catch (error) {
        adapter.onError(error);
      }
    },
    startTransaction: async (...args) => withEngineNeeds(await adapter.startTransaction(...args)),
    ...overrides,
  };
  return new Proxy(adapter, {
    get(target, name) {
      if (Object.hasOwn(special, name)) return special[name];
      const value = target[name];
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** A database of its own for replaying migrations, dropped afterwards; the adapter's own drops it while still connected to it. */
async function connectToShadow(url, options) {
  const admin = new pg.Client(connectionTo(url));
  await admin.connect();
  const database = `prisma_migrate_shadow_db_${crypto.randomUUID()}`;
  await admin.query(`CREATE DATABASE ${admin.escapeIdentifier(database)} TEMPLATE template0`);
  const adapter = await new PrismaPg({ ...connectionTo(url), database }, options).connect();
  return withEngineNeeds(adapter, {
    async dispose() {
      await adapter.dispose().catch(() => {});
      await admin.query(`DROP DATABASE IF EXISTS ${admin.escapeIdentifier(database)} WITH (FORCE)`);
      await admin.end();
    },
  });
}

export function schemaAdapterFactory(url) {
  const schema = new URL(url).searchParams.get('schema') ?? undefined;
  const main = new PrismaPg(connectionTo(url), { schema });
  return bindMigrationAwareSqlAdapterFactory({
    provider: main.provider,
    adapterName: main.adapterName,
    connect: async () => withEngineNeeds(await main.connect()),
    connectToShadowDb: () => connectToShadow(url, { schema }),
  });
}
