/**
 * A process of its own that migrates, as a deploy does: node migrateProcess.ts URL [transactional|stepwise].
 * With the second argument it applies one migration that takes as long as the table `pace` says. Prints the result.
 */
import { Migration } from '@mikro-orm/migrations';
import { migrate } from '../../src/migrate/migrate.ts';
import { loadMigrations } from '../../src/migrate/migrations.ts';

const [url = '', mode] = process.argv.slice(2);

class Paced extends Migration {
  override name = '0001_paced';
  override up(): void {
    this.addSql('create table if not exists before_the_pause (id integer)');
    this.addSql('select pg_sleep(seconds) from pace');
    this.addSql('create table if not exists after_the_pause (id integer)');
  }
  override isTransactional(): boolean {
    return mode === 'transactional';
  }
}

const result = await migrate({ url, migrations: await loadMigrations(mode ? [Paced] : undefined) });
process.stdout.write(JSON.stringify(result));
