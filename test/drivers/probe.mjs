// node-postgres against one server: probe.mjs MODULES HOST PORT AUTHOR.
import { createRequire } from 'node:module';
const [modules, host, port, author] = process.argv.slice(2);
const require = createRequire(modules + '/package.json');
const { Client } = require('pg');
const Cursor = require('pg-cursor');
const say = (name, value) => console.log(`${name}\t${value}`);
const connect = async () => {
  const c = new Client({ host, port: +port, database: 'postgres', user: 'analyst' });
  await c.connect();
  return c;
};

const c = await connect();
say('table', 'FOREIGN TABLE: ' + (await c.query("SELECT obj_description('hub.models'::regclass, 'pg_class') AS d")).rows[0].d);
const column = (await c.query(`SELECT data_type, col_description('hub.models'::regclass, ordinal_position) AS d
  FROM information_schema.columns WHERE (table_schema, table_name, column_name) = ('hub', 'models', 'downloads')`)).rows[0];
say('column', column.data_type + ': ' + column.d);
const row = (await c.query('SELECT downloads, created_at, tags, trending_score, private FROM hub.models LIMIT 1')).rows[0];
say('types', Object.values(row).map((v) => v.constructor.name).join(','));
for (let i = 0; i < 7; i++)
  say('prepared', (await c.query({ name: 'p', text: 'SELECT count(*) AS n FROM hub.models WHERE author = $1', values: [author] })).rows[0].n);
const board = (await c.query('SELECT summary, gini FROM board.concentration')).rows[0];
say('summary', typeof board.summary === 'string' && board.summary.length > 8);
say('gini', board.gini);

const cursor = c.query(new Cursor('SELECT id FROM hub.models'));
let n = 0;
while (n < 120) n += (await cursor.read(40)).length;
await cursor.close();
say('streamed', n);

const killer = await connect();
const pid = (await c.query('SELECT pg_backend_pid() AS pid')).rows[0].pid;
const began = Date.now();
setTimeout(() => killer.query('SELECT pg_cancel_backend($1)', [pid]), 500);
try {
  await c.query('SELECT count(*) FROM slow.models');
  say('cancelled', 'no');
} catch (e) {
  say('cancelled', e.code);
}
say('cancel_late', Date.now() - began < 5000 ? 'no' : 'yes');
await c.end();
await killer.end();
