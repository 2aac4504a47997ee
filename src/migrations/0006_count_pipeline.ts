import { Migration } from '@mikro-orm/migrations';

export class Migration0006CountPipeline extends Migration {
  override name = '0006_count_pipeline';

  override up(): void {
    this.addSql(`create index "prospects_pipeline" on "prospects" ("stage", "source_type")`);
  }
}
