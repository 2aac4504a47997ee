import { Migration } from '@mikro-orm/migrations';

export class Migration0007KeyUse extends Migration {
  override name = '0007_key_use';

  override up(): void {
    this.addSql(`alter table "api_keys" add column "last_used_at" timestamptz(3) null`);
  }
}
