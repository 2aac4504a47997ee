/** A process of its own that unpacks the packaged Chromium into its temporary folder and prints the program's path. */
import chromium from '@sparticuz/chromium';

process.stdout.write(await chromium.executablePath());
