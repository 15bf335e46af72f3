// run.mjs FILE.sql THREADS NAME=VALUE…: runs the statement of the file on a DuckDB in memory, {NAME} replaced.
import fs from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';

const [file, threads, ...given] = process.argv.slice(2);
let sql = fs.readFileSync(file, 'utf8');
for (const pair of given) {
  const equals = pair.indexOf('=');
  sql = sql.replaceAll(`{${pair.slice(0, equals)}}`, pair.slice(equals + 1).replaceAll("'", "''"));
}
const database = await DuckDBInstance.create(':memory:', { threads });
const connection = await database.connect();
await connection.run(sql);
connection.closeSync();
database.closeSync();
