/** A process of its own that unpacks the packaged Chromium into its temporary folder, as `chromium`. */
import chromium from '@sparticuz/chromium';

await chromium.executablePath();
